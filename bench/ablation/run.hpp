#pragma once

#include "ablation/copies.hpp"
#include "ablation/interpreter_thread.hpp"
#include "ablation/paths.hpp"
#include "support/instructions.hpp"
#include "support/request_path.hpp"

#include <algorithm>
#include <barrier>
#include <ctime>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace fasterapi::bench {

using threads = std::vector<std::unique_ptr<interpreter_thread>>;

/// Of each request, all threads together.
struct ablation_cost {
  double wall_ns = 0;
  double cpu_ns = 0;
};

/// When something began and ended, and the CPU time that it took by some clock.
class stopwatch {
public:
  explicit stopwatch(clockid_t cpu) noexcept : cpu_(cpu), cpu_began_(cpu_now()) {}

  void stop() noexcept {
    ended_ = clock::now();
    cpu_ns_ = cpu_now() - cpu_began_;
  }
  /// Of `requests`, by several at once.
  static ablation_cost cost(const std::vector<stopwatch>& all, std::size_t requests) {
    auto began = all.front().began_;
    auto ended = all.front().ended_;
    double cpu = 0;
    for (const auto& each : all) {
      began = std::min(began, each.began_);
      ended = std::max(ended, each.ended_);
      cpu += static_cast<double>(each.cpu_ns_);
    }
    const auto count = static_cast<double>(requests);
    return {to_nanoseconds(ended - began) / count, cpu / count};
  }

private:
  std::int64_t cpu_now() const noexcept {
    timespec now{};
    ::clock_gettime(cpu_, &now);
    return now.tv_sec * std::int64_t{1'000'000'000} + now.tv_nsec;
  }

  clockid_t cpu_;
  std::int64_t cpu_began_;
  std::int64_t cpu_ns_ = 0;
  clock::time_point began_ = clock::now();
  clock::time_point ended_;
};

/// What a variant is asked.
struct ablation_request {
  const routing::route_table* routes;
  std::uint32_t handler = handlers::typed;
  std::string body = R"({"user_id":42,"q":"abc"})"; // of the answer
  std::size_t pooled = python::object_pool::most;
  std::size_t at_once = 1; // more: those that one call of the batch handler takes
  std::string bytes = make_request("GET", "/users/42?q=abc");
};

/// All of a request in the calling thread, with a queue of its own: `at_once` of them each turn.
template <class Path, class Copies>
class inline_run {
public:
  inline_run(const called_handler& handler, const ablation_request& asked)
      : handler_(handler), asked_(asked), path_(*asked.routes), jobs_(asked.at_once),
        taken_(asked.at_once) {
    handler_.pool(asked_.pooled);
    for (auto& each : jobs_) each.handler = asked_.handler;
    turn([&](const dispatch::job& one) {
      check_answer(one.exchange.output.view(), 200, asked_.body);
    });
  }

  void repeat(std::size_t requests) {
    for (std::size_t i = 0; i < requests; i += jobs_.size()) turn([](const dispatch::job&) {});
  }

private:
  template <class Look>
  void turn(Look look) {
    for (auto& each : jobs_) {
      path_.begin(each.exchange, asked_.bytes);
      Copies::receive(each.exchange.request);
      queue_.submit(each);
    }
    for (auto& each : taken_) each = queue_.take(0);
    jobs_.size() == 1 ? handler_.answer(*taken_.front()) : handler_.answer(taken_);
    for (auto* each : taken_) {
      Copies::finish(each->exchange);
      queue_.complete(*each);
    }
    keep(queue_.take_all());
    for (auto& each : jobs_) {
      look(each);
      path_.end(each.exchange);
    }
  }

  const called_handler& handler_;
  const ablation_request& asked_;
  Path queue_{1};
  request_path path_;
  std::vector<dispatch::job> jobs_;
  std::vector<dispatch::job*> taken_;
};

/// Each thread does all of a request, `count` times.
template <class Path, class Copies>
ablation_cost run_inline(threads& on, const ablation_request& asked, std::size_t count) {
  std::barrier gate{static_cast<std::ptrdiff_t>(on.size())};
  std::mutex mutex;
  std::vector<stopwatch> watches;
  interpreter_thread::work work = [&](const called_handler& handler) {
    inline_run<Path, Copies> run{handler, asked};
    {
      const python::detach_guard waiting;
      gate.arrive_and_wait();
    }
    stopwatch watch{CLOCK_THREAD_CPUTIME_ID};
    run.repeat(count);
    watch.stop();
    const std::lock_guard lock{mutex};
    watches.push_back(watch);
  };
  for (const auto& each : on) each->start(work);
  for (const auto& each : on) each->wait();
  return stopwatch::cost(watches, count * on.size());
}

/// Instructions of each request in one thread; none without a counter, and under callgrind.
template <class Path, class Copies>
std::optional<double> count_inline(threads& on, const ablation_request& asked,
                                   const std::string& name) {
  constexpr std::size_t count = 500;
  std::optional<double> counted;
  interpreter_thread::work work = [&](const called_handler& handler) {
    inline_run<Path, Copies> run{handler, asked};
    run.repeat(count);
    instruction_count counter;
    counter.start();
    run.repeat(count);
    counted = counter.stop(name, count);
  };
  on.front()->start(work);
  on.front()->wait();
  return counted;
}

template <class Path, class Copies>
void take_jobs(Path& queue, unsigned worker, const called_handler& handler) {
  for (;;) {
    while (auto* taken = queue.take(worker)) {
      handler.answer(*taken);
      Copies::finish(taken->exchange);
      queue.complete(*taken);
    }
    const python::detach_guard waiting;
    if (!queue.wait_for_job(worker)) return;
  }
}

/// The calling thread is the reactor, with `under_way` requests at workers on the other threads.
template <class Path, class Copies>
ablation_cost run_crossing(threads& on, const ablation_request& asked, std::size_t count) {
  constexpr std::size_t under_way = 64;
  Path queue{static_cast<unsigned>(on.size())};
  std::vector<interpreter_thread::work> works;
  for (unsigned i = 0; i < on.size(); ++i) {
    works.emplace_back([&queue, &asked, i](const called_handler& handler) {
      handler.pool(asked.pooled);
      take_jobs<Path, Copies>(queue, i, handler);
    });
  }
  for (std::size_t i = 0; i < on.size(); ++i) on[i]->start(works[i]);

  request_path path{*asked.routes};
  std::vector<dispatch::job> jobs(under_way);
  for (auto& each : jobs) each.handler = asked.handler;
  const auto send = [&](dispatch::job& one) {
    path.begin(one.exchange, asked.bytes);
    Copies::receive(one.exchange.request);
    queue.submit(one);
  };
  stopwatch watch{CLOCK_PROCESS_CPUTIME_ID};
  for (auto& each : jobs) send(each);
  std::size_t sent = under_way;
  for (std::size_t received = 0; received != count;) {
    auto* done = queue.take_all();
    if (done == nullptr) queue.wait_for_done();
    while (done != nullptr) {
      auto& one = *done;
      done = done->next;
      if (++received <= under_way) check_answer(one.exchange.output.view(), 200, asked.body);
      path.end(one.exchange);
      if (sent != count) {
        ++sent;
        send(one);
      }
    }
  }
  watch.stop();
  queue.close();
  for (const auto& each : on) each->wait();
  return stopwatch::cost({watch}, count);
}

} // namespace fasterapi::bench
