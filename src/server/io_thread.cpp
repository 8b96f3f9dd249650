#include "server/io_thread.hpp"

#include <pthread.h>
#include <string>

namespace fasterapi::server {

io_thread::io_thread(net::service& shared, unsigned index)
    : reactor_(shared, index), index_(index) {}

io_thread::~io_thread() {
  reactor_.stop();
  if (thread_.joinable()) thread_.join();
}

void io_thread::start() {
  thread_ = std::thread{[this] {
    ::pthread_setname_np(::pthread_self(), ("io " + std::to_string(index_)).c_str());
    reactor_.run();
    ended_.set_value();
  }};
}

bool io_thread::wait_until(std::chrono::steady_clock::time_point deadline) const {
  return end_.wait_until(deadline) == std::future_status::ready;
}

} // namespace fasterapi::server
