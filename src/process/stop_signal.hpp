#pragma once

namespace fasterapi::process {

/// SIGTERM, SIGINT, and SIGHUP unless the process was started with that ignored (nohup). The first
/// is only noted; a second one ends the process at once, but for SIGHUP, which a terminal that
/// closes may send twice. Handlers rather than a blocked mask, which child processes of the app
/// would inherit. One object at a time.
class stop_signal {
public:
  stop_signal(); // installs the handlers, ignores SIGPIPE; throws std::system_error
  ~stop_signal();
  stop_signal(const stop_signal&) = delete;
  stop_signal& operator=(const stop_signal&) = delete;

  /// The signal's number, 0 while none came.
  int received() const noexcept;
  /// Waits for the first signal, or for nudge(). Returns received().
  int wait() noexcept;
  void nudge() noexcept; // any thread

private:
  bool has_hangup_ = false;
};

} // namespace fasterapi::process
