#include "dispatch/lane.hpp"
#include "dispatch/loan.hpp"

#include <catch2/catch_test_macros.hpp>

#include <atomic>
#include <chrono>
#include <memory>
#include <thread>
#include <vector>

using namespace fasterapi::dispatch;
using namespace std::chrono_literals;

namespace {

/// Counts, without any lock: who runs it beside another is a data race.
class counting_loop final : public lendable_loop {
public:
  explicit counting_loop(completion_queue& bell) : bell_{bell} {}

  void turn() override { ++turns; }
  void deliver(clock::time_point) override { ++turns; }
  void wait(clock::time_point) override {
    ++turns;
    if (bell_.prepare_sleep()) {
      std::this_thread::yield();
      bell_.awake();
    }
  }
  void seat(int guest_fd) override { guest = guest_fd; }
  bool take_guest_ready() noexcept override { return false; }

  std::uint64_t turns = 0;
  int guest = -1;

private:
  completion_queue& bell_;
};

/// A loop with its home, which runs it until it is told to end.
struct homestead {
  homestead() : home{[this] { run(); }} {}
  ~homestead() { end(); }

  void run() {
    while (!is_over) {
      loop.wait({});
      if (lent.lend_if_wanted()) ++returns;
    }
  }
  void end() {
    is_over = true;
    lent.recall();
    if (home.joinable()) home.join();
  }

  completion_queue bell;
  counting_loop loop{bell};
  loan lent{loop, bell};
  std::atomic<bool> is_over{false};
  std::atomic<int> returns{0};
  std::thread home;
};

struct fixture {
  explicit fixture(unsigned workers = 1) : crew{8, workers} {
    for (auto i = 0U; i < workers; ++i) ports.push_back(&crew.add_worker());
    crew.lend({&place.lent});
  }

  ~fixture() { place.end(); }

  /// Until that worker leads.
  leader& lead(unsigned worker) {
    leader& its = ports[worker]->leader();
    while (!its.accept(7)) {
      ports[worker]->want_loan();
      std::this_thread::yield();
    }
    return its;
  }
  /// Until it is in the loop as well: on a busy machine home may take it back before.
  lendable_loop& enter(unsigned worker) {
    for (;;) {
      if (auto* loop = lead(worker).enter()) return *loop;
    }
  }
  /// Until home has it again: it may have had it before, on a busy machine.
  void wait_for_return() const {
    while (place.lent.is_lent()) std::this_thread::yield();
  }

  homestead place;
  lane crew;
  std::vector<worker_port*> ports;
};

} // namespace

TEST_CASE("loan: a worker that wants the reactor runs it, with its own descriptor in it") {
  fixture f;
  lendable_loop& loop = f.enter(0);
  CHECK(f.ports[0]->leader().is_leading());
  CHECK(f.place.lent.is_lent());
  CHECK(&loop == &f.place.loop);
  CHECK(f.place.loop.guest == 7);
  loop.turn();
  f.ports[0]->leader().leave();
}

TEST_CASE("loan: home takes the reactor back from a worker that stays away") {
  fixture f;
  leader& its = f.lead(0);
  f.wait_for_return();
  CHECK(its.enter() == nullptr);
  CHECK_FALSE(its.is_leading());
  CHECK(f.place.lent.stats().taken_back >= 1);
  f.place.end();
  CHECK(f.place.loop.guest == -1);
}

TEST_CASE("loan: a worker that is in the loop keeps it") {
  fixture f;
  f.enter(0);
  const int returns = f.place.returns;
  const auto until = std::chrono::steady_clock::now() + 20 * loan::between_looks;
  while (std::chrono::steady_clock::now() < until) std::this_thread::yield();
  CHECK(f.place.returns == returns);
  f.ports[0]->leader().leave();
}

TEST_CASE("loan: a worker gives the reactor back before it does something long") {
  fixture f;
  while (f.place.lent.stats().given_back == 0) f.lead(0).give_back();
  f.wait_for_return();
  CHECK_FALSE(f.ports[0]->leader().is_leading());
  CHECK_FALSE(f.place.lent.is_lent());
}

TEST_CASE("loan: a worker passes the reactor on to another that wants it") {
  fixture f{2};
  while (f.place.lent.stats().passed_on == 0) {
    f.lead(0);
    f.ports[1]->want_loan();
    f.ports[0]->leader().give_back();
    if (f.ports[1]->leader().accept(8) && f.ports[1]->leader().enter() != nullptr) {
      CHECK(f.place.loop.guest == 8);
      f.ports[1]->leader().leave();
    }
    f.ports[1]->want_no_loan();
    f.ports[1]->leader().give_back();
  }
  CHECK(f.place.lent.stats().lent > 0);
}

TEST_CASE("loan: what was taken back from one worker another leads") {
  fixture f{2};
  leader& first = f.lead(0);
  f.wait_for_return();
  leader& second = f.lead(1);
  CHECK(first.enter() == nullptr);
  if (auto* loop = second.enter()) {
    loop->turn();
    second.leave();
  }
}

TEST_CASE("loan: one that is lent for good stays away, but for a recall") {
  completion_queue bell;
  counting_loop loop{bell};
  loan lent{loop, bell};
  lent.lend_for_good();
  lane crew{8, 1};
  worker_port& port = crew.add_worker();
  crew.lend({&lent});
  port.want_loan();
  std::thread home{[&] { lent.lend_if_wanted(); }};
  while (!port.leader().accept(7)) std::this_thread::yield();
  const auto until = std::chrono::steady_clock::now() + 20 * loan::between_looks;
  while (std::chrono::steady_clock::now() < until) std::this_thread::yield();
  REQUIRE(port.leader().enter() != nullptr);
  port.leader().leave();
  lent.recall();
  home.join();
  CHECK_FALSE(lent.is_lent());
  CHECK(port.leader().enter() == nullptr);
}

TEST_CASE("loan: a worker that holds the reactor keeps it while it is away, but for a recall") {
  fixture f;
  f.enter(0);
  f.ports[0]->leader().leave();
  f.ports[0]->leader().hold();
  if (!f.ports[0]->leader().is_leading()) return; // home was quicker, on a busy machine
  const int returns = f.place.returns;
  const auto until = std::chrono::steady_clock::now() + 20 * loan::between_looks;
  while (std::chrono::steady_clock::now() < until) std::this_thread::yield();
  CHECK(f.place.returns == returns);
  REQUIRE(f.ports[0]->leader().enter() != nullptr);
  f.ports[0]->leader().leave(); // from here on home may take it again
  f.wait_for_return();
  CHECK(f.ports[0]->leader().enter() == nullptr);
  f.enter(0);
  f.ports[0]->leader().leave();
  f.ports[0]->leader().hold();
  f.place.end();
  CHECK(f.ports[0]->leader().enter() == nullptr);
}

TEST_CASE("loan: the lane tells of all loans") {
  fixture f;
  f.lead(0);
  f.wait_for_return();
  CHECK(f.crew.stats().loans.lent >= 1);
  CHECK(f.crew.stats().loans.taken_back >= 1);
}

TEST_CASE("loan: after a recall nobody gets it") {
  fixture f;
  f.place.lent.recall();
  f.ports[0]->want_loan();
  CHECK_FALSE(f.ports[0]->leader().is_waiting());
  CHECK_FALSE(f.ports[0]->leader().accept(7));
}

TEST_CASE("loan: an offer wakes the worker, or keeps it from sleeping") {
  fixture f;
  f.ports[0]->want_loan();
  REQUIRE(f.ports[0]->leader().is_waiting());
  while (!f.ports[0]->leader().has_offer()) std::this_thread::yield();
  CHECK_FALSE(f.ports[0]->prepare_sleep());
}

TEST_CASE("loan: a worker whose jobs take long does not ask") {
  fixture f;
  for (int i = 0; i < 50; ++i) f.ports[0]->note_run(loan::patience * 4);
  f.ports[0]->want_loan();
  CHECK_FALSE(f.ports[0]->leader().is_waiting());
  for (int i = 0; i < 50; ++i) f.ports[0]->note_run(1us);
  f.ports[0]->want_loan();
  CHECK(f.ports[0]->leader().is_waiting());
}

TEST_CASE("loan: one thread at a time is in the loop, whatever the others do", "[threads]") {
  constexpr auto workers = 3U;
  constexpr int rounds = 300;
  fixture f{workers};
  std::atomic<bool> was_led{false}; // home may be slow to come up
  std::vector<std::thread> threads;
  for (auto i = 0U; i < workers; ++i) {
    threads.emplace_back([&, port = f.ports[i], i] {
      for (int round = 0; round < rounds || !was_led; ++round) {
        port->want_loan();
        if (!port->leader().accept(static_cast<int>(i))) {
          std::this_thread::yield();
          continue;
        }
        if (auto* loop = port->leader().enter()) {
          loop->turn();
          port->leader().leave();
          was_led = true;
        }
        if (round % 3 == 0) port->leader().give_back();
        if (round % 50 == 0) std::this_thread::sleep_for(2 * loan::between_looks);
      }
      port->leader().give_back();
    });
  }
  for (auto& each : threads) each.join();
  f.place.end();
  CHECK(f.place.loop.turns > 0);
}

TEST_CASE("loan: a worker serves the reactor until there is work for it") {
  fixture f;
  job submitted;
  submitted.origin = &f.place.bell;
  std::thread reader{[&] {
    while (!f.place.lent.is_lent()) std::this_thread::yield();
    f.crew.submit(submitted);
  }};
  job* taken = nullptr;
  while ((taken = f.ports[0]->take()) == nullptr) {
    f.lead(0);
    f.ports[0]->run_reactor(lendable_loop::clock::time_point::max());
  }
  reader.join();
  CHECK(taken == &submitted);
  f.place.bell.complete(*taken);
}

TEST_CASE("loan: a worker leaves the reactor when it is woken, recalled, or out of time") {
  fixture f;
  const auto now = lendable_loop::clock::now();
  f.lead(0);
  f.ports[0]->run_reactor(lendable_loop::clock::time_point::min());
  f.lead(0);
  f.ports[0]->run_reactor(now + 5ms);
  f.ports[0]->wake();
  f.lead(0);
  f.ports[0]->run_reactor(lendable_loop::clock::time_point::max());
  f.lead(0);
  std::thread caller{[&] { f.place.lent.recall(); }};
  f.ports[0]->run_reactor(lendable_loop::clock::time_point::max());
  caller.join();
  CHECK(f.ports[0]->leader().enter() == nullptr);
}
