#pragma once

#include "net/reactor.hpp"

#include <chrono>
#include <future>
#include <memory>
#include <thread>

namespace fasterapi::server {

/// A thread that runs one reactor. The main thread starts, waits for and ends it.
class io_thread {
public:
  io_thread(net::service& shared, unsigned index);
  ~io_thread(); // stops and joins

  net::reactor& reactor() noexcept { return reactor_; }
  void start();
  /// True when the reactor has ended by then, see net::reactor::run; it lives on, for what workers
  /// give back.
  bool wait_until(std::chrono::steady_clock::time_point deadline) const;

private:
  net::reactor reactor_;
  unsigned index_;
  std::promise<void> ended_;
  const std::future<void> end_{ended_.get_future()};
  std::thread thread_;
};

} // namespace fasterapi::server
