#pragma once

#include "hosting/worker.hpp"
#include "python/job_loop.hpp"
#include "python/module_state.hpp"
#include "python/py_ref.hpp"
#include "python/shutdown_clock.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace fasterapi::hosting {

/// Threads of the app that have not ended in time.
struct threads_left {
  std::vector<std::string> late; // names of those that should have
  bool has_daemons = false;
};

/// An app in the attached interpreter, from its import to the end of its threads: the calls of
/// fasterapi._worker (docs/boundary.md). Every verb on the worker's thread, attached.
class hosted_app {
public:
  /// Makes the interpreter a worker. Throws app_error where the package is missing.
  hosted_app(dispatch::worker_port& port, const worker_settings& settings,
             python::shutdown_clock& clock);
  ~hosted_app();
  hosted_app(const hosted_app&) = delete;
  hosted_app& operator=(const hosted_app&) = delete;

  void load(); // throws app_error
  /// What worker_settings::report asks for, of an app that did not load or start; may be empty.
  std::string report() noexcept;
  const app_description& description() const noexcept { return description_; }
  /// Returns when the lane is closed and everything answered. Throws app_error for the startup.
  void serve(std::function<void()> on_ready);
  threads_left finish() noexcept;

private:
  void bind();
  void read_description();

  dispatch::worker_port& port_;
  const worker_settings& settings_;
  python::shutdown_clock& clock_;
  python::module_state* state_ = nullptr;
  python::py_ref worker_module_;
  python::py_ref loaded_;
  app_description description_;
  std::vector<python::handler> handlers_;
};

} // namespace fasterapi::hosting
