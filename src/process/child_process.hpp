#pragma once

#include "process/message.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <sys/types.h>
#include <vector>

namespace fasterapi::process {

struct child_settings {
  std::vector<std::string> arguments; // of this binary, with its name
  std::vector<int> listening_fds;     // stay the caller's
  std::string failure;                // what to show instead of an app; empty: the app
};

/// This binary once more, with listening sockets and a channel to us: what take_inheritance() finds
/// there. It gets SIGTERM when this process ends, however it does. Main thread.
class child_process {
public:
  using clock = std::chrono::steady_clock;

  explicit child_process(const child_settings& settings); // throws std::system_error

  pid_t pid() const noexcept { return pid_; }
  process::channel& channel() noexcept { return channel_; }

  /// Asks it to end, and kills it `grace` later: see on_time(). Again: the sooner counts.
  void end(std::chrono::milliseconds grace, bool is_told = true) noexcept;
  bool is_ending() const noexcept { return kill_at_.has_value(); }
  std::optional<clock::time_point> kill_at() const noexcept { return kill_at_; }
  void on_time(clock::time_point now) noexcept;

  /// Whether it has ended; status() then says how.
  bool reap() noexcept;
  bool has_ended() const noexcept { return has_ended_; }
  int status() const noexcept { return status_; } // as waitpid tells it

private:
  pid_t pid_ = -1;
  process::channel channel_;
  std::optional<clock::time_point> kill_at_;
  bool has_ended_ = false;
  int status_ = 0;
};

/// "ended with status 3", "was ended by signal 11 (Segmentation fault)"
std::string describe_status(int wait_status);

} // namespace fasterapi::process
