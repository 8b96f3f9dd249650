#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace fasterapi::bench {

/// Counts what the calling thread executes in user mode: with the processor's counter where the
/// kernel hands it out (perf_event_open), or under `valgrind --tool=callgrind --instr-atstart=no`,
/// whose dump is labelled so that bench/suite finds it.
class instruction_count {
public:
  instruction_count();
  ~instruction_count();
  instruction_count(const instruction_count&) = delete;
  instruction_count& operator=(const instruction_count&) = delete;

  void start() noexcept;
  /// Instructions of each of `calls` since start(); none without a counter, and under callgrind.
  std::optional<double> stop(const std::string& name, std::size_t calls);

private:
  std::uint64_t read() const noexcept;

  int counter_ = -1; // descriptor; -1: the kernel refuses
  std::uint64_t before_ = 0;
};

/// Then nothing is worth timing, and rows only count.
bool is_under_callgrind() noexcept;

} // namespace fasterapi::bench
