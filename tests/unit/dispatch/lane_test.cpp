#include "crew.hpp"
#include "support/allocation_count.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace fasterapi::dispatch;
using test::is_readable;

namespace {

struct fixture {
  explicit fixture(std::size_t capacity = 8, unsigned workers = 1) : home{capacity, workers} {
    for (auto i = 0U; i < workers; ++i) ports.push_back(&home.add_worker());
    for (auto& each : jobs) each.origin = &queue;
  }

  completion_queue queue;
  std::array<job, 8> jobs;
  lane home;
  std::vector<worker_port*> ports;
};

} // namespace

TEST_CASE("lane: a job goes to a worker and comes back") {
  fixture f;
  REQUIRE(f.home.submit(f.jobs[0]));
  CHECK(f.jobs[0].state == job_state::queued);
  CHECK(f.home.stats().queued == 1);
  REQUIRE(f.ports[0]->take() == &f.jobs[0]);
  CHECK(f.jobs[0].state == job_state::running);
  CHECK(f.jobs[0].worker == f.ports[0]);
  f.queue.complete(f.jobs[0]);
  CHECK(f.jobs[0].state == job_state::at_reactor);
  CHECK(f.queue.take_all() == &f.jobs[0]);
  CHECK(f.ports[0]->take() == nullptr);
}

TEST_CASE("lane: the way of a job, asleep or awake, with or without room, allocates nothing") {
  fixture f{2, 2};
  const auto before = fasterapi::tests::allocation_count();
  for (int i = 0; i < 100; ++i) {
    f.ports[0]->prepare_sleep();
    f.queue.prepare_sleep();
    f.home.submit(f.jobs[0]);
    f.home.submit(f.jobs[1]);
    if (!f.home.submit(f.jobs[2])) f.home.notify_room(f.queue);
    f.ports[0]->awake();
    while (auto* taken = f.ports[0]->take()) f.queue.complete(*taken);
    f.queue.awake();
    f.queue.take_all();
  }
  CHECK(fasterapi::tests::allocation_count() == before);
}

TEST_CASE("lane: a full ring leaves the job with the reactor") {
  fixture f{2};
  REQUIRE(f.home.submit(f.jobs[0]));
  REQUIRE(f.home.submit(f.jobs[1]));
  CHECK_FALSE(f.home.submit(f.jobs[2]));
  CHECK(f.jobs[2].state == job_state::at_reactor);
  const auto stats = f.home.stats();
  CHECK(stats.queued == 2);
  CHECK(stats.capacity == 2);
  CHECK(stats.submitted == 2);
  CHECK(stats.refused == 1);
}

TEST_CASE("lane: a withdrawn job comes back untouched, and its worker goes on with the next") {
  fixture f;
  REQUIRE(f.home.submit(f.jobs[0]));
  REQUIRE(f.home.submit(f.jobs[1]));
  REQUIRE(f.home.withdraw(f.jobs[0]));
  CHECK_FALSE(f.home.withdraw(f.jobs[0]));
  CHECK(f.ports[0]->take() == &f.jobs[1]);
  CHECK_FALSE(f.home.withdraw(f.jobs[1])); // it runs
  CHECK(f.queue.take_all() == &f.jobs[0]);
  CHECK(f.jobs[0].state == job_state::at_reactor);
  CHECK_FALSE(f.home.withdraw(f.jobs[0])); // it is back
}

TEST_CASE("lane: jobs of several reactors are taken in the order in which they came") {
  fixture f{8, 2};
  completion_queue other;
  for (auto i = 0U; i < 6; ++i) {
    if (i % 2 != 0) f.jobs[i].origin = &other;
    REQUIRE(f.home.submit(f.jobs[i]));
  }
  for (auto i = 0U; i < 6; ++i) CHECK(f.ports[i % 2]->take() == &f.jobs[i]);
}

TEST_CASE("lane: its figures are those of all workers") {
  fixture f{8, 2};
  f.ports[0]->note_wait(std::chrono::microseconds{3});
  f.ports[0]->note_wait(std::chrono::microseconds{4});
  f.ports[1]->note_wait(std::chrono::microseconds{5});
  f.ports[0]->note_pools(1, 2, 3);
  f.ports[1]->note_pools(10, 20, 30);
  const auto stats = f.home.stats();
  CHECK(stats.workers == 2);
  CHECK(stats.taken == 3);
  CHECK(stats.waited == std::chrono::microseconds{12});
  CHECK(stats.pool_hits == 11);
  CHECK(stats.pool_misses == 22);
  CHECK(stats.pool_kept == 33);
}

TEST_CASE("lane: nobody is woken while nobody sleeps") {
  fixture f;
  REQUIRE(f.home.submit(f.jobs[0]));
  CHECK_FALSE(is_readable(f.ports[0]->fd()));
  CHECK_FALSE(f.ports[0]->prepare_sleep());
  CHECK(f.home.stats().sleeping == 0);
}

TEST_CASE("lane: sleepers wake one at a time, each when the one before leaves work behind") {
  fixture f{8, 3};
  for (auto* each : f.ports) REQUIRE(each->prepare_sleep());
  CHECK(f.home.stats().sleeping == 3);

  for (auto i = 0U; i < 3; ++i) REQUIRE(f.home.submit(f.jobs[i]));
  CHECK(is_readable(f.ports[0]->fd())); // the lowest: a light load stays on a warm one
  CHECK_FALSE(is_readable(f.ports[1]->fd()));
  CHECK_FALSE(is_readable(f.ports[2]->fd()));

  f.ports[0]->awake();
  CHECK_FALSE(is_readable(f.ports[0]->fd()));
  CHECK(f.ports[0]->take() == &f.jobs[0]);
  CHECK(is_readable(f.ports[1]->fd()));
  CHECK_FALSE(is_readable(f.ports[2]->fd()));

  f.ports[1]->awake();
  CHECK(f.ports[1]->take() == &f.jobs[1]);
  CHECK(is_readable(f.ports[2]->fd()));
  f.ports[2]->awake();
  CHECK(f.ports[2]->take() == &f.jobs[2]);
  CHECK(f.home.stats().sleeping == 0);
}

TEST_CASE("lane: the last job wakes nobody else") {
  fixture f{8, 2};
  REQUIRE(f.ports[0]->prepare_sleep());
  REQUIRE(f.ports[1]->prepare_sleep());
  REQUIRE(f.home.submit(f.jobs[0]));
  f.ports[0]->awake();
  REQUIRE(f.ports[0]->take() == &f.jobs[0]);
  CHECK_FALSE(is_readable(f.ports[1]->fd()));
  REQUIRE(f.home.submit(f.jobs[1])); // the first is busy now
  CHECK(is_readable(f.ports[1]->fd()));
}

TEST_CASE("lane: a worker that got up by itself while it was being woken frees the way") {
  fixture f{8, 2};
  REQUIRE(f.ports[0]->prepare_sleep());
  REQUIRE(f.ports[1]->prepare_sleep());
  REQUIRE(f.home.submit(f.jobs[0]));
  f.ports[0]->awake(); // its bell has been rung, but it came up for a timer
  REQUIRE(f.home.submit(f.jobs[1]));
  CHECK(is_readable(f.ports[1]->fd()));
}

TEST_CASE("lane: workers beyond the first 64 are woken too") {
  fixture f{8, 70};
  REQUIRE(f.ports[69]->prepare_sleep());
  REQUIRE(f.ports[64]->prepare_sleep());
  CHECK(f.home.stats().sleeping == 2);
  REQUIRE(f.home.submit(f.jobs[0]));
  CHECK(is_readable(f.ports[64]->fd()));
  CHECK_FALSE(is_readable(f.ports[69]->fd()));
}

TEST_CASE("lane: who waits for room is nudged once, when half the ring is free") {
  fixture f{4};
  for (auto i = 0U; i < 4; ++i) REQUIRE(f.home.submit(f.jobs[i]));
  REQUIRE_FALSE(f.home.submit(f.jobs[4]));
  f.home.notify_room(f.queue);
  f.home.notify_room(f.queue);
  REQUIRE(f.queue.prepare_sleep());
  f.ports[0]->take();
  CHECK_FALSE(is_readable(f.queue.fd()));
  f.ports[0]->take();
  CHECK(is_readable(f.queue.fd()));
  f.queue.awake();
  REQUIRE(f.queue.prepare_sleep());
  f.ports[0]->take();
  CHECK_FALSE(is_readable(f.queue.fd()));
  f.queue.awake();
}

TEST_CASE("lane: room that is there already nudges at once") {
  fixture f{4};
  f.home.notify_room(f.queue);
  CHECK_FALSE(f.queue.prepare_sleep());
  CHECK(f.queue.prepare_sleep());
  f.queue.awake();
}

TEST_CASE("lane: while one reactor waits for room no other overtakes it before half is free") {
  fixture f{4};
  for (auto i = 0U; i < 4; ++i) REQUIRE(f.home.submit(f.jobs[i]));
  f.home.notify_room(f.queue);
  f.ports[0]->take();
  CHECK_FALSE(f.home.submit(f.jobs[4]));
  f.ports[0]->take();
  CHECK(f.home.submit(f.jobs[4]));
  CHECK(f.home.submit(f.jobs[5]));
  CHECK_FALSE(f.home.submit(f.jobs[6]));
}

TEST_CASE("lane: a resumed job goes to its worker, before the ring's but not for ever") {
  fixture f{8, 2};
  for (auto* each : f.ports) REQUIRE(each->prepare_sleep());
  auto& stream = f.jobs[0];
  auto& other = f.jobs[1];
  f.ports[1]->resume(stream);
  f.ports[1]->resume(other);
  CHECK_FALSE(is_readable(f.ports[0]->fd()));
  CHECK(is_readable(f.ports[1]->fd()));
  f.ports[1]->awake();
  REQUIRE(f.home.submit(f.jobs[2]));
  CHECK(f.ports[1]->take() == &stream);
  CHECK(stream.state == job_state::running);
  CHECK(f.ports[1]->take() == &f.jobs[2]);
  CHECK_FALSE(f.ports[1]->prepare_sleep());
  CHECK(f.ports[1]->take() == &other);
  CHECK(f.ports[1]->take() == nullptr);
}

TEST_CASE("lane: a job that was resumed just before forbids its worker's sleep") {
  fixture f;
  f.ports[0]->resume(f.jobs[0]);
  CHECK_FALSE(f.ports[0]->prepare_sleep());
  CHECK(f.ports[0]->take() == &f.jobs[0]);
  CHECK(f.ports[0]->prepare_sleep());
  f.ports[0]->awake();
}

TEST_CASE("lane: cancel_changed and wake end a worker's sleep, or forbid the next") {
  fixture f;
  auto& port = *f.ports[0];
  REQUIRE(port.prepare_sleep());
  port.cancel_changed();
  CHECK(is_readable(port.fd()));
  port.awake();
  CHECK(port.take_cancel_changed());
  CHECK_FALSE(port.take_cancel_changed());

  port.cancel_changed();
  CHECK_FALSE(port.prepare_sleep());
  CHECK(port.take_cancel_changed());

  port.wake();
  CHECK_FALSE(port.prepare_sleep());
  REQUIRE(port.prepare_sleep());
  port.wake();
  CHECK(is_readable(port.fd()));
  port.awake();
  CHECK_FALSE(is_readable(port.fd()));
}

TEST_CASE("lane: a closed one refuses, drains, and then tells every worker") {
  fixture f{8, 2};
  REQUIRE(f.home.submit(f.jobs[0]));
  f.home.close();
  CHECK(f.home.is_closed());
  CHECK_FALSE(f.home.submit(f.jobs[1]));
  CHECK_FALSE(f.ports[0]->is_closing()); // something is left to do
  CHECK_FALSE(f.ports[1]->prepare_sleep());
  f.ports[1]->take_cancel_changed();
  CHECK(f.ports[0]->take() == &f.jobs[0]);
  CHECK(f.ports[0]->is_closing());
  CHECK(f.ports[1]->is_closing());
}

TEST_CASE("lane: the worker that empties a closed ring tells those who saw work left") {
  fixture f{8, 2};
  REQUIRE(f.home.submit(f.jobs[0]));
  f.home.close();
  CHECK_FALSE(f.ports[1]->prepare_sleep()); // this was the wake-up by close()
  CHECK_FALSE(f.ports[1]->is_closing());
  REQUIRE(f.ports[0]->take() == &f.jobs[0]);
  CHECK_FALSE(f.ports[1]->prepare_sleep());
  CHECK(f.ports[1]->is_closing());
}

TEST_CASE("lane: closing nudges who waits for room") {
  fixture f{2};
  REQUIRE(f.home.submit(f.jobs[0]));
  REQUIRE(f.home.submit(f.jobs[1]));
  f.home.notify_room(f.queue);
  REQUIRE(f.queue.prepare_sleep());
  f.home.close();
  CHECK(is_readable(f.queue.fd()));
  f.queue.awake();
}

TEST_CASE("lane: who asks a closed lane for room is nudged at once, to see that it is closed") {
  fixture f{2};
  REQUIRE(f.home.submit(f.jobs[0]));
  REQUIRE(f.home.submit(f.jobs[1]));
  f.home.close();
  f.home.notify_room(f.queue);
  CHECK_FALSE(f.queue.prepare_sleep());
}

TEST_CASE("lane: more workers than announced, or than fit, are an error") {
  lane home{8, 1};
  home.add_worker();
  CHECK_THROWS_AS(home.add_worker(), std::length_error);
  CHECK_THROWS_AS((lane{8, sleeper_set::max_workers + 1}), std::length_error);
}
