#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace fasterapi::observe {

/// Where the time of a request goes; docs/metrics.md says where each begins and ends.
enum class stage : std::uint8_t { parse, queue, interpreter, handler, serialise, write };
inline constexpr std::size_t stage_count = 6;
inline constexpr std::array<std::string_view, stage_count> stage_names{
    "parse", "queue", "interpreter", "handler", "serialise", "write"};

/// A stop watch that travels with a request from thread to thread. Off for most of them: whoever
/// passes a stage looks at is_on first.
struct stage_times {
  using clock = std::chrono::steady_clock;

  bool is_on = false;
  clock::time_point mark{}; // where the stage under way began
  std::array<std::chrono::nanoseconds, stage_count> spent{};

  void start(clock::time_point now) noexcept {
    is_on = true;
    mark = now;
    spent = {};
  }
  void lap(stage ended) noexcept {
    if (is_on) [[unlikely]]
      add(ended, clock::now());
  }
  /// What was since belongs to no stage.
  void skip() noexcept {
    if (is_on) [[unlikely]]
      mark = clock::now();
  }
  void add(stage ended, clock::time_point now) noexcept {
    spent[static_cast<std::size_t>(ended)] += now - mark;
    mark = now;
  }
};

} // namespace fasterapi::observe
