#include "hosting/worker_thread.hpp"

#include "hosting/hosted_app.hpp"
#include "observe/log.hpp"
#include "python/sub_interpreter.hpp"

#include <pthread.h>

#include <algorithm>
#include <exception>
#include <utility>

namespace fasterapi::hosting {

namespace {

using namespace std::chrono_literals;

constexpr auto between_looks = 20ms; // at must_stop
constexpr auto import_grace = 1s;    // an import cannot be ended, and there is nothing to finish

std::string in_time(std::chrono::milliseconds deadline) {
  return " within " + std::to_string(deadline.count()) + " ms (timeouts.startup).";
}

} // namespace

worker_thread::worker_thread(dispatch::worker_port& port, worker_settings settings)
    : port_(port), settings_(std::move(settings)), clock_(settings_.shutdown_deadline) {}

worker_thread::~worker_thread() {
  if (thread_.joinable()) thread_.detach();
}

app_description worker_thread::load(const std::shared_ptr<worker_thread>& self) {
  self->phase_ = phase::loading;
  self->thread_ = std::thread([self] { self->main(); });
  const std::string name = "py-worker-" + std::to_string(self->port_.index());
  pthread_setname_np(self->thread_.native_handle(), name.substr(0, 15).c_str());
  std::unique_lock lock(self->mutex_);
  const auto latest = clock::now() + self->settings_.import_deadline;
  if (!self->wait_for_end_of(phase::loading, latest, lock)) {
    throw app_error("The import of " + self->settings_.app + " did not end" +
                    in_time(self->settings_.import_deadline));
  }
  if (self->phase_ == phase::ended) throw app_error(self->failure_, self->failure_report_);
  return *self->app_;
}

void worker_thread::start() {
  std::unique_lock lock(mutex_);
  phase_ = phase::starting;
  changed_.notify_all();
  // The startup itself has the deadline; a blocking one cannot be cancelled and runs into this one.
  wait_for_end_of(phase::starting, clock::now() + settings_.startup_deadline + 2s, lock);
  if (phase_ == phase::running) return;
  if (phase_ == phase::ended) throw app_error(failure_, failure_report_);
  throw app_error("The startup of " + settings_.app + " blocks: it did not end" +
                  in_time(settings_.startup_deadline));
}

/// False: it goes on, and it is `latest`.
bool worker_thread::wait_for_end_of(phase current, clock::time_point latest,
                                    std::unique_lock<std::mutex>& lock) {
  while (phase_ == current && clock::now() < latest) {
    if (settings_.must_stop && settings_.must_stop()) throw start_interrupted{};
    changed_.wait_for(lock, between_looks);
  }
  return phase_ != current;
}

void worker_thread::stop() noexcept {
  const std::lock_guard lock(mutex_);
  is_stopping_ = true;
  changed_.notify_all();
}

ending worker_thread::join_until(clock::time_point deadline) noexcept {
  stop();
  clock_.shorten(deadline);
  {
    std::unique_lock lock(mutex_);
    if (phase_ == phase::created) return ending::whole;
    if (phase_ == phase::loading) deadline = std::min(deadline, clock::now() + import_grace);
    if (!changed_.wait_until(lock, deadline, [&] { return phase_ == phase::ended; }))
      return ending::cut_off;
  }
  if (thread_.joinable()) thread_.join();
  return ending_;
}

void worker_thread::main() noexcept {
  try {
    if (settings_.use_subinterpreters) {
      python::sub_interpreter own;
      live_in(own.state());
      if (ending_ != ending::whole) own.abandon();
    } else {
      auto guest = python::thread_state::in_main_interpreter();
      live_in(guest);
    }
  } catch (const std::exception& failure) {
    fail(failure.what());
  }
  const bool is_lost = phase_ == phase::running && !port_.is_closing();
  enter(phase::ended);
  if (is_lost && settings_.on_lost) settings_.on_lost(failure_);
}

void worker_thread::live_in(python::thread_state& state) {
  const python::attach_guard attached(state);
  live();
}

void worker_thread::live() {
  hosted_app app(port_, settings_, clock_);
  try {
    app.load();
    if (wait_for_start(app.description())) {
      app.serve([this] { enter(phase::running); });
    }
  } catch (const std::exception& failure) {
    fail(failure.what(), app.report());
  }
  const threads_left left = app.finish();
  if (left.has_daemons) ending_ = ending::leaves_daemons;
  if (left.late.empty()) return;
  std::string names;
  for (const auto& each : left.late) names += (names.empty() ? "" : ", ") + each;
  observe::log(observe::level::error, "worker " + std::to_string(port_.index()),
               "threads that did not end: " + names + "; the process will end without them");
  ending_ = ending::cut_off;
}

bool worker_thread::wait_for_start(app_description loaded) {
  const python::detach_guard waiting;
  std::unique_lock lock(mutex_);
  app_ = std::move(loaded);
  phase_ = phase::loaded;
  changed_.notify_all();
  changed_.wait(lock, [&] { return phase_ == phase::starting || is_stopping_; });
  return phase_ == phase::starting;
}

void worker_thread::enter(phase next) {
  const std::lock_guard lock(mutex_);
  phase_ = next;
  changed_.notify_all();
}

void worker_thread::fail(std::string reason, std::string report) {
  const std::lock_guard lock(mutex_);
  if (!failure_.empty()) return;
  failure_ = std::move(reason);
  failure_report_ = std::move(report);
}

} // namespace fasterapi::hosting
