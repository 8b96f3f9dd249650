#pragma once

#include "store/subscription.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace fasterapi::store {

/// Channels of the process: what is published in one reaches whoever has subscribed to it, on any
/// thread. All subscribers of a channel see its messages in one order. Nobody waits for a
/// subscriber: see subscription. Any thread.
class hub {
public:
  struct statistics {
    std::size_t channels = 0; // that somebody listens to
    std::size_t subscribers = 0;
    std::uint64_t published = 0;
    std::uint64_t delivered = 0; // once for each subscriber
    std::uint64_t dropped = 0;   // by subscriptions that were full
  };

  /// It takes part from here until unsubscribe(). `number` is its own among those of the mailbox.
  std::shared_ptr<subscription> subscribe(std::string channel, std::size_t most,
                                          std::shared_ptr<mailbox> box, std::uint64_t number);
  void unsubscribe(const std::shared_ptr<subscription>& gone);
  /// How many subscribers got it.
  std::size_t publish(std::string_view channel, const value& message);
  /// Ends all subscriptions, also those to come: the server is about to stop.
  void close();
  statistics stats() const;

private:
  struct channel {
    std::mutex mutex; // of what follows; held while a message goes round
    std::vector<std::shared_ptr<subscription>> subscribers;
  };
  std::shared_ptr<channel> find(std::string_view name) const;

  mutable std::mutex mutex_; // of what follows; before that of a channel
  std::unordered_map<std::string, std::shared_ptr<channel>> channels_;
  bool is_closed_ = false;
  std::uint64_t dropped_ = 0; // by subscriptions that are gone
  std::atomic<std::uint64_t> published_{0};
  std::atomic<std::uint64_t> delivered_{0};
};

} // namespace fasterapi::store
