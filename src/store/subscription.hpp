#pragma once

#include "store/mailbox.hpp"
#include "store/value.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace fasterapi::store {

/// What one subscriber has not taken yet: at most `most` messages, and max_bytes of them. When
/// another comes the oldest makes way, and is counted. Publishers push, the subscriber's thread
/// takes.
class subscription {
public:
  static constexpr std::size_t max_bytes = std::size_t{16} * 1024 * 1024;

  subscription(std::string channel, std::size_t most, std::shared_ptr<mailbox> box,
               std::uint64_t number);

  const std::string& channel() const noexcept { return channel_; }
  /// The oldest message that is left. None: nothing now; where is_over(), for ever.
  std::optional<value> take();
  bool is_over() const; // ended, and everything taken
  std::uint64_t dropped() const;

private:
  friend class hub;
  void push(const value& message); // any thread
  void end();                      // any thread: nothing comes any more
  void ring();

  const std::string channel_;
  const std::size_t most_;
  const std::shared_ptr<mailbox> box_;
  const std::uint64_t number_; // for the mailbox
  mutable std::mutex mutex_;
  std::deque<value> waiting_;
  std::size_t bytes_ = 0;
  std::uint64_t dropped_ = 0;
  bool is_rung_ = false; // since the last take() that found nothing
  bool has_ended_ = false;
};

} // namespace fasterapi::store
