#pragma once

#include "ablation/copies.hpp"
#include "ablation/interpreter_thread.hpp"
#include "ablation/paths.hpp"
#include "support/request_path.hpp"

#include <algorithm>
#include <barrier>
#include <ctime>
#include <memory>
#include <mutex>
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

/// What all variants are asked.
struct ablation_request {
  const routing::route_table& routes;
  std::string bytes = make_request("GET", "/users/42?q=abc");
  std::string body = R"({"user_id":42,"q":"abc"})";
  std::uint32_t handler = 0;
  std::size_t pooled = python::object_pool::most;
};

/// Each thread does all of a request, `count` times, with a queue of its own.
template <class Path, class Copies>
ablation_cost run_inline(threads& on, const ablation_request& asked, std::size_t count) {
  std::barrier gate{static_cast<std::ptrdiff_t>(on.size())};
  std::mutex mutex;
  std::vector<stopwatch> watches;
  interpreter_thread::work work = [&](const called_handler& handler) {
    Path queue{1};
    request_path path{asked.routes};
    dispatch::job job;
    job.handler = asked.handler;
    handler.pool(asked.pooled);
    {
      const python::detach_guard waiting;
      gate.arrive_and_wait();
    }
    stopwatch watch{CLOCK_THREAD_CPUTIME_ID};
    for (std::size_t i = 0; i < count; ++i) {
      path.begin(job.exchange, asked.bytes);
      Copies::receive(job.exchange.request);
      queue.submit(job);
      auto& taken = *queue.take(0);
      handler.answer(taken);
      Copies::finish(taken.exchange);
      queue.complete(taken);
      keep(queue.take_all());
      if (i == 0) check_answer(job.exchange.output.view(), 200, asked.body);
      path.end(job.exchange);
    }
    watch.stop();
    const std::lock_guard lock{mutex};
    watches.push_back(watch);
  };
  for (const auto& each : on) each->start(work);
  for (const auto& each : on) each->wait();
  return stopwatch::cost(watches, count * on.size());
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
    works.emplace_back(
        [&queue, i](const called_handler& handler) { take_jobs<Path, Copies>(queue, i, handler); });
  }
  for (std::size_t i = 0; i < on.size(); ++i) on[i]->start(works[i]);

  request_path path{asked.routes};
  std::vector<dispatch::job> jobs(under_way);
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
