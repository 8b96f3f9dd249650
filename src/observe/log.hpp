#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace fasterapi::observe {

enum class level : std::uint8_t { trace, debug, info, warning, error, off };

struct log_settings {
  level threshold = level::info;
  bool is_json = false; // lines of JSON instead of text
  std::string file{};   // appended to; empty: standard error
  /// Bounded (and allocated at once, 0.4 KiB each); when full the oldest lines are dropped and
  /// counted.
  std::size_t queue_lines = 4096;
};

/// Starts the asynchronous log (spdlog, one background thread that handles no signals). Before it,
/// and after stop_log(), lines are written by the caller's thread. Throws std::system_error when
/// the file cannot be opened; the log is then as it was. Main thread.
void start_log(const log_settings& settings);
/// Writes what is queued, for at most a second when nobody reads it, and ends the background
/// thread. Other threads may go on logging. Again: nothing.
void stop_log() noexcept;
void set_threshold(level threshold) noexcept;
bool is_enabled(level at) noexcept;

/// One record: `room` is the source ("server", "net", "worker 3", "app"). A message of several
/// lines stays one record; control characters are escaped. Any thread; does not wait for the disk
/// or the terminal while the asynchronous log runs.
void log(level at, std::string_view room, std::string_view message);

/// Waits until everything logged so far is written (start-up errors, before exit), for at most two
/// seconds.
void flush_log() noexcept;

/// Lines lost because the queue was full, since the process started. Any thread.
std::uint64_t dropped_lines() noexcept;

} // namespace fasterapi::observe
