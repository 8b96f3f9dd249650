#pragma once

#include <condition_variable>
#include <mutex>

namespace fasterapi::bench {

/// One piece of work at a time from one thread to another, which waits for it between
/// measurements.
template <class Work>
class handover {
public:
  // Who gives.
  void give(Work& work) {
    const std::lock_guard lock{mutex_};
    work_ = &work;
    changed_.notify_all();
  }
  void wait() {
    std::unique_lock lock{mutex_};
    changed_.wait(lock, [&] { return work_ == nullptr; });
  }
  void close() {
    const std::lock_guard lock{mutex_};
    is_closed_ = true;
    changed_.notify_all();
  }

  // Who takes.
  Work* next() { // null: closed
    std::unique_lock lock{mutex_};
    changed_.wait(lock, [&] { return work_ != nullptr || is_closed_; });
    return work_;
  }
  void done() {
    const std::lock_guard lock{mutex_};
    work_ = nullptr;
    changed_.notify_all();
  }

private:
  std::mutex mutex_;
  std::condition_variable changed_;
  Work* work_ = nullptr;
  bool is_closed_ = false;
};

} // namespace fasterapi::bench
