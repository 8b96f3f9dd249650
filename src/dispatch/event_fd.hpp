#pragma once

#include <cstdint>

namespace fasterapi::dispatch {

/// A non-blocking eventfd (close-on-exec), owned. notify() from any thread.
class event_fd {
public:
  event_fd(); // throws std::system_error
  ~event_fd();
  event_fd(const event_fd&) = delete;
  event_fd& operator=(const event_fd&) = delete;

  int get() const noexcept { return fd_; }
  void notify() noexcept;
  std::uint64_t drain() noexcept; // resets the counter; returns the number of notifications

private:
  int fd_;
};

} // namespace fasterapi::dispatch
