#pragma once

#include "store/shared_store.hpp"

#include <list>
#include <map>
#include <mutex>
#include <unordered_map>

namespace fasterapi::store {

struct shared_store::entry {
  std::string key;
  value held;
  clock::time_point used;
  std::multimap<clock::time_point, entry*>::iterator end; // in ends_, or its end()
};

/// A part of the keys, under one lock. Whoever writes tells the store what it took or gave in
/// bytes.
class shared_store::shard {
public:
  using time_point = clock::time_point;

  explicit shard(std::atomic<std::size_t>& bytes) noexcept : bytes_{bytes} {}

  mutable std::mutex mutex; // of everything but oldest

  entry* find(std::string_view key, time_point now); // null: none; it is the one used last then
  void put(std::string_view key, value to, life ttl, time_point now);
  void put(entry& into, value to);
  void set_life(entry& of, life ttl, time_point now);
  void erase(entry& gone);
  void erase_oldest();
  void clear();

  std::optional<clock::duration> life_left(const entry& of, time_point now) const;
  bool empty() const noexcept { return by_use_.empty(); }
  std::size_t size() const noexcept { return by_use_.size(); }

  /// When its oldest entry was used; max(): it has none. Any thread.
  std::atomic<clock::rep> oldest{clock::duration::max().count()};
  std::uint64_t hits = 0;
  std::uint64_t misses = 0;
  std::uint64_t expired = 0;

  /// What an entry takes, about: itself, and its places in the lists and maps.
  static std::size_t size_of(std::string_view key, const value& held) noexcept;

private:
  void drop_expired(time_point now);
  void note_oldest() noexcept;

  std::list<entry> by_use_; // used longest ago first
  std::unordered_map<std::string_view, std::list<entry>::iterator> by_key_;
  std::multimap<time_point, entry*> ends_;
  std::atomic<std::size_t>& bytes_;
};

} // namespace fasterapi::store
