#pragma once

#include "dispatch/lane.hpp"
#include "support/report.hpp"

#include <condition_variable>
#include <mutex>
#include <poll.h>
#include <queue>
#include <utility>
#include <vector>

namespace fasterapi::bench {

/// Jobs to the workers and back as the server does it: the ring, and the completion queue.
class ring_path {
public:
  explicit ring_path(unsigned workers) : lane_{10'000, workers} {
    for (unsigned i = 0; i < workers; ++i) ports_.push_back(&lane_.add_worker());
  }

  // The reactor's side.
  void submit(dispatch::job& one) {
    one.origin = &done_;
    if (!lane_.submit(one)) fail("the ring is full");
  }
  dispatch::job* take_all() { return done_.take_all(); }
  void wait_for_done() {
    if (!done_.prepare_sleep()) return;
    sleep_on(done_.fd());
    done_.awake();
  }
  void close() { lane_.close(); }

  // A worker's.
  dispatch::job* take(unsigned worker) { return ports_[worker]->take(); }
  void complete(dispatch::job& one) { done_.complete(one); }
  /// False: closed, and nothing left.
  bool wait_for_job(unsigned worker) {
    auto& port = *ports_[worker];
    if (port.is_closing()) return false;
    if (!port.prepare_sleep()) return true;
    sleep_on(port.fd());
    port.awake();
    return true;
  }

private:
  static void sleep_on(int fd) {
    pollfd bell{fd, POLLIN, 0};
    ::poll(&bell, 1, -1);
  }

  dispatch::completion_queue done_;
  dispatch::lane lane_;
  std::vector<dispatch::worker_port*> ports_;
};

/// The same with a std::queue, a mutex and a condition variable each way.
class mutex_path {
public:
  explicit mutex_path(unsigned) {}

  void submit(dispatch::job& one) {
    {
      const std::lock_guard lock{jobs_mutex_};
      jobs_.push(&one);
    }
    has_job_.notify_one();
  }
  dispatch::job* take_all() {
    const std::lock_guard lock{done_mutex_};
    return std::exchange(done_, nullptr);
  }
  void wait_for_done() {
    std::unique_lock lock{done_mutex_};
    has_done_.wait(lock, [&] { return done_ != nullptr; });
  }
  void close() {
    const std::lock_guard lock{jobs_mutex_};
    is_closed_ = true;
    has_job_.notify_all();
  }

  dispatch::job* take(unsigned) {
    const std::lock_guard lock{jobs_mutex_};
    if (jobs_.empty()) return nullptr;
    dispatch::job* first = jobs_.front();
    jobs_.pop();
    return first;
  }
  void complete(dispatch::job& one) {
    {
      const std::lock_guard lock{done_mutex_};
      one.next = std::exchange(done_, &one);
    }
    has_done_.notify_one();
  }
  bool wait_for_job(unsigned) {
    std::unique_lock lock{jobs_mutex_};
    has_job_.wait(lock, [&] { return !jobs_.empty() || is_closed_; });
    return !jobs_.empty();
  }

private:
  std::mutex jobs_mutex_;
  std::condition_variable has_job_;
  std::queue<dispatch::job*> jobs_;
  bool is_closed_ = false;
  std::mutex done_mutex_;
  std::condition_variable has_done_;
  dispatch::job* done_ = nullptr; // linked by job::next
};

} // namespace fasterapi::bench
