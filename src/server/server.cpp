#include "server/server.hpp"

#include "observe/log.hpp"
#include "server/exit_status.hpp"
#include "server/failure_routes.hpp"
#include "server/package_path.hpp"
#include "server/port_file.hpp"
#include "server/route_listing.hpp"
#include "server/session_settings.hpp"

#include <algorithm>
#include <unistd.h>

namespace fasterapi::server {

namespace {

using steady_clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

constexpr std::size_t most_queued = 1 << 20; // that an app may ask for

/// Each worker may be replaced once. Few unless configured: who submits a job looks for sleepers
/// among them all.
unsigned max_ports(const config::settings& settings) { return std::max(64u, 2 * settings.workers); }

/// What serves the route without Python; empty: Python does.
CppHandler native_handler(const hosting::route_description& of) {
  if (!of.cpp_handler.empty()) return routing::find_cpp_handler(of.cpp_handler);
  if (!of.program) return {};
  return [program = std::make_shared<const http::response_program>(*of.program)](
             HttpRequest* request, HttpResponse* response) { program->run(*request, *response); };
}

python::process_services make_services(const config::settings& from) {
  const auto then =
      from.shared.when_full == "refuse" ? store::when_full::refuse : store::when_full::evict;
  return {std::make_shared<observe::app_metrics>(from.metrics.max_label_sets),
          std::make_shared<store::shared_store>(from.shared.max_bytes, then),
          std::make_shared<store::hub>()};
}

void info(const std::string& message) { observe::log(observe::level::info, "server", message); }

/// The banner: as seen while an app is being written, otherwise for who looks closer.
void show_routes(const std::vector<listed_route>& routes, config::action action) {
  const auto at = action == config::action::dev ? observe::level::info : observe::level::debug;
  if (!observe::is_enabled(at)) return;
  std::string table = to_table(routes);
  table.pop_back();
  observe::log(at, "server", "routes\n" + table);
}

/// What a worker is asked about its app.
std::string report_of(config::action action) {
  if (action == config::action::openapi) return "openapi";
  return action == config::action::dev ? "files" : "";
}

void error(const std::string& message) { observe::log(observe::level::error, "server", message); }

} // namespace

/// What can fail between start and the first request, with the status that it ends with.
struct start_error : std::runtime_error {
  start_error(exit_status with, const std::string& what, std::string about = {})
      : std::runtime_error(what), status(with), report(std::move(about)) {}
  exit_status status;
  std::string report; // hosting::app_error's
};

server::server(const config::loaded& configuration, process::inheritance given)
    : configuration_(configuration), settings_(configuration.settings), given_(std::move(given)),
      sockets_(settings_, given_.listening_fds) {
  service_.settings = to_session_settings(settings_);
  services_ = make_services(settings_);
  metrics_.watch(services_);
  service_.on_stuck_worker = [this](const dispatch::worker_port& stuck) {
    error("worker " + std::to_string(stuck.index()) + " is stuck in a handler over its deadline");
    stuck_workers_.fetch_add(1);
    stop_.nudge();
  };
  service_.on_closed = [this] {
    if (closed_.fetch_add(1) + 1 == io_threads_.size() && given_.supervisor.is_open())
      given_.supervisor.send(process::message::kind::closed);
  };
}

server::~server() = default;

int server::run() {
  try {
    given_.failure.empty() ? start() : show_failure();
    if (stop_.received() == 0) wait_for_turn();
    if (stop_.received() == 0) listen();
  } catch (const start_error& failure) {
    return end_with(failure);
  }
  while (stop_.wait() == 0) replace_stuck_workers();
  return drain();
}

void server::start() {
  info("fasterapi-server " FASTERAPI_VERSION " with CPython " FASTERAPI_PYTHON_BUILD);
  load_app();
  build_routes();
  start_workers();
}

/// What went wrong in a process before this one.
void server::show_failure() {
  routes_ = failure_routes(given_.failure);
  service_.routes = &*routes_;
}

/// A supervisor says when the process before us has stopped accepting.
void server::wait_for_turn() {
  if (!given_.supervisor.is_open()) return;
  given_.supervisor.send(process::message::kind::loaded, app_.report);
  const auto word = given_.supervisor.wait();
  if (word && word->what == process::message::kind::serve) return;
  while (stop_.wait() == 0) continue; // it has ended, or does not want us any more
}

int server::end_with(const start_error& failure) {
  error(failure.what());
  if (given_.supervisor.is_open()) {
    given_.supervisor.send(process::message::kind::files, failure.report);
    given_.supervisor.send(process::message::kind::failed, failure.what());
  }
  return stop_workers(steady_clock::now() + settings_.timeouts.drain) ? failure.status
                                                                      : exit_status::failed;
}

int server::report(std::string& text) {
  try {
    load_app();
    build_routes();
  } catch (const start_error& failure) {
    return end_with(failure);
  }
  if (configuration_.action == config::action::openapi)
    text = app_.report + "\n";
  else
    text = (configuration_.is_json ? to_json : to_table)(list_routes(app_, *routes_));
  stop_workers(steady_clock::now() + settings_.timeouts.drain);
  return exit_status::ended;
}

/// A worker inside a handler that does not return cannot be ended: another takes its place, and it
/// serves on beside it should it ever come back.
void server::replace_stuck_workers() try {
  for (unsigned left = stuck_workers_.exchange(0); left != 0; --left) {
    if (replaced_ == configured_workers_) {
      error(uses_subinterpreters_
                ? "as many workers have been replaced as were configured: no more are"
                : "the main interpreter has one worker, which cannot be replaced");
      return;
    }
    ++replaced_;
    metrics_.count_replaced_worker();
    hosting::worker& fresh = add_worker();
    fresh.load();
    fresh.start();
    info("a worker takes the place of the one that is stuck");
  }
} catch (const std::exception& failure) {
  error(std::string{"a stuck worker cannot be replaced: "} + failure.what());
}

hosting::worker& server::add_worker() {
  const hosting::worker_settings how{.app = settings_.app,
                                     .use_subinterpreters = uses_subinterpreters_,
                                     .debug = settings_.debug,
                                     .report = report_of(configuration_.action),
                                     .runs = *dispatch::read_policy(settings_.dispatch),
                                     .batches = std::make_shared<observe::batch_metrics>(),
                                     .services = services_,
                                     .startup_deadline = settings_.timeouts.startup,
                                     .shutdown_deadline = settings_.timeouts.drain};
  metrics_.watch(how.batches);
  workers_.push_back(std::make_unique<hosting::worker>(lane_->add_worker(), how));
  return *workers_.back();
}

void server::load_first_worker() {
  lane_ = std::make_unique<dispatch::lane>(settings_.limits.queue_capacity, max_ports(settings_));
  service_.lane = lane_.get();
  app_ = add_worker().load();
}

/// The first worker's import tells the routes and what the module asked for.
void server::load_app() try {
  if (settings_.app.empty()) return;
  runtime_ =
      std::make_unique<python::runtime>(python::runtime_settings{.home = settings_.python.home,
                                                                 .venv = settings_.python.venv,
                                                                 .path = settings_.python.path,
                                                                 .package_path = package_path()});
  uses_subinterpreters_ = settings_.python.use_subinterpreters;
  load_first_worker();
  const bool asks_otherwise = app_.use_subinterpreters.value_or(true) != uses_subinterpreters_;
  if (asks_otherwise && !configuration_.has_explicit("python.use_subinterpreters")) {
    workers_.back()->join_until(steady_clock::now() + settings_.timeouts.drain);
    workers_.clear();
    uses_subinterpreters_ = !uses_subinterpreters_;
    load_first_worker();
  }
  if (app_.queue_capacity && !configuration_.has_explicit("limits.queue_capacity")) {
    lane_->resize(std::clamp(*app_.queue_capacity, std::size_t{1}, most_queued));
  }
} catch (const hosting::app_error& failure) {
  throw start_error{exit_status::bad_app, failure.what(), failure.report};
} catch (const std::exception& failure) {
  throw start_error{exit_status::failed, std::string{"Python does not start: "} + failure.what()};
}

void server::build_routes() {
  routing::route_table_builder builder{
      {.redirect_slashes = settings_.redirect_slashes && app_.redirect_slashes,
       .builtin_routes = settings_.builtin_routes}};
  try {
    routing::add_compiled_routes(builder);
    for (const auto& file : settings_.cpp_routes) routing::add_shared_routes(builder, file);
  } catch (const std::exception& failure) {
    throw start_error{exit_status::bad_config, failure.what()};
  }
  try {
    for (std::uint32_t index = 0; index < app_.routes.size(); ++index) {
      const CppHandler native = native_handler(app_.routes[index]);
      for (const auto& method : app_.routes[index].methods) {
        builder.add({.type = native ? HandlerType::CPP : HandlerType::PYTHON,
                     .cpp = native,
                     .python_handler = index,
                     .method = method,
                     .pattern = app_.routes[index].path,
                     .origin = app_.routes[index].origin,
                     .is_builtin = false,
                     .is_websocket = app_.routes[index].is_websocket});
      }
    }
    if (service_.settings.counts_requests && settings_.metrics.listen.empty())
      metrics_.add_route(builder, settings_.metrics.path);
    routes_ = std::move(builder).build();
  } catch (const std::exception& failure) {
    throw start_error{exit_status::bad_app, failure.what()};
  }
  service_.routes = &*routes_;
  metrics_.watch(*routes_);
  const auto& all = routes_->routes();
  const auto in_python = std::count_if(
      all.begin(), all.end(), [](const auto& each) { return each->type == HandlerType::PYTHON; });
  info("routes: " + std::to_string(in_python) + " in Python, " +
       std::to_string(static_cast<std::ptrdiff_t>(all.size()) - in_python) + " in C++");
  show_routes(list_routes(app_, *routes_), configuration_.action);
}

void server::start_workers() try {
  if (workers_.empty()) return;
  const bool are_told = configuration_.has_explicit("workers");
  unsigned count = are_told ? settings_.workers : app_.workers.value_or(settings_.workers);
  if (!uses_subinterpreters_) count = 1; // the main interpreter is one
  count = std::clamp(count, 1u, max_ports(settings_) / 2);
  configured_workers_ = uses_subinterpreters_ ? count : 0; // the main one cannot be had twice
  info(std::string{"Using sub-interpreters: "} + (uses_subinterpreters_ ? "True" : "False"));
  info("workers: " + std::to_string(count));
  while (workers_.size() < count) {
    if (add_worker().load().routes == app_.routes) continue;
    throw start_error{exit_status::bad_app,
                      settings_.app +
                          " registers other routes when it is imported again: each worker "
                          "imports it, so routes must not depend on state outside"};
  }
  for (const auto& worker : workers_) worker->start();
} catch (const hosting::app_error& failure) {
  throw start_error{exit_status::bad_app, failure.what(), failure.report};
}

void server::listen() try {
  const bool are_told = configuration_.has_explicit("io_threads");
  unsigned count = are_told ? settings_.io_threads : app_.io_threads.value_or(settings_.io_threads);
  // One that no worker has time for would cross threads with each request.
  const auto at_most = static_cast<unsigned>(workers_.size());
  if (!are_told && !workers_.empty() && lends_reactors()) count = std::min(count, at_most);
  for (unsigned index = 0; index < std::max(count, 1u); ++index) {
    io_threads_.push_back(std::make_unique<io_thread>(service_, index));
  }
  for (const auto& each : io_threads_) {
    for (const auto& socket : sockets_.open()) each->reactor().listen(socket.fd);
  }
  if (lane_) lend_reactors();
  if (lane_) metrics_.watch(*lane_);
  for (const auto& each : io_threads_) metrics_.watch(each->reactor());
  listen_for_metrics();
  for (const auto& each : io_threads_) each->start();
  const std::string& port_file = settings_.listen.port_file;
  if (!port_file.empty()) write_port_file(port_file, sockets_.first().front().port);
  for (const auto& each : sockets_.first()) info("listening on " + net::describe(each));
} catch (const std::exception& failure) {
  throw start_error{exit_status::cannot_listen, failure.what()};
}

/// Whether some route runs by that policy.
bool server::has_route_that_runs(dispatch::policy as) const {
  const auto otherwise = *dispatch::read_policy(settings_.dispatch);
  return std::any_of(app_.routes.begin(), app_.routes.end(),
                     [&](const auto& each) { return each.runs.value_or(otherwise) == as; });
}

bool server::lends_reactors() const {
  return has_route_that_runs(dispatch::policy::automatic) ||
         has_route_that_runs(dispatch::policy::inlined);
}

void server::listen_for_metrics() {
  const auto& where = settings_.metrics;
  if (where.listen.empty()) return;
  const std::string path = where.path.empty() ? "/metrics" : where.path;
  metrics_listener_ = std::make_unique<metrics_listener>(
      metrics_, path, where.listen, service_.settings, given_.listening_fds.empty());
  info("metrics on " + metrics_listener_->address() + path);
}

void server::lend_reactors() {
  if (!lends_reactors()) return;
  const bool is_for_good = !has_route_that_runs(dispatch::policy::automatic) &&
                           !has_route_that_runs(dispatch::policy::ring);
  std::vector<dispatch::loan*> loans;
  for (const auto& each : io_threads_) {
    loans.push_back(&each->reactor().loan());
    if (is_for_good) loans.back()->lend_for_good();
  }
  lane_->lend(std::move(loans));
}

int server::drain() {
  const auto grace = settings_.timeouts.drain;
  const auto deadline = steady_clock::now() + grace;
  // The app's shutdown has its share even when connections use up theirs.
  const auto connections_until = deadline - std::min<std::chrono::milliseconds>(2s, grace / 4);
  service_.is_draining.store(true, std::memory_order_relaxed);
  if (lane_) lane_->begin_drain();
  services_.hub->close(); // streams that live on it end
  for (const auto& each : io_threads_) each->reactor().begin_drain();
  info("signal " + std::to_string(stop_.received()) + ": draining");
  bool is_clean = true;
  for (const auto& each : io_threads_) {
    if (!each->wait_until(connections_until)) {
      is_clean = false;
      each->reactor().stop();
    }
    each->join();
  }
  if (!is_clean) error("connections were still open after timeouts.drain and have been closed");
  if (!stop_workers(deadline)) return exit_status::drain_exceeded;
  sockets_.remove_file();
  info("stopped");
  return is_clean ? exit_status::ended : exit_status::drain_exceeded;
}

/// False: a handler never returned. The process then ends without unwinding, since that thread
/// still uses everything.
bool server::stop_workers(steady_clock::time_point deadline) {
  if (lane_) lane_->close();
  bool have_ended = true;
  for (const auto& worker : workers_) have_ended &= worker->join_until(deadline);
  if (!have_ended) {
    error("a worker did not end within timeouts.drain");
    observe::stop_log();
    ::_exit(exit_status::drain_exceeded);
  }
  metrics_listener_.reset();
  metrics_.close();
  workers_.clear();
  io_threads_.clear();
  return true;
}

} // namespace fasterapi::server
