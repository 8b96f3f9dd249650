#include "store/shared_store.hpp"

#include <catch2/catch_test_macros.hpp>

#include <atomic>
#include <limits>
#include <thread>
#include <vector>

using namespace fasterapi::store;
using namespace std::chrono_literals;

namespace {

value text(std::string of) { return {value::kind::text, std::move(of)}; }

std::string name(int number) { return "key " + std::to_string(number); }

} // namespace

TEST_CASE("shared_store: what was set is there, by its kind, until removed") {
  shared_store store{1 << 20, when_full::evict};
  CHECK_FALSE(store.get("a"));
  CHECK(store.set("a", text("x"), {}) == outcome::done);
  CHECK(store.get("a") == text("x"));
  CHECK(store.set("a", value{7}, {}) == outcome::done);
  CHECK(store.get("a") == value{7});
  CHECK_FALSE(store.get("a") == value{value::kind::bytes, "7"});
  CHECK(store.remove("a"));
  CHECK_FALSE(store.remove("a"));
  CHECK_FALSE(store.get("a"));
}

TEST_CASE("shared_store: add writes only where there is none") {
  shared_store store{1 << 20, when_full::evict};
  CHECK(store.add("a", value{1}, {}) == outcome::done);
  CHECK(store.add("a", value{2}, {}) == outcome::unmet);
  CHECK(store.get("a") == value{1});
}

TEST_CASE("shared_store: compare_and_set writes only over what is expected") {
  shared_store store{1 << 20, when_full::evict};
  CHECK(store.compare_and_set("a", value{1}, value{2}, {}) == outcome::unmet);
  CHECK(store.compare_and_set("a", std::nullopt, value{1}, {}) == outcome::done);
  CHECK(store.compare_and_set("a", std::nullopt, value{3}, {}) == outcome::unmet);
  CHECK(store.compare_and_set("a", text("1"), value{3}, {}) == outcome::unmet);
  CHECK(store.compare_and_set("a", value{1}, value{2}, {}) == outcome::done);
  CHECK(store.get("a") == value{2});
}

TEST_CASE("shared_store: increment counts from the initial value, in 64 bits, and integers only") {
  shared_store store{1 << 20, when_full::evict};
  std::int64_t now = 0;
  CHECK(store.increment("a", 5, 10, {}, now) == outcome::done);
  CHECK(now == 15);
  CHECK(store.increment("a", -20, 10, {}, now) == outcome::done);
  CHECK(now == -5);
  store.set("text", text("1"), {});
  CHECK(store.increment("text", 1, 0, {}, now) == outcome::no_integer);
  store.set("most", value{std::numeric_limits<std::int64_t>::max()}, {});
  CHECK(store.increment("most", 1, 0, {}, now) == outcome::out_of_range);
  CHECK(store.get("most") == value{std::numeric_limits<std::int64_t>::max()});
}

TEST_CASE("shared_store: a key whose life is over is as if it had never been") {
  shared_store store{1 << 20, when_full::evict};
  store.set("a", value{1}, 0ns);
  CHECK_FALSE(store.get("a"));
  CHECK(store.add("a", value{2}, 1h) == outcome::done);
  const auto left = store.life_left("a");
  REQUIRE(left);
  CHECK(*left > 59min);
  CHECK(*left <= 1h);
  CHECK(store.touch("a", {}));
  CHECK(store.life_left("a") == shared_store::clock::duration::max());
  CHECK(store.touch("a", 0ns));
  CHECK_FALSE(store.touch("a", 1h));
  CHECK_FALSE(store.life_left("a"));
  std::int64_t now = 0;
  CHECK(store.increment("a", 1, 0, {}, now) == outcome::done);
  CHECK(now == 1);
  CHECK(store.stats().expired == 2);
}

TEST_CASE("shared_store: a write has a life of its own, an increment keeps that of the key") {
  shared_store store{1 << 20, when_full::evict};
  std::int64_t now = 0;
  store.increment("a", 1, 0, 1h, now);
  store.increment("a", 1, 0, {}, now);
  CHECK(*store.life_left("a") <= 1h);
  store.set("a", value{1}, {});
  CHECK(*store.life_left("a") == shared_store::clock::duration::max());
}

TEST_CASE("shared_store: what is over does not keep its memory") {
  shared_store store{1 << 20, when_full::evict};
  for (int i = 0; i < 1000; ++i) store.set(name(i), text(std::string(100, 'x')), 0ns);
  for (int i = 0; i < 1000; ++i) store.get(name(i + 1000));
  CHECK(store.stats().keys == 0);
  CHECK(store.stats().bytes == 0);
}

TEST_CASE("shared_store: beyond its size, what was used longest ago makes way") {
  shared_store store{64 * 1024, when_full::evict};
  for (int i = 0; i < 1000; ++i) {
    REQUIRE(store.set(name(i), text(std::string(500, 'x')), {}) == outcome::done);
    REQUIRE(store.get(name(0))); // used all the time
    REQUIRE(store.stats().bytes <= 64 * 1024);
  }
  const auto stats = store.stats();
  CHECK(stats.keys > 70);
  CHECK(stats.evicted == 1000 - stats.keys);
  const int kept = static_cast<int>(stats.keys) - 1; // beside key 0
  for (int i = 1; i < 1000; ++i) REQUIRE(store.get(name(i)).has_value() == (i >= 1000 - kept));
}

TEST_CASE("shared_store: one value may take all of it, and none more than that") {
  shared_store store{64 * 1024, when_full::evict};
  for (int i = 0; i < 100; ++i) store.set(name(i), value{i}, {});
  CHECK(store.set("large", text(std::string(63 * 1024, 'x')), {}) == outcome::done);
  CHECK(store.get("large"));
  CHECK(store.set("huge", text(std::string(65 * 1024, 'x')), {}) == outcome::no_room);
  CHECK(store.get("large"));
  CHECK(store.stats().refused == 1);
}

TEST_CASE("shared_store: told to refuse, it keeps what it has") {
  shared_store store{4096, when_full::refuse};
  int stored = 0;
  while (store.set(name(stored), value{stored}, {}) == outcome::done) ++stored;
  CHECK(stored > 10);
  std::int64_t now = 0;
  CHECK(store.increment("new", 1, 0, {}, now) == outcome::no_room);
  CHECK(store.increment(name(0), 1, 0, {}, now) == outcome::done);
  CHECK(store.set(name(1), value{5}, {}) == outcome::done); // no larger than before
  for (int i = 0; i < stored; ++i) CHECK(store.get(name(i)));
  store.remove(name(2));
  CHECK(store.set(name(stored), value{1}, {}) == outcome::done);
  CHECK(store.stats().evicted == 0);
}

TEST_CASE("shared_store: clear takes all") {
  shared_store store{1 << 20, when_full::evict};
  for (int i = 0; i < 100; ++i) store.set(name(i), value{i}, 1h);
  store.clear();
  CHECK(store.stats().keys == 0);
  CHECK(store.stats().bytes == 0);
}

TEST_CASE("shared_store: increments of many threads are all counted") {
  shared_store store{1 << 20, when_full::evict};
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 4; ++thread) {
    threads.emplace_back([&] {
      std::int64_t now = 0;
      for (int i = 0; i < 5000; ++i) store.increment(name(i % 10), 1, 0, {}, now);
    });
  }
  for (auto& each : threads) each.join();
  for (int i = 0; i < 10; ++i) CHECK(store.get(name(i)) == value{2000});
}

TEST_CASE("shared_store: of many that compare and set, one wins each round") {
  shared_store store{1 << 20, when_full::evict};
  store.set("a", value{0}, {});
  std::atomic<int> won{0};
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 4; ++thread) {
    threads.emplace_back([&] {
      for (int i = 0; i < 2000; ++i) {
        const auto seen = store.get("a");
        if (store.compare_and_set("a", seen, value{seen->number() + 1}, {}) == outcome::done) ++won;
      }
    });
  }
  for (auto& each : threads) each.join();
  CHECK(store.get("a") == value{won});
}

TEST_CASE("shared_store: threads that write, read, expire and evict stay within its size") {
  shared_store store{32 * 1024, when_full::evict};
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 4; ++thread) {
    threads.emplace_back([&, thread] {
      std::int64_t now = 0;
      for (int i = 0; i < 3000; ++i) {
        const auto key = name((i * 7 + thread) % 300);
        if (i % 5 == 0) store.set(key, text(std::string(i % 700, 'x')), {});
        if (i % 5 == 1) store.set(key, value{i}, 1us);
        if (i % 5 == 2) store.get(key);
        if (i % 5 == 3) store.remove(key);
        if (i % 5 == 4) store.increment(key, 1, 0, 1ms, now);
        if (i % 1000 == 0) store.clear();
      }
    });
  }
  for (auto& each : threads) each.join();
  CHECK(store.stats().bytes <= 32 * 1024);
  store.clear();
  CHECK(store.stats().bytes == 0);
}
