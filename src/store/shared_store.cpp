#include "store/shared_store.hpp"

#include "store/shard.hpp"

#include <algorithm>
#include <functional>
#include <utility>

namespace fasterapi::store {

namespace {

template <class Shard, std::size_t... Places>
std::unique_ptr<std::array<Shard, sizeof...(Places)>> make_shards(std::atomic<std::size_t>& bytes,
                                                                  std::index_sequence<Places...>) {
  return std::unique_ptr<std::array<Shard, sizeof...(Places)>>{
      new std::array<Shard, sizeof...(Places)>{((void)Places, Shard{bytes})...}};
}

} // namespace

shared_store::shared_store(std::size_t max_bytes, when_full then)
    : max_bytes_{max_bytes}, then_{then}, shards_{make_shards<shard>(
                                              bytes_, std::make_index_sequence<shard_count>{})} {}

shared_store::~shared_store() = default;

shared_store::shard& shared_store::shard_of(std::string_view key) const noexcept {
  return (*shards_)[std::hash<std::string_view>{}(key) % shard_count];
}

std::optional<value> shared_store::get(std::string_view key) {
  shard& here = shard_of(key);
  const std::lock_guard lock{here.mutex};
  const entry* const found = here.find(key, clock::now());
  ++(found != nullptr ? here.hits : here.misses);
  return found != nullptr ? std::optional{found->held} : std::nullopt;
}

outcome shared_store::set(std::string_view key, value to, life ttl) {
  return write(key, std::move(to), ttl, [](const entry*) { return true; });
}

outcome shared_store::add(std::string_view key, value to, life ttl) {
  return write(key, std::move(to), ttl, [](const entry* found) { return found == nullptr; });
}

outcome shared_store::compare_and_set(std::string_view key, const std::optional<value>& expected,
                                      value to, life ttl) {
  return write(key, std::move(to), ttl, [&](const entry* found) {
    return expected ? found != nullptr && found->held == *expected : found == nullptr;
  });
}

template <class Condition>
outcome shared_store::write(std::string_view key, value to, life ttl, Condition is_met) {
  shard& here = shard_of(key);
  {
    const auto now = clock::now();
    const std::lock_guard lock{here.mutex};
    entry* const found = here.find(key, now);
    if (!is_met(found)) return outcome::unmet;
    if (!may_hold(key, to, found)) return outcome::no_room;
    if (found == nullptr) {
      here.put(key, std::move(to), ttl, now);
    } else {
      here.put(*found, std::move(to));
      here.set_life(*found, ttl, now);
    }
  }
  make_room();
  return outcome::done;
}

outcome shared_store::increment(std::string_view key, std::int64_t by, std::int64_t initial,
                                life ttl, std::int64_t& now_has) {
  shard& here = shard_of(key);
  {
    const auto now = clock::now();
    const std::lock_guard lock{here.mutex};
    entry* const found = here.find(key, now);
    if (found != nullptr && found->held.what() != value::kind::integer) return outcome::no_integer;
    const std::int64_t before = found != nullptr ? found->held.number() : initial;
    if (__builtin_add_overflow(before, by, &now_has)) return outcome::out_of_range;
    if (!may_hold(key, value{now_has}, found)) return outcome::no_room;
    if (found != nullptr)
      here.put(*found, value{now_has});
    else
      here.put(key, value{now_has}, ttl, now);
  }
  make_room();
  return outcome::done;
}

bool shared_store::remove(std::string_view key) {
  shard& here = shard_of(key);
  const std::lock_guard lock{here.mutex};
  entry* const found = here.find(key, clock::now());
  if (found != nullptr) here.erase(*found);
  return found != nullptr;
}

bool shared_store::touch(std::string_view key, life ttl) {
  shard& here = shard_of(key);
  const auto now = clock::now();
  const std::lock_guard lock{here.mutex};
  entry* const found = here.find(key, now);
  if (found != nullptr) here.set_life(*found, ttl, now);
  return found != nullptr;
}

std::optional<shared_store::clock::duration> shared_store::life_left(std::string_view key) {
  shard& here = shard_of(key);
  const auto now = clock::now();
  const std::lock_guard lock{here.mutex};
  const entry* const found = here.find(key, now);
  return found != nullptr ? here.life_left(*found, now) : std::nullopt;
}

void shared_store::clear() {
  for (shard& each : *shards_) {
    const std::lock_guard lock{each.mutex};
    each.clear();
  }
}

shared_store::statistics shared_store::stats() const {
  statistics sum;
  sum.bytes = bytes_.load(std::memory_order_relaxed);
  sum.max_bytes = max_bytes_;
  sum.evicted = evicted_.load(std::memory_order_relaxed);
  sum.refused = refused_.load(std::memory_order_relaxed);
  for (const shard& each : *shards_) {
    const std::lock_guard lock{each.mutex};
    sum.keys += each.size();
    sum.hits += each.hits;
    sum.misses += each.misses;
    sum.expired += each.expired;
  }
  return sum;
}

bool shared_store::may_hold(std::string_view key, const value& held, const entry* instead) {
  const std::size_t size = shard::size_of(key, held);
  std::size_t limit = size;
  if (then_ == when_full::refuse) {
    limit += bytes_.load(std::memory_order_relaxed);
    if (instead != nullptr) limit -= shard::size_of(key, instead->held);
  }
  if (limit <= max_bytes_) return true;
  refused_.fetch_add(1, std::memory_order_relaxed);
  return false;
}

/// What was used longest ago goes first, over all shards: each shows when that was.
void shared_store::make_room() {
  while (then_ == when_full::evict && bytes_.load(std::memory_order_relaxed) > max_bytes_) {
    const auto oldest = std::min_element(shards_->begin(), shards_->end(),
                                         [](const shard& one, const shard& other) {
                                           return one.oldest.load(std::memory_order_relaxed) <
                                                  other.oldest.load(std::memory_order_relaxed);
                                         });
    const std::lock_guard lock{oldest->mutex};
    if (oldest->empty()) continue; // another thread was here
    oldest->erase_oldest();
    evicted_.fetch_add(1, std::memory_order_relaxed);
  }
}

} // namespace fasterapi::store
