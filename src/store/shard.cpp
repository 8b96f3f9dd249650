#include "store/shard.hpp"

#include <utility>

namespace fasterapi::store {

namespace {

constexpr std::size_t entry_overhead = 192;
constexpr int expired_at_once = 32; // the rest with the next call

} // namespace

std::size_t shared_store::shard::size_of(std::string_view key, const value& held) noexcept {
  return entry_overhead + key.size() + held.bytes();
}

shared_store::entry* shared_store::shard::find(std::string_view key, time_point now) {
  drop_expired(now);
  const auto found = by_key_.find(key);
  if (found == by_key_.end()) return nullptr;
  entry& here = *found->second;
  if (here.end != ends_.end() && here.end->first <= now) {
    ++expired;
    erase(here);
    return nullptr;
  }
  here.used = now;
  by_use_.splice(by_use_.end(), by_use_, found->second);
  note_oldest();
  return &here;
}

void shared_store::shard::put(std::string_view key, value to, life ttl, time_point now) {
  by_use_.push_back({std::string{key}, std::move(to), now, ends_.end()});
  entry& made = by_use_.back();
  by_key_.emplace(made.key, std::prev(by_use_.end()));
  bytes_.fetch_add(size_of(made.key, made.held), std::memory_order_relaxed);
  set_life(made, ttl, now);
  note_oldest();
}

void shared_store::shard::put(entry& into, value to) {
  bytes_.fetch_add(to.bytes() - into.held.bytes(), std::memory_order_relaxed); // modulo 2^64
  into.held = std::move(to);
}

void shared_store::shard::set_life(entry& of, life ttl, time_point now) {
  if (of.end != ends_.end()) ends_.erase(of.end);
  of.end = ends_.end();
  if (ttl) of.end = ends_.emplace(now + *ttl, &of);
}

void shared_store::shard::erase(entry& gone) {
  if (gone.end != ends_.end()) ends_.erase(gone.end);
  bytes_.fetch_sub(size_of(gone.key, gone.held), std::memory_order_relaxed);
  const auto found = by_key_.find(gone.key);
  const auto place = found->second;
  by_key_.erase(found);
  by_use_.erase(place);
  note_oldest();
}

void shared_store::shard::erase_oldest() { erase(by_use_.front()); }

void shared_store::shard::clear() {
  while (!by_use_.empty()) erase_oldest();
}

std::optional<shared_store::clock::duration> shared_store::shard::life_left(const entry& of,
                                                                            time_point now) const {
  return of.end == ends_.end() ? clock::duration::max() : of.end->first - now;
}

void shared_store::shard::drop_expired(time_point now) {
  for (int left = expired_at_once; left > 0 && !ends_.empty() && ends_.begin()->first <= now;
       --left) {
    ++expired;
    erase(*ends_.begin()->second);
  }
}

void shared_store::shard::note_oldest() noexcept {
  const auto used =
      by_use_.empty() ? clock::duration::max() : by_use_.front().used.time_since_epoch();
  oldest.store(used.count(), std::memory_order_relaxed);
}

} // namespace fasterapi::store
