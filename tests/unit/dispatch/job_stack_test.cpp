#include "dispatch/job_stack.hpp"

#include <catch2/catch_test_macros.hpp>

#include <memory>
#include <thread>
#include <vector>

using namespace fasterapi::dispatch;

TEST_CASE("job_stack: jobs come out oldest first, all at once") {
  job_stack stack;
  job first;
  job second;
  job third;
  CHECK(stack.empty());
  CHECK(stack.push(first));
  CHECK_FALSE(stack.push(second));
  CHECK_FALSE(stack.push(third));
  CHECK_FALSE(stack.empty());
  const auto* taken = stack.take_all();
  REQUIRE(taken == &first);
  REQUIRE(taken->next == &second);
  REQUIRE(taken->next->next == &third);
  CHECK(third.next == nullptr);
  CHECK(stack.take_all() == nullptr);
  CHECK(stack.push(second)); // a job may come again
}

TEST_CASE("job_stack: many threads push, one takes, none is lost or doubled") {
  constexpr std::uint64_t per_thread = 5000;
  constexpr unsigned pushers = 3;
  const std::unique_ptr<job[]> jobs{new job[per_thread * pushers]};
  job_stack stack;
  std::vector<std::thread> threads;
  for (auto pusher = 0U; pusher < pushers; ++pusher) {
    threads.emplace_back([&, pusher] {
      for (std::uint64_t i = 0; i < per_thread; ++i) {
        auto& each = jobs[pusher * per_thread + i];
        each.id = i;
        each.handler = pusher;
        stack.push(each);
      }
    });
  }
  std::vector<std::uint64_t> next(pushers, 0);
  std::uint64_t taken = 0;
  while (taken < per_thread * pushers) {
    for (auto* each = stack.take_all(); each != nullptr; each = each->next) {
      REQUIRE(each->id == next[each->handler]++); // hence once, and in order
      ++taken;
    }
  }
  for (auto& each : threads) each.join();
  CHECK(stack.empty());
}
