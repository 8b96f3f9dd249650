#pragma once

#include "store/value.hpp"

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace fasterapi::store {

enum class when_full : std::uint8_t { evict, refuse };

enum class outcome : std::uint8_t {
  done,
  unmet,        // the condition does not hold: nothing was written
  no_room,      // larger than the whole store, or it is full and refuses
  no_integer,   // of increment()
  out_of_range, // likewise: beyond 64 bits
};

/// Keys and values of the process, for all threads. Bounded: beyond max_bytes the keys that were
/// used longest ago make way, or a new one is refused. Keys may have an end of life, after which
/// they are as if they had never been.
///
/// Keys are spread over shards with a lock each, held for a look-up and no longer: values are
/// shared, not copied. Each call is atomic. Any thread.
class shared_store {
public:
  using clock = std::chrono::steady_clock;
  using life = std::optional<clock::duration>; // none: until removed

  struct statistics {
    std::size_t keys = 0;
    std::size_t bytes = 0; // keys, values and what it takes to keep them
    std::size_t max_bytes = 0;
    std::uint64_t hits = 0;
    std::uint64_t misses = 0;
    std::uint64_t evicted = 0;
    std::uint64_t expired = 0;
    std::uint64_t refused = 0;
  };

  shared_store(std::size_t max_bytes, when_full then);
  ~shared_store();
  shared_store(const shared_store&) = delete;
  shared_store& operator=(const shared_store&) = delete;

  std::optional<value> get(std::string_view key);
  outcome set(std::string_view key, value to, life ttl);
  outcome add(std::string_view key, value to, life ttl); // where there is none
  /// Where it has that value; nullopt: where there is none.
  outcome compare_and_set(std::string_view key, const std::optional<value>& expected, value to,
                          life ttl);
  /// Adds, or makes the key with `initial + by` and that life; an existing one keeps its own.
  outcome increment(std::string_view key, std::int64_t by, std::int64_t initial, life ttl,
                    std::int64_t& now);
  bool remove(std::string_view key);
  bool touch(std::string_view key, life ttl); // another life
  /// What is left of its life; max(): no end; nullopt: no such key.
  std::optional<clock::duration> life_left(std::string_view key);
  void clear();
  statistics stats() const;

private:
  class shard;
  struct entry;
  static constexpr std::size_t shard_count = 16;

  shard& shard_of(std::string_view key) const noexcept;
  template <class Condition>
  outcome write(std::string_view key, value to, life ttl, Condition is_met);
  bool may_hold(std::string_view key, const value& held, const entry* instead);
  void make_room();

  const std::size_t max_bytes_;
  const when_full then_;
  std::atomic<std::size_t> bytes_{0};
  std::atomic<std::uint64_t> evicted_{0};
  std::atomic<std::uint64_t> refused_{0};
  std::unique_ptr<std::array<shard, shard_count>> shards_;
};

} // namespace fasterapi::store
