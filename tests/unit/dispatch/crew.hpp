#pragma once

#include "dispatch/lane.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <poll.h>
#include <thread>
#include <vector>

namespace fasterapi::dispatch::test {

/// Much longer than any wake-up takes, on a busy machine and under TSan too: who waits longer has
/// lost one.
inline constexpr std::chrono::milliseconds patience{8000};

inline bool is_readable(int fd, std::chrono::milliseconds wait = std::chrono::milliseconds{0}) {
  pollfd waited{fd, POLLIN, 0};
  return ::poll(&waited, 1, static_cast<int>(wait.count())) == 1;
}

/// Cheap noise, so that threads meet at ever different places. One per thread.
class noise {
public:
  explicit noise(std::uint64_t seed) : state_{seed * 0x9E3779B97F4A7C15U + 1} {}
  std::uint64_t next() { // xorshift64, Marsaglia 2003
    state_ ^= state_ << 13;
    state_ ^= state_ >> 7;
    return state_ ^= state_ << 17;
  }
  void pause() {
    const auto what = next() % 64;
    if (what == 0) std::this_thread::sleep_for(std::chrono::microseconds(next() % 100));
    if (what < 16) std::this_thread::yield();
  }

private:
  std::uint64_t state_;
};

/// A few threads that work as hosting's do: take, or sleep on the bell, until the lane is closed.
class crew {
public:
  using handler = std::function<void(worker_port&, job&)>;

  crew(lane& home, unsigned size, handler handle) : lane_{home}, handle_{std::move(handle)} {
    for (auto i = 0U; i < size; ++i) {
      threads_.emplace_back([this, &port = home.add_worker()] { work(port); });
    }
  }
  ~crew() { dismiss(); }

  /// Closes the lane. False: somebody overslept.
  bool dismiss() {
    lane_.close();
    for (auto& each : threads_) each.join();
    threads_.clear();
    return !has_overslept_;
  }

private:
  void work(worker_port& port) {
    noise random{port.index() + 1};
    while (!has_overslept_) {
      if (auto* taken = port.take()) {
        handle_(port, *taken);
        random.pause();
      } else if (port.is_closing()) {
        return;
      } else if (port.prepare_sleep()) {
        if (!is_readable(port.fd(), patience)) has_overslept_ = true;
        port.awake();
      }
    }
  }

  lane& lane_;
  handler handle_;
  std::atomic<bool> has_overslept_{false};
  std::vector<std::thread> threads_;
};

/// Completes what it gets: the handler of a crew that just answers.
inline void answer(worker_port&, job& taken) { taken.origin->complete(taken); }

/// What a reactor does with its completion queue. One thread.
class desk {
public:
  explicit desk(lane& to) : lane_{to} {}

  completion_queue& queue() { return queue_; }

  /// Sleeps until something may have happened. False: overslept.
  bool wait() {
    if (!queue_.prepare_sleep()) return true;
    const bool was_woken = is_readable(queue_.fd(), patience);
    queue_.awake();
    return was_woken;
  }

  /// Sends each of `jobs` `rounds` times and calls `returned` for each that came back. False:
  /// overslept.
  bool run(
      std::vector<std::unique_ptr<job>>& jobs, unsigned rounds,
      const std::function<void(job&)>& returned = [](job&) {}) {
    std::vector<job*> idle;
    for (auto& each : jobs) idle.push_back(each.get());
    auto to_send = jobs.size() * rounds;
    auto to_come = to_send;
    while (to_come > 0) {
      if (!send(idle, to_send) && to_send > 0) lane_.notify_room(queue_);
      auto* came = queue_.take_all();
      if (came == nullptr && !wait()) return false;
      while (came != nullptr) {
        auto& each = *came;
        came = came->next;
        returned(each);
        idle.push_back(&each);
        --to_come;
      }
    }
    return true;
  }

private:
  // False: no room.
  bool send(std::vector<job*>& idle, std::size_t& left) {
    while (!idle.empty() && left > 0) {
      idle.back()->origin = &queue_;
      if (!lane_.submit(*idle.back())) return false;
      idle.pop_back();
      --left;
    }
    return true;
  }

  lane& lane_;
  completion_queue queue_;
};

inline std::vector<std::unique_ptr<job>> make_jobs(std::size_t count) {
  std::vector<std::unique_ptr<job>> jobs;
  for (std::size_t i = 0; i < count; ++i) {
    jobs.push_back(std::make_unique<job>());
    jobs.back()->id = i;
  }
  return jobs;
}

} // namespace fasterapi::dispatch::test
