// The lane under many threads: a lost wake-up, job or nudge shows as somebody who overslept.
#include "crew.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include <algorithm>
#include <mutex>
#include <semaphore>

using namespace fasterapi::dispatch;
using test::crew;
using test::desk;

namespace {

struct shape {
  std::size_t capacity;
  unsigned reactors;
  unsigned workers;
  std::size_t jobs_each;
  unsigned rounds;
};

// Runs `body(reactor's number)` in as many threads; false: one said false.
bool in_threads(unsigned count, const std::function<bool(unsigned)>& body) {
  std::atomic<bool> is_good{true};
  std::vector<std::thread> threads;
  for (auto i = 0U; i < count; ++i) {
    threads.emplace_back([&, i] {
      if (!body(i)) is_good = false;
    });
  }
  for (auto& each : threads) each.join();
  return is_good;
}

} // namespace

TEST_CASE("lane: every job returns once, whoever slept meanwhile") {
  const auto [capacity, reactors, workers, jobs_each, rounds] =
      GENERATE(shape{8, 1, 1, 1, 4000}, shape{8, 1, 4, 2, 2000}, shape{64, 3, 3, 8, 500},
               shape{4, 3, 3, 8, 500}, shape{2, 4, 2, 4, 500}, shape{1024, 2, 4, 64, 50});
  std::vector<std::vector<std::unique_ptr<job>>> jobs(reactors); // outlive the crew, at any end
  std::vector<std::unique_ptr<desk>> desks;
  lane home{capacity, workers};
  for (auto i = 0U; i < reactors; ++i) desks.push_back(std::make_unique<desk>(home));
  std::atomic<std::uint64_t> answered{0};
  crew staff{home, workers, [&](worker_port& port, job& taken) {
               answered.fetch_add(1);
               test::answer(port, taken);
             }};
  const auto sent = std::uint64_t{reactors} * jobs_each * rounds;
  INFO("capacity " << capacity << ", reactors " << reactors << ", workers " << workers);
  const bool came_back = in_threads(reactors, [&, count = jobs_each, times = rounds](unsigned i) {
    jobs[i] = test::make_jobs(count);
    return desks[i]->run(jobs[i], times);
  });
  CHECK(came_back); // else: no wake-up of a worker or reactor, or no nudge, for seconds
  CHECK(staff.dismiss());
  CHECK(answered == sent);
  CHECK(home.stats().submitted == sent);
  CHECK(home.stats().queued == 0);
}

TEST_CASE("lane: a burst of blocking jobs gets every worker up") {
  constexpr unsigned workers = 6;
  auto jobs = test::make_jobs(workers); // they outlive the crew, even when this fails
  lane home{64, workers};
  desk reactor{home};
  std::atomic<unsigned> inside{0};
  std::atomic<bool> gave_up{false};
  crew staff{home, workers, [&](worker_port& port, job& taken) {
               const auto latest = std::chrono::steady_clock::now() + test::patience;
               inside.fetch_add(1);
               while (inside.load() % workers != 0 && !gave_up) { // the others are still to come
                 if (std::chrono::steady_clock::now() > latest) gave_up = true;
                 std::this_thread::yield();
               }
               test::answer(port, taken);
             }};
  bool came_back = true;
  for (int burst = 0; burst < 20 && came_back && !gave_up; ++burst) {
    while (home.stats().sleeping != workers) std::this_thread::yield();
    inside = 0;
    came_back = reactor.run(jobs, 1);
  }
  CHECK(came_back);
  CHECK_FALSE(gave_up);
  CHECK(staff.dismiss());
}

TEST_CASE("lane: workers that come while another serves take their share, and count at once") {
  constexpr auto jobs_there = std::size_t{16};
  constexpr auto rounds = 500U;
  auto jobs = test::make_jobs(jobs_there);
  lane home{64, 4};
  desk only{home};
  std::binary_semaphore has_help{0};
  std::once_flag held, helped;
  crew first{home, 1, [&](worker_port& port, job& taken) {
               std::call_once(held, [&] { CHECK(has_help.try_acquire_for(test::patience)); });
               test::answer(port, taken);
             }};
  std::atomic<bool> is_over{false};
  std::thread reader{[&] {
    auto most = 0U;
    while (!is_over) most = std::max(most, home.stats().workers);
    CHECK(most <= 4);
  }};
  bool came_back = false;
  std::thread reactor{[&] { came_back = only.run(jobs, rounds); }};
  crew late{home, 3, [&](worker_port& port, job& taken) {
              std::call_once(helped, [&] { has_help.release(); });
              test::answer(port, taken);
            }};
  reactor.join();
  is_over = true;
  reader.join();
  CHECK(came_back);
  CHECK(late.dismiss());
  CHECK(first.dismiss());
  CHECK(home.stats().workers == 4);
  CHECK(home.stats().submitted == std::uint64_t{jobs_there} * rounds);
}

TEST_CASE("lane: a job that is withdrawn while a worker reaches for it ends exactly once") {
  constexpr unsigned reactors = 2;
  constexpr int rounds = 3000;
  std::array<job, reactors> jobs;
  std::vector<std::unique_ptr<desk>> desks;
  lane home{16, 3};
  for (auto i = 0U; i < reactors; ++i) desks.push_back(std::make_unique<desk>(home));
  std::atomic<int> answered{0};
  std::atomic<int> withdrawn{0};
  crew staff{home, 3, [&](worker_port& port, job& taken) {
               answered.fetch_add(1);
               taken.exchange.params.count = 1; // shows that it was touched
               test::answer(port, taken);
             }};
  const bool is_good = in_threads(reactors, [&](unsigned i) {
    test::noise random{i + 100};
    auto& one = jobs[i];
    one.origin = &desks[i]->queue();
    for (int round = 0; round < rounds; ++round) {
      one.exchange.params.count = 0;
      if (!home.submit(one)) return false;
      random.pause();
      const bool is_ours = home.withdraw(one);
      if (is_ours) withdrawn.fetch_add(1);
      if (!is_ours && one.state.load() == job_state::running && one.worker == nullptr) return false;
      job* back = nullptr;
      while ((back = desks[i]->queue().take_all()) == nullptr) {
        if (!desks[i]->wait()) return false;
      }
      if (back != &one || back->next != nullptr) return false;
      if (one.exchange.params.count != (is_ours ? 0 : 1)) return false;
    }
    return true;
  });
  CHECK(is_good);
  CHECK(staff.dismiss());
  CHECK(answered + withdrawn == rounds * static_cast<int>(reactors));
}

TEST_CASE("lane: a stream goes back to its own worker for each part") {
  constexpr std::uint64_t parts = 200;
  constexpr std::size_t streams = 6;
  auto jobs = test::make_jobs(streams);
  lane home{8, 3};
  desk reactor{home};
  std::atomic<int> strayed{0};
  crew staff{home, 3, [&](worker_port& port, job& taken) {
               if (taken.id > 0 && taken.worker != &port) strayed.fetch_add(1);
               taken.has_more = ++taken.id < parts;
               test::answer(port, taken);
             }};
  for (auto& each : jobs) {
    each->id = 0;
    each->origin = &reactor.queue();
    REQUIRE(home.submit(*each));
  }
  std::size_t finished = 0;
  bool is_awake = true;
  while (finished < streams && is_awake) {
    auto* came = reactor.queue().take_all();
    if (came == nullptr) is_awake = reactor.wait();
    while (came != nullptr) {
      auto& each = *came;
      came = came->next;
      each.has_more ? each.worker->resume(each) : static_cast<void>(++finished);
    }
  }
  CHECK(is_awake);
  CHECK(strayed == 0);
  CHECK(std::all_of(jobs.begin(), jobs.end(), [&](auto& each) { return each->id == parts; }));
  CHECK(staff.dismiss());
}

TEST_CASE("lane: closing amid submits answers all that were accepted and refuses the others") {
  for (auto round = 0U; round < 60; ++round) {
    constexpr unsigned reactors = 3;
    std::array<std::vector<std::unique_ptr<job>>, reactors> jobs;
    std::vector<std::unique_ptr<desk>> desks;
    lane home{round % 2 == 0 ? 4U : 64U, 3};
    for (auto i = 0U; i < reactors; ++i) desks.push_back(std::make_unique<desk>(home));
    crew staff{home, 3, test::answer};
    std::atomic<unsigned> underway{0};
    std::thread closer{[&] {
      while (underway < reactors) std::this_thread::yield();
      test::noise{round + 1}.pause();
      home.close();
    }};
    const bool is_good = in_threads(reactors, [&](unsigned i) {
      jobs[i] = test::make_jobs(32);
      std::size_t accepted = 0;
      underway.fetch_add(1);
      for (auto& each : jobs[i]) {
        each->origin = &desks[i]->queue();
        while (!home.is_closed() && !home.submit(*each)) {
          home.notify_room(desks[i]->queue());
          if (!desks[i]->wait()) return false;
        }
        if (each->state.load() == job_state::at_reactor && each->worker == nullptr) break;
        ++accepted;
      }
      std::size_t returned = 0;
      while (returned < accepted) {
        auto* came = desks[i]->queue().take_all();
        if (came == nullptr && !desks[i]->wait()) return false;
        for (; came != nullptr; came = came->next) ++returned;
      }
      return returned == accepted;
    });
    closer.join();
    REQUIRE(is_good);
    REQUIRE(staff.dismiss());
    REQUIRE(home.stats().queued == 0);
  }
}
