#include "dispatch/mpmc_ring.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include <algorithm>
#include <atomic>
#include <thread>
#include <vector>

using fasterapi::dispatch::mpmc_ring;

TEST_CASE("mpmc_ring: elements leave in the order in which they came") {
  mpmc_ring<int> ring{4};
  for (int i = 0; i < 4; ++i) REQUIRE(ring.try_push(i));
  int value = -1;
  for (int i = 0; i < 4; ++i) {
    REQUIRE(ring.try_pop(value));
    CHECK(value == i);
  }
  CHECK_FALSE(ring.try_pop(value));
}

TEST_CASE("mpmc_ring: a full one refuses and keeps what it has") {
  mpmc_ring<int> ring{2};
  REQUIRE(ring.try_push(1));
  REQUIRE(ring.try_push(2));
  CHECK_FALSE(ring.try_push(3));
  CHECK(ring.size_estimate() == 2);
  int value = 0;
  REQUIRE(ring.try_pop(value));
  CHECK(value == 1);
  CHECK(ring.try_push(3));
  REQUIRE(ring.try_pop(value));
  CHECK(value == 2);
  REQUIRE(ring.try_pop(value));
  CHECK(value == 3);
}

TEST_CASE("mpmc_ring: wrapping around many times loses nothing, at every fill") {
  const auto fill = GENERATE(1, 2, 3, 7, 8);
  mpmc_ring<int> ring{8};
  int in = 0;
  int out = 0;
  for (int round = 0; round < 1000; ++round) {
    for (int i = 0; i < fill; ++i) REQUIRE(ring.try_push(in++));
    CHECK(ring.size_estimate() == static_cast<std::size_t>(fill));
    int value = -1;
    for (int i = 0; i < fill; ++i) {
      REQUIRE(ring.try_pop(value));
      REQUIRE(value == out++);
    }
    REQUIRE_FALSE(ring.has_front());
    REQUIRE_FALSE(ring.try_pop(value));
  }
  CHECK(ring.pushed() == static_cast<std::uint64_t>(in));
}

TEST_CASE("mpmc_ring: the capacity is the next power of two, at least 2") {
  CHECK(mpmc_ring<int>{0}.capacity() == 2);
  CHECK(mpmc_ring<int>{1}.capacity() == 2);
  CHECK(mpmc_ring<int>{3}.capacity() == 4);
  CHECK(mpmc_ring<int>{64}.capacity() == 64);
  CHECK(mpmc_ring<int>{10000}.capacity() == 16384);
  CHECK_THROWS_AS(mpmc_ring<int>{mpmc_ring<int>::max_capacity + 1}, std::length_error);
  CHECK_THROWS_AS(mpmc_ring<int>{~std::size_t{0}}, std::length_error);
}

TEST_CASE("mpmc_ring: a closed one takes nothing and gives what it has") {
  mpmc_ring<int> ring{4};
  REQUIRE(ring.try_push(1));
  ring.close();
  ring.close();
  CHECK_FALSE(ring.try_push(2));
  CHECK(ring.size_estimate() == 1);
  CHECK(ring.pushed() == 1);
  CHECK(ring.has_front());
  int value = 0;
  REQUIRE(ring.try_pop(value));
  CHECK(value == 1);
  CHECK_FALSE(ring.try_pop(value));
  CHECK(ring.size_estimate() == 0);
}

namespace {

constexpr std::uint64_t per_producer = 20000;

struct outcome {
  std::vector<std::vector<std::uint64_t>> by_consumer;
};

outcome run(std::size_t capacity, unsigned producers, unsigned consumers) {
  mpmc_ring<std::uint64_t> ring{capacity};
  outcome seen{std::vector<std::vector<std::uint64_t>>(consumers)};
  std::atomic<std::uint64_t> left{producers * per_producer};
  std::vector<std::thread> threads;
  for (std::uint64_t producer = 0; producer < producers; ++producer) {
    threads.emplace_back([&ring, producer] {
      for (std::uint64_t i = 0; i < per_producer; ++i) {
        while (!ring.try_push(producer << 32 | i)) std::this_thread::yield();
      }
    });
  }
  for (auto& popped : seen.by_consumer) {
    threads.emplace_back([&ring, &left, &popped] {
      std::uint64_t value = 0;
      while (left.load() > 0) {
        if (ring.try_pop(value)) {
          popped.push_back(value);
          left.fetch_sub(1);
        } else {
          std::this_thread::yield();
        }
      }
    });
  }
  for (auto& each : threads) each.join();
  return seen;
}

bool is_in_order_of_each_producer(const std::vector<std::uint64_t>& popped, unsigned producers) {
  std::vector<std::int64_t> last(producers, -1);
  return std::all_of(popped.begin(), popped.end(), [&](std::uint64_t value) {
    auto& before = last[value >> 32];
    const auto number = static_cast<std::int64_t>(value & 0xFFFFFFFF);
    const bool is_later = number > before;
    before = number;
    return is_later;
  });
}

} // namespace

TEST_CASE("mpmc_ring: many threads get every element exactly once, each producer's in order") {
  struct shape {
    std::size_t capacity;
    unsigned producers;
    unsigned consumers;
  };
  const auto [capacity, producers, consumers] =
      GENERATE(shape{2, 1, 1}, shape{2, 4, 4}, shape{8, 1, 4}, shape{8, 4, 1}, shape{64, 4, 4},
               shape{1024, 2, 2});
  const auto seen = run(capacity, producers, consumers);
  std::vector<std::uint64_t> all;
  for (const auto& popped : seen.by_consumer) {
    CHECK(is_in_order_of_each_producer(popped, producers));
    all.insert(all.end(), popped.begin(), popped.end());
  }
  std::sort(all.begin(), all.end());
  REQUIRE(all.size() == producers * per_producer);
  CHECK(std::adjacent_find(all.begin(), all.end()) == all.end());
}

TEST_CASE("mpmc_ring: closing amid pushes loses none that was accepted") {
  for (int round = 0; round < 50; ++round) {
    mpmc_ring<int> ring{16};
    std::atomic<int> accepted{0};
    std::atomic<bool> is_closed{false};
    std::vector<std::thread> producers;
    for (int i = 0; i < 3; ++i) {
      producers.emplace_back([&, round] {
        while (!is_closed) {
          if (ring.try_push(round)) accepted.fetch_add(1);
          std::this_thread::yield();
        }
      });
    }
    int popped = 0;
    int value = 0;
    while (popped < 20 + round) popped += ring.try_pop(value) ? 1 : 0;
    ring.close();
    is_closed = true;
    while (ring.size_estimate() != 0) popped += ring.try_pop(value) ? 1 : 0;
    for (auto& each : producers) each.join();
    REQUIRE(popped == accepted.load());
    REQUIRE_FALSE(ring.try_pop(value));
  }
}
