#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

namespace fasterapi::store {

class subscription;

/// Where the event loop of one thread hears that some of its subscriptions have something: one
/// descriptor for all of them, readable from then until take_ready(). Shared by the loop's side and
/// the subscriptions, so who publishes late finds it still there.
class mailbox {
public:
  mailbox(); // throws std::system_error
  ~mailbox();
  mailbox(const mailbox&) = delete;
  mailbox& operator=(const mailbox&) = delete;

  int fd() const noexcept { return fd_; }
  /// The numbers of those that have something new, each once; resets fd().
  std::vector<std::uint64_t> take_ready();

private:
  friend class subscription;
  void add(std::uint64_t ready);

  const int fd_; // an eventfd
  std::mutex mutex_;
  std::vector<std::uint64_t> ready_;
};

} // namespace fasterapi::store
