#include "support/instructions.hpp"

#include "support/report.hpp"

#include <linux/perf_event.h>
#include <sys/syscall.h>
#include <unistd.h>

#if __has_include(<valgrind/callgrind.h>)
#include <valgrind/callgrind.h>
#else
#define RUNNING_ON_VALGRIND 0
#define CALLGRIND_START_INSTRUMENTATION
#define CALLGRIND_STOP_INSTRUMENTATION
#define CALLGRIND_ZERO_STATS
#define CALLGRIND_DUMP_STATS_AT(label) static_cast<void>(label)
#endif

namespace fasterapi::bench {

namespace {

int open_counter() noexcept {
  perf_event_attr wanted{};
  wanted.size = sizeof wanted;
  wanted.type = PERF_TYPE_HARDWARE;
  wanted.config = PERF_COUNT_HW_INSTRUCTIONS;
  wanted.exclude_kernel = 1;
  wanted.exclude_hv = 1;
  return static_cast<int>(::syscall(SYS_perf_event_open, &wanted, 0, -1, -1, PERF_FLAG_FD_CLOEXEC));
}

} // namespace

bool is_under_callgrind() noexcept { return RUNNING_ON_VALGRIND != 0; }

instruction_count::instruction_count() : counter_(is_under_callgrind() ? -1 : open_counter()) {}

instruction_count::~instruction_count() {
  if (counter_ >= 0) ::close(counter_);
}

void instruction_count::start() noexcept {
  if (is_under_callgrind()) {
    CALLGRIND_START_INSTRUMENTATION;
    CALLGRIND_ZERO_STATS;
  }
  before_ = read();
}

std::optional<double> instruction_count::stop(const std::string& name, std::size_t calls) {
  const std::uint64_t after = read();
  if (is_under_callgrind()) {
    CALLGRIND_STOP_INSTRUMENTATION;
    const std::string label =
        "bench|" + results().program() + "|" + name + "|" + std::to_string(calls);
    CALLGRIND_DUMP_STATS_AT(label.c_str());
  }
  if (counter_ < 0) return std::nullopt;
  return static_cast<double>(after - before_) / static_cast<double>(calls);
}

std::uint64_t instruction_count::read() const noexcept {
  std::uint64_t value = 0;
  if (counter_ >= 0 && ::read(counter_, &value, sizeof value) != sizeof value) return 0;
  return value;
}

} // namespace fasterapi::bench
