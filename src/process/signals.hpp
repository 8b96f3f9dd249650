#pragma once

#include <optional>

namespace fasterapi::process {

/// Whether the process was started with it ignored, as nohup does with SIGHUP.
bool is_ignored(int number) noexcept;

/// Signals as something to wait for (signalfd): SIGTERM, SIGINT, SIGCHLD, and SIGHUP unless it is
/// ignored, are blocked meanwhile.
/// Main thread, before others are started; one object at a time.
class signals {
public:
  struct received {
    int number = 0;
    bool is_of_terminal = false; // every process of the terminal's group has got it
  };

  signals(); // throws std::system_error
  ~signals();
  signals(const signals&) = delete;
  signals& operator=(const signals&) = delete;

  int fd() const noexcept { return fd_; }
  std::optional<received> take() noexcept; // does not block

private:
  int fd_ = -1;
};

} // namespace fasterapi::process
