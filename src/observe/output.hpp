#pragma once

#include <atomic>
#include <chrono>
#include <string>
#include <string_view>

namespace fasterapi::observe {

/// Where lines are written: standard error, or a file that is appended to (so that it may be
/// rotated by copy and truncate). Waits while a pipe or terminal takes nothing, unless told that
/// time is short; what cannot be written is lost without a word, there is nowhere to say it.
class output {
public:
  output() noexcept;                        // standard error
  explicit output(const std::string& path); // throws std::system_error
  ~output();
  output(const output&) = delete;
  output& operator=(const output&) = delete;

  bool is_terminal() const noexcept { return is_terminal_; }
  /// Whole lines. One thread at a time.
  void write(std::string_view lines) noexcept;
  /// From now on it waits for a second, in all, and then drops what is not taken at once. Any
  /// thread.
  void hurry() noexcept;

private:
  using clock = std::chrono::steady_clock;

  void look_at_kind() noexcept;
  bool wait_writable() noexcept;
  int patience_left() const noexcept; // in milliseconds

  int fd_;
  bool is_owner_;
  bool is_regular_ = false;
  bool is_terminal_ = false;
  std::atomic<clock::rep> deadline_{clock::duration::max().count()};
};

} // namespace fasterapi::observe
