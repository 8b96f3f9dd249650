#include "hosting/worker.hpp"

#include "hosting/worker_thread.hpp"

#include <utility>

namespace fasterapi::hosting {

worker::worker(dispatch::worker_port& port, worker_settings settings)
    : thread_(std::make_shared<worker_thread>(port, std::move(settings))) {}

worker::~worker() {
  thread_->join_until(std::chrono::steady_clock::now() + thread_->settings().shutdown_deadline);
}

app_description worker::load() { return worker_thread::load(thread_); }

void worker::start() { thread_->start(); }

void worker::stop() noexcept { thread_->stop(); }

ending worker::join_until(std::chrono::steady_clock::time_point deadline) noexcept {
  return thread_->join_until(deadline);
}

} // namespace fasterapi::hosting
