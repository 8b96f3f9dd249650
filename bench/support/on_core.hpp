#pragma once

#include <sched.h>

namespace fasterapi::bench {

/// Keeps the calling thread, and those it starts meanwhile for good, on one core: the index-th of
/// those it may use, counted round.
class on_core {
public:
  explicit on_core(unsigned index) noexcept {
    ::sched_getaffinity(0, sizeof before_, &before_);
    const auto count = static_cast<unsigned>(CPU_COUNT(&before_));
    unsigned left = index % (count > 0 ? count : 1);
    cpu_set_t chosen;
    CPU_ZERO(&chosen);
    for (unsigned cpu = 0; cpu < CPU_SETSIZE; ++cpu) {
      if (!CPU_ISSET(cpu, &before_) || left-- != 0) continue;
      CPU_SET(cpu, &chosen);
      break;
    }
    ::sched_setaffinity(0, sizeof chosen, &chosen);
  }
  ~on_core() { ::sched_setaffinity(0, sizeof before_, &before_); }
  on_core(const on_core&) = delete;
  on_core& operator=(const on_core&) = delete;

private:
  cpu_set_t before_;
};

} // namespace fasterapi::bench
