#include "store/subscription.hpp"

#include <utility>

namespace fasterapi::store {

subscription::subscription(std::string channel, std::size_t most, std::shared_ptr<mailbox> box,
                           std::uint64_t number)
    : channel_{std::move(channel)}, most_{most}, box_{std::move(box)}, number_{number} {}

void subscription::push(const value& message) {
  const std::lock_guard lock{mutex_};
  if (has_ended_) return;
  waiting_.push_back(message);
  bytes_ += message.bytes();
  while (waiting_.size() > most_ || (bytes_ > max_bytes && waiting_.size() > 1)) {
    bytes_ -= waiting_.front().bytes();
    waiting_.pop_front();
    ++dropped_;
  }
  ring();
}

void subscription::end() {
  const std::lock_guard lock{mutex_};
  has_ended_ = true;
  ring();
}

void subscription::ring() {
  if (!std::exchange(is_rung_, true)) box_->add(number_);
}

std::optional<value> subscription::take() {
  const std::lock_guard lock{mutex_};
  if (waiting_.empty()) {
    is_rung_ = has_ended_; // nobody rings for one that is over
    return std::nullopt;
  }
  value oldest = std::move(waiting_.front());
  waiting_.pop_front();
  bytes_ -= oldest.bytes();
  return oldest;
}

bool subscription::is_over() const {
  const std::lock_guard lock{mutex_};
  return has_ended_ && waiting_.empty();
}

std::uint64_t subscription::dropped() const {
  const std::lock_guard lock{mutex_};
  return dropped_;
}

} // namespace fasterapi::store
