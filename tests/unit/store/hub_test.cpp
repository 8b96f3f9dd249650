#include "store/hub.hpp"

#include <catch2/catch_test_macros.hpp>

#include <atomic>
#include <poll.h>
#include <thread>

using namespace fasterapi::store;

namespace {

bool is_readable(int fd, int milliseconds = 0) {
  pollfd waited{fd, POLLIN, 0};
  return ::poll(&waited, 1, milliseconds) == 1;
}

std::vector<std::int64_t> take_all(subscription& from) {
  std::vector<std::int64_t> taken;
  while (const auto message = from.take()) taken.push_back(message->number());
  return taken;
}

} // namespace

TEST_CASE("hub: a message reaches all who have subscribed to its channel, and no others") {
  hub rooms;
  const auto box = std::make_shared<mailbox>();
  CHECK(rooms.publish("a", value{0}) == 0);
  const auto one = rooms.subscribe("a", 10, box, 1);
  const auto two = rooms.subscribe("a", 10, box, 2);
  const auto other = rooms.subscribe("b", 10, box, 3);
  CHECK(rooms.publish("a", value{1}) == 2);
  CHECK(rooms.publish("a", value{2}) == 2);
  CHECK(take_all(*one) == std::vector<std::int64_t>{1, 2});
  CHECK(take_all(*two) == std::vector<std::int64_t>{1, 2});
  CHECK(take_all(*other).empty());
}

TEST_CASE("hub: a mailbox is rung once, and names each subscription that has something") {
  hub rooms;
  const auto box = std::make_shared<mailbox>();
  const auto one = rooms.subscribe("a", 10, box, 1);
  const auto two = rooms.subscribe("b", 10, box, 2);
  CHECK_FALSE(is_readable(box->fd()));
  rooms.publish("a", value{1});
  rooms.publish("a", value{2});
  rooms.publish("b", value{3});
  CHECK(is_readable(box->fd()));
  CHECK(box->take_ready() == std::vector<std::uint64_t>{1, 2});
  CHECK_FALSE(is_readable(box->fd()));
  rooms.publish("a", value{4}); // not taken yet: it is known already
  CHECK_FALSE(is_readable(box->fd()));
  CHECK(take_all(*one).size() == 3);
  rooms.publish("a", value{5});
  CHECK(box->take_ready() == std::vector<std::uint64_t>{1});
}

TEST_CASE("hub: a subscription that is full drops its oldest messages and counts them") {
  hub rooms;
  const auto box = std::make_shared<mailbox>();
  const auto slow = rooms.subscribe("a", 3, box, 1);
  for (int i = 0; i < 10; ++i) rooms.publish("a", value{i});
  CHECK(slow->dropped() == 7);
  CHECK(rooms.stats().dropped == 7);
  CHECK(take_all(*slow) == std::vector<std::int64_t>{7, 8, 9});
  rooms.unsubscribe(slow);
  CHECK(rooms.stats().dropped == 7);
}

TEST_CASE("hub: a subscription is bounded in bytes as well") {
  hub rooms;
  const auto slow = rooms.subscribe("a", 1000, std::make_shared<mailbox>(), 1);
  for (int i = 0; i < 40; ++i)
    rooms.publish("a", value{value::kind::bytes, std::string(1 << 20, 'x')});
  CHECK(slow->dropped() == 24);
}

TEST_CASE("hub: who has left gets nothing, and its channel is forgotten") {
  hub rooms;
  const auto box = std::make_shared<mailbox>();
  const auto one = rooms.subscribe("a", 10, box, 1);
  CHECK(rooms.stats().channels == 1);
  rooms.unsubscribe(one);
  rooms.unsubscribe(one);
  CHECK(rooms.publish("a", value{1}) == 0);
  CHECK_FALSE(one->take());
  CHECK(rooms.stats().channels == 0);
  CHECK(rooms.stats().subscribers == 0);
}

TEST_CASE("hub: closed, it ends every subscription behind its last message") {
  hub rooms;
  const auto box = std::make_shared<mailbox>();
  const auto one = rooms.subscribe("a", 10, box, 1);
  rooms.publish("a", value{1});
  box->take_ready();
  CHECK(one->take());
  CHECK_FALSE(one->take());
  rooms.publish("a", value{2});
  rooms.close();
  CHECK_FALSE(one->is_over());
  CHECK(box->take_ready() == std::vector<std::uint64_t>{1});
  CHECK(take_all(*one) == std::vector<std::int64_t>{2});
  CHECK(one->is_over());
  const auto late = rooms.subscribe("a", 10, box, 2);
  CHECK(late->is_over());
  CHECK(box->take_ready() == std::vector<std::uint64_t>{2});
  CHECK(rooms.publish("a", value{3}) == 0);
  CHECK_FALSE(one->take());
}

TEST_CASE("hub: subscribers on several threads see all messages in one order") {
  constexpr int publishers = 3;
  constexpr int each_publishes = 2000;
  constexpr int subscribers = 3;
  hub rooms;
  std::vector<std::vector<std::int64_t>> seen(subscribers);
  std::atomic<int> ready{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < subscribers; ++i) {
    threads.emplace_back([&, i] {
      const auto box = std::make_shared<mailbox>();
      const auto own = rooms.subscribe("a", publishers * each_publishes, box, 1);
      ++ready;
      while (seen[i].size() < publishers * each_publishes) {
        REQUIRE(is_readable(box->fd(), 20000));
        REQUIRE(box->take_ready() == std::vector<std::uint64_t>{1});
        for (const auto each : take_all(*own)) seen[i].push_back(each);
      }
      rooms.unsubscribe(own);
    });
  }
  while (ready != subscribers) std::this_thread::yield();
  for (int i = 0; i < publishers; ++i) {
    threads.emplace_back([&, i] {
      for (int n = 0; n < each_publishes; ++n) rooms.publish("a", value{i * each_publishes + n});
    });
  }
  for (auto& each : threads) each.join();
  for (int i = 1; i < subscribers; ++i) CHECK(seen[i] == seen[0]);
  CHECK(rooms.stats().delivered == subscribers * publishers * each_publishes);
}

TEST_CASE("hub: subscribers come and go while others publish") {
  hub rooms;
  std::atomic<bool> is_over{false};
  std::thread publishing{[&] {
    for (int i = 0; !is_over; ++i) rooms.publish(i % 2 == 0 ? "a" : "b", value{i});
  }};
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 3; ++thread) {
    threads.emplace_back([&, thread] {
      for (int i = 0; i < 500; ++i) {
        const auto box = std::make_shared<mailbox>();
        const auto own = rooms.subscribe(thread == 0 ? "a" : "b", 4, box, 1);
        own->take();
        rooms.unsubscribe(own);
      }
    });
  }
  for (auto& each : threads) each.join();
  rooms.close();
  is_over = true;
  publishing.join();
  CHECK(rooms.stats().subscribers == 0);
}
