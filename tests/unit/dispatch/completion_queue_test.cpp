#include "crew.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace fasterapi::dispatch;
using test::is_readable;

TEST_CASE("bell: a ring that comes after its sleep is read after the next") {
  bell it;
  it.answer(true); // somebody has claimed the sleeper, but not rung yet
  CHECK_FALSE(is_readable(it.fd()));
  it.ring();
  CHECK(is_readable(it.fd()));
  it.answer(false);
  CHECK_FALSE(is_readable(it.fd()));
}

TEST_CASE("completion_queue: nothing is written while the reactor is awake") {
  completion_queue queue;
  job done;
  done.state = job_state::running;
  queue.complete(done);
  CHECK(done.state == job_state::at_reactor);
  CHECK_FALSE(is_readable(queue.fd()));
  CHECK_FALSE(queue.prepare_sleep());
  CHECK(queue.take_all() == &done);
  CHECK(queue.take_all() == nullptr);
}

TEST_CASE("completion_queue: the first of many completions wakes a sleeping reactor") {
  completion_queue queue;
  job first;
  job second;
  REQUIRE(queue.prepare_sleep());
  CHECK_FALSE(is_readable(queue.fd()));
  queue.complete(first);
  CHECK(is_readable(queue.fd()));
  queue.complete(second);
  queue.awake();
  CHECK_FALSE(is_readable(queue.fd()));
  CHECK(queue.take_all() == &first);
  CHECK(first.next == &second);
}

TEST_CASE("completion_queue: a sleep that ends for another reason leaves nothing behind") {
  completion_queue queue;
  REQUIRE(queue.prepare_sleep());
  queue.awake();
  queue.awake(); // without a sleep: nothing
  job done;
  queue.complete(done);
  CHECK_FALSE(is_readable(queue.fd()));
}

TEST_CASE("completion_queue: a nudge ends the sleep, or forbids the next one, once") {
  completion_queue queue;
  REQUIRE(queue.prepare_sleep());
  queue.nudge();
  CHECK(is_readable(queue.fd()));
  queue.awake();
  CHECK_FALSE(is_readable(queue.fd()));
  REQUIRE(queue.prepare_sleep());
  queue.awake();

  queue.nudge();
  queue.nudge();
  CHECK_FALSE(is_readable(queue.fd()));
  CHECK_FALSE(queue.prepare_sleep());
  CHECK(queue.prepare_sleep());
  queue.awake();
}

TEST_CASE("completion_queue: a sleeping reactor misses no completion") {
  constexpr unsigned rounds = 3000;
  completion_queue queue;
  job one;
  std::atomic<unsigned> turn{0};
  std::thread worker{[&] {
    test::noise random{7};
    for (auto i = 1U; i <= rounds; ++i) {
      while (turn.load() != i) std::this_thread::yield();
      random.pause();
      queue.complete(one);
    }
  }};
  auto overslept = 0;
  for (auto i = 1U; i <= rounds; ++i) {
    turn.store(i);
    while (queue.take_all() == nullptr) {
      if (!queue.prepare_sleep()) continue;
      if (!is_readable(queue.fd(), test::patience)) ++overslept;
      queue.awake();
    }
  }
  worker.join();
  CHECK(overslept == 0);
}
