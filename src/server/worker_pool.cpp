#include "server/worker_pool.hpp"

#include "observe/log.hpp"
#include "server/drain_time.hpp"
#include "server/package_path.hpp"
#include "server/start_error.hpp"

#include <algorithm>
#include <string>

namespace fasterapi::server {

namespace {

using observe::level;

/// Each worker may be replaced once. Few unless asked for: who submits a job looks for sleepers
/// among them all.
unsigned ports_for(unsigned workers) { return std::max(64u, 2 * workers); }

/// What a worker is asked about its app.
std::string report_of(config::action action) {
  if (action == config::action::openapi) return "openapi";
  return action == config::action::dev ? "files" : "";
}

void info(const std::string& message) { observe::log(level::info, "server", message); }
void warn(const std::string& message) { observe::log(level::warning, "server", message); }
void error(const std::string& message) { observe::log(level::error, "server", message); }

} // namespace

worker_pool::worker_pool(const config::loaded& configuration, python::process_services services,
                         metrics_page& metrics, callbacks calls)
    : configuration_(configuration), settings_(configuration.settings),
      services_(std::move(services)), metrics_(metrics), calls_(std::move(calls)),
      ports_(ports_for(settings_.workers)) {}

hosting::worker& worker_pool::add() {
  dispatch::worker_port& port = lane_->add_worker();
  const hosting::worker_settings how{
      .app = settings_.app,
      .use_subinterpreters = uses_subinterpreters_,
      .debug = settings_.debug,
      .report = report_of(configuration_.action),
      .runs = *dispatch::read_policy(settings_.dispatch),
      .batches = std::make_shared<observe::batch_metrics>(),
      .services = services_,
      .import_deadline = settings_.timeouts.startup,
      .startup_deadline = settings_.timeouts.startup,
      .must_stop = calls_.must_stop,
      .on_lost =
          [this, index = port.index()](const std::string& why) {
            calls_.on_lost("worker " + std::to_string(index) + " has ended: " + why);
          },
      .shutdown_deadline = drain_time{settings_.timeouts.drain}.whole};
  metrics_.watch(how.batches);
  workers_.push_back(std::make_unique<hosting::worker>(port, how));
  return *workers_.back();
}

void worker_pool::load_first() {
  lane_ = std::make_unique<dispatch::lane>(settings_.limits.queue_capacity, ports_);
  app_ = add().load();
}

/// One that does not end keeps the lane that it was made for.
void worker_pool::leave_first() {
  left_behind_ = first_worker{std::move(lane_), std::move(workers_.back())};
  workers_.clear();
  const auto latest = std::chrono::steady_clock::now() + drain_time{settings_.timeouts.drain}.whole;
  const hosting::ending ended = left_behind_->worker->join_until(latest);
  if (ended == hosting::ending::whole) return left_behind_.reset();
  if (ended == hosting::ending::leaves_daemons) return;
  warn("what the first import of the app began does not end (timeouts.drain): it is left behind");
}

void worker_pool::load() try {
  if (settings_.app.empty()) return;
  runtime_ = std::make_unique<python::runtime>(
      python::runtime_settings{.home = settings_.python.home,
                               .venv = settings_.python.venv,
                               .path = settings_.python.path,
                               .package_path = package_path(),
                               .may_write_bytecode = configuration_.action != config::action::dev});
  uses_subinterpreters_ = settings_.python.use_subinterpreters;
  load_first();
  if (asks_otherwise()) {
    leave_first();
    load_first();
  }
  if (app_.queue_capacity && !configuration_.has_explicit("limits.queue_capacity")) {
    lane_->resize(*app_.queue_capacity);
  }
} catch (const hosting::app_error& failure) {
  throw start_error{exit_status::bad_app, failure.what(), failure.report};
} catch (const python::settings_error& failure) {
  throw start_error{exit_status::bad_config, failure.what()};
} catch (const std::exception& failure) {
  throw start_error{exit_status::failed, std::string{"Python does not start: "} + failure.what()};
}

/// For other interpreters, or for more workers than there is room for: then both are made anew.
bool worker_pool::asks_otherwise() {
  const bool had_subinterpreters = uses_subinterpreters_;
  if (!configuration_.has_explicit("python.use_subinterpreters"))
    uses_subinterpreters_ = app_.use_subinterpreters.value_or(uses_subinterpreters_);
  const unsigned had_ports = ports_;
  if (uses_subinterpreters_) ports_ = std::max(ports_, ports_for(wanted()));
  return had_subinterpreters != uses_subinterpreters_ || had_ports != ports_;
}

unsigned worker_pool::wanted() const {
  const bool is_told = configuration_.has_explicit("workers");
  const unsigned count = is_told ? settings_.workers : app_.workers.value_or(settings_.workers);
  if (uses_subinterpreters_) return std::max(count, 1u);
  if (count > 1 && (is_told || app_.workers))
    warn(std::to_string(count) + " workers were asked for; the main interpreter has one");
  return 1;
}

void worker_pool::start() try {
  if (workers_.empty()) return;
  const unsigned count = wanted();
  replaceable_ = uses_subinterpreters_ ? count : 0;
  info(std::string{"Using sub-interpreters: "} + (uses_subinterpreters_ ? "True" : "False"));
  info("workers: " + std::to_string(count));
  while (workers_.size() < count) {
    if (add().load().routes == app_.routes) continue;
    throw start_error{exit_status::bad_app,
                      settings_.app +
                          " registers other routes when it is imported again: each worker "
                          "imports it, so routes must not depend on state outside"};
  }
  for (const auto& worker : workers_) worker->start();
} catch (const hosting::app_error& failure) {
  throw start_error{exit_status::bad_app, failure.what(), failure.report};
}

bool worker_pool::replace(unsigned count) try {
  for (; count != 0; --count) {
    if (replaceable_ == 0) {
      error(uses_subinterpreters_
                ? "as many workers have been replaced as were configured: no more are"
                : "the main interpreter has one worker, which cannot be replaced");
      return false;
    }
    --replaceable_;
    metrics_.count_replaced_worker();
    hosting::worker& fresh = add();
    fresh.load();
    fresh.start();
    info("a worker takes the place of one that is of no use any more");
  }
  return true;
} catch (const hosting::start_interrupted&) {
  return true;
} catch (const std::exception& failure) {
  error(std::string{"a worker cannot be replaced: "} + failure.what());
  return false;
}

hosting::ending worker_pool::end_by(std::chrono::steady_clock::time_point deadline) {
  if (lane_) lane_->close();
  auto worst = hosting::ending::whole;
  for (const auto& worker : workers_) worst = std::max(worst, worker->join_until(deadline));
  if (left_behind_) worst = std::max(worst, left_behind_->worker->join_until(deadline));
  if (worst != hosting::ending::whole) return worst;
  workers_.clear();
  left_behind_.reset();
  return worst;
}

} // namespace fasterapi::server
