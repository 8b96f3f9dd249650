#pragma once

#include "hosting/worker.hpp"
#include "python/shutdown_clock.hpp"

#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

namespace fasterapi::python {
class thread_state;
}

namespace fasterapi::hosting {

/// The thread behind a worker, and how the main thread talks with it: one lock, taken at start and
/// at the end only. Shared by both, since a thread whose handler never returns outlives its worker.
class worker_thread {
public:
  using clock = std::chrono::steady_clock;

  worker_thread(dispatch::worker_port& port, worker_settings settings);
  ~worker_thread();
  worker_thread(const worker_thread&) = delete;
  worker_thread& operator=(const worker_thread&) = delete;

  // By the main thread; load and start throw app_error and start_interrupted.
  static app_description load(const std::shared_ptr<worker_thread>& self);
  void start();
  void stop() noexcept;
  ending join_until(clock::time_point deadline) noexcept;
  const worker_settings& settings() const noexcept { return settings_; }

private:
  enum class phase { created, loading, loaded, starting, running, ended };

  void main() noexcept;
  void live_in(python::thread_state& state);
  void live();
  bool wait_for_start(app_description loaded); // false: stopped before
  bool wait_for_end_of(phase current, clock::time_point latest, std::unique_lock<std::mutex>& lock);
  void enter(phase next);
  void fail(std::string reason, std::string report = {});

  dispatch::worker_port& port_;
  const worker_settings settings_;
  python::shutdown_clock clock_;
  std::thread thread_;

  std::mutex mutex_; // of what follows
  std::condition_variable changed_;
  phase phase_ = phase::created;
  bool is_stopping_ = false;
  ending ending_ = ending::whole;
  std::string failure_;
  std::string failure_report_;
  std::optional<app_description> app_;
};

} // namespace fasterapi::hosting
