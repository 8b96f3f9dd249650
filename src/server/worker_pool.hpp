#pragma once

#include "config/load.hpp"
#include "dispatch/lane.hpp"
#include "hosting/worker.hpp"
#include "python/process_services.hpp"
#include "python/runtime.hpp"
#include "server/metrics_page.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace fasterapi::server {

/// The app's workers, the lane that feeds them, and what the first of them said of the app. Verbs
/// are called by the main thread. Without an app it has neither workers nor a lane.
class worker_pool {
public:
  struct callbacks {
    std::function<bool()> must_stop;                 // see hosting::worker_settings
    std::function<void(const std::string&)> on_lost; // by its thread: a worker ended by itself
  };

  worker_pool(const config::loaded& configuration, python::process_services services,
              metrics_page& metrics, callbacks calls);

  /// The first worker imports the app, and tells its routes and what the module asked for. Throws
  /// start_error, and hosting::start_interrupted where must_stop asks for it.
  void load();
  /// The others import it as well, and all begin to serve. Throws as load() does.
  void start();
  /// A worker inside a handler that does not return cannot be ended: another takes its place, and
  /// it serves on beside it should it ever come back.
  void replace_stuck(unsigned count) { replace(count); }
  /// Another for each worker that is of no use any more. False: there is not, and why is logged.
  bool replace(unsigned count);
  /// Workers end once what they have is answered; the worst of their ends.
  hosting::ending end_by(std::chrono::steady_clock::time_point deadline);

  const hosting::app_description& app() const noexcept { return app_; }
  dispatch::lane* lane() noexcept { return lane_.get(); } // lives as long as the pool
  std::size_t size() const noexcept { return workers_.size(); }

private:
  struct first_worker {
    std::unique_ptr<dispatch::lane> lane; // outlives the worker
    std::unique_ptr<hosting::worker> worker;
  };

  void load_first();
  void leave_first();
  unsigned wanted() const;
  bool asks_otherwise();
  hosting::worker& add();

  const config::loaded& configuration_;
  const config::settings& settings_;
  python::process_services services_;
  metrics_page& metrics_;
  const callbacks calls_;
  std::unique_ptr<python::runtime> runtime_;
  std::unique_ptr<dispatch::lane> lane_;
  hosting::app_description app_;
  bool uses_subinterpreters_ = true;
  unsigned ports_;           // of the lane
  unsigned replaceable_ = 0; // each worker once; none in the main interpreter, which is one
  std::optional<first_worker> left_behind_; // which had not ended when others took its place
  std::vector<std::unique_ptr<hosting::worker>> workers_;
};

} // namespace fasterapi::server
