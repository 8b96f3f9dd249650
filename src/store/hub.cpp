#include "store/hub.hpp"

#include <utility>

namespace fasterapi::store {

std::shared_ptr<subscription> hub::subscribe(std::string name, std::size_t most,
                                             std::shared_ptr<mailbox> box, std::uint64_t number) {
  auto made = std::make_shared<subscription>(name, most, std::move(box), number);
  const std::lock_guard lock{mutex_};
  if (is_closed_) {
    made->end();
    return made;
  }
  auto& listed = channels_[std::move(name)];
  if (!listed) listed = std::make_shared<channel>();
  const std::lock_guard channel_lock{listed->mutex};
  listed->subscribers.push_back(made);
  return made;
}

void hub::unsubscribe(const std::shared_ptr<subscription>& gone) {
  const std::lock_guard lock{mutex_};
  const auto found = channels_.find(gone->channel());
  if (found == channels_.end()) return;
  const std::shared_ptr<channel> from = found->second; // locked beyond its place in the map
  const std::lock_guard channel_lock{from->mutex};
  if (std::erase(from->subscribers, gone) != 0) dropped_ += gone->dropped();
  if (from->subscribers.empty()) channels_.erase(found);
}

std::shared_ptr<hub::channel> hub::find(std::string_view name) const {
  const std::lock_guard lock{mutex_};
  const auto found = channels_.find(std::string{name});
  return found == channels_.end() ? nullptr : found->second;
}

std::size_t hub::publish(std::string_view name, const value& message) {
  published_.fetch_add(1, std::memory_order_relaxed);
  const auto to = find(name);
  if (!to) return 0;
  const std::lock_guard lock{to->mutex};
  for (const auto& each : to->subscribers) each->push(message);
  delivered_.fetch_add(to->subscribers.size(), std::memory_order_relaxed);
  return to->subscribers.size();
}

void hub::close() {
  const std::lock_guard lock{mutex_};
  is_closed_ = true;
  for (const auto& [name, each] : channels_) {
    const std::lock_guard channel_lock{each->mutex};
    for (const auto& subscriber : each->subscribers) {
      subscriber->end();
      dropped_ += subscriber->dropped();
    }
    each->subscribers.clear();
  }
  channels_.clear();
}

hub::statistics hub::stats() const {
  statistics sum;
  sum.published = published_.load(std::memory_order_relaxed);
  sum.delivered = delivered_.load(std::memory_order_relaxed);
  const std::lock_guard lock{mutex_};
  sum.channels = channels_.size();
  sum.dropped = dropped_;
  for (const auto& [name, each] : channels_) {
    const std::lock_guard channel_lock{each->mutex};
    sum.subscribers += each->subscribers.size();
    for (const auto& subscriber : each->subscribers) sum.dropped += subscriber->dropped();
  }
  return sum;
}

} // namespace fasterapi::store
