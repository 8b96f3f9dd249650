#include "server/server.hpp"

#include "observe/log.hpp"
#include "server/drain_time.hpp"
#include "server/failure_routes.hpp"
#include "server/lending.hpp"
#include "server/port_file.hpp"
#include "server/route_listing.hpp"
#include "server/routes.hpp"
#include "server/session_settings.hpp"
#include "server/start_error.hpp"

#include <algorithm>
#include <unistd.h>

namespace fasterapi::server {

namespace {

using steady_clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

python::process_services make_services(const config::settings& from) {
  const auto then =
      from.shared.when_full == "refuse" ? store::when_full::refuse : store::when_full::evict;
  return {std::make_shared<observe::app_metrics>(from.metrics.max_label_sets),
          std::make_shared<store::shared_store>(from.shared.max_bytes, then),
          std::make_shared<store::hub>(), std::make_shared<std::atomic<unsigned>>(0)};
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

void error(const std::string& message) { observe::log(observe::level::error, "server", message); }

} // namespace

server::server(const config::loaded& configuration, process::inheritance given)
    : configuration_(configuration), settings_(configuration.settings), given_(std::move(given)),
      sockets_(settings_, given_.listening_fds), services_(make_services(settings_)),
      pool_(configuration_, services_, metrics_,
            {.must_stop = [this] { return stop_.received() != 0; },
             .on_lost =
                 [this](const std::string& lost) {
                   error(lost);
                   lost_workers_.fetch_add(1);
                   stop_.nudge();
                 }}) {
  service_.settings = to_session_settings(settings_);
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
  } catch (const hosting::start_interrupted&) {
    return drain();
  }
  return serve();
}

int server::serve() {
  while (stop_.wait() == 0) {
    pool_.replace_stuck(stuck_workers_.exchange(0));
    if (pool_.replace(lost_workers_.exchange(0))) continue;
    error("the server ends, as it has lost a worker");
    const int status = drain();
    return status == exit_status::ended ? exit_status::failed : status;
  }
  return drain();
}

void server::start() {
  info("fasterapi-server " FASTERAPI_VERSION " with CPython " FASTERAPI_PYTHON_BUILD);
  load();
  pool_.start();
}

/// What went wrong in a process before this one.
void server::show_failure() {
  routes_ = failure_routes(given_.failure);
  service_.routes = &*routes_;
}

/// A supervisor says when the process before us has stopped accepting.
void server::wait_for_turn() {
  if (!given_.supervisor.is_open()) return;
  given_.supervisor.send(process::message::kind::loaded, pool_.app().report);
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
  return end(latest_end(), failure.status, failure.status);
}

steady_clock::time_point server::latest_end() const {
  return steady_clock::now() + drain_time{settings_.timeouts.drain}.whole;
}

int server::report(const std::function<bool(const std::string&)>& print) {
  int status = exit_status::ended;
  try {
    load();
    status = print(report_text()) ? exit_status::ended : exit_status::failed;
  } catch (const start_error& failure) {
    return end_with(failure);
  } catch (const hosting::start_interrupted&) {
    status = 128 + stop_.received(); // what was asked for has not been said
  }
  return end(latest_end(), status, status);
}

std::string server::report_text() const {
  if (configuration_.action == config::action::openapi) return pool_.app().report + "\n";
  return (configuration_.is_json ? to_json : to_table)(list_routes(pool_.app(), *routes_));
}

void server::load() {
  pool_.load();
  routes_ = build_routes(settings_, pool_.app(), metrics_);
  service_.lane = pool_.lane();
  service_.routes = &*routes_;
  metrics_.watch(*routes_);
  const auto& all = routes_->routes();
  const auto in_python = std::count_if(
      all.begin(), all.end(), [](const auto& each) { return each->type == HandlerType::PYTHON; });
  info("routes: " + std::to_string(in_python) + " in Python, " +
       std::to_string(static_cast<std::ptrdiff_t>(all.size()) - in_python) + " in C++");
  show_routes(list_routes(pool_.app(), *routes_), configuration_.action);
}

unsigned server::io_thread_count() const {
  const bool are_told = configuration_.has_explicit("io_threads");
  if (are_told) return std::max(settings_.io_threads, 1u);
  const unsigned count = pool_.app().io_threads.value_or(settings_.io_threads);
  // One that no worker has time for would cross threads with each request.
  const bool is_capped = pool_.size() != 0 && lends_reactors(pool_.app(), settings_);
  return std::max(is_capped ? std::min(count, static_cast<unsigned>(pool_.size())) : count, 1u);
}

void server::listen() try {
  const unsigned count = io_thread_count();
  for (unsigned index = 0; index < count; ++index) {
    io_threads_.push_back(std::make_unique<io_thread>(service_, index));
  }
  for (const auto& each : io_threads_) {
    for (const auto& socket : sockets_.open()) each->reactor().listen(socket.fd);
  }
  if (pool_.lane()) {
    lend_reactors(*pool_.lane(), io_threads_, pool_.app(), settings_);
    metrics_.watch(*pool_.lane());
  }
  for (const auto& each : io_threads_) metrics_.watch(each->reactor());
  listen_for_metrics();
  for (const auto& each : io_threads_) each->start();
  services_.io_threads->store(count);
  announce();
} catch (const start_error&) {
  throw;
} catch (const std::exception& failure) {
  throw start_error{exit_status::cannot_listen, failure.what()};
}

void server::announce() try {
  const std::string& port_file = settings_.listen.port_file;
  if (!port_file.empty()) write_port_file(port_file, sockets_.first().front().port);
  for (const auto& each : sockets_.first()) info("listening on " + net::describe(each));
} catch (const std::runtime_error& failure) {
  throw start_error{exit_status::bad_config, failure.what()};
}

void server::listen_for_metrics() {
  const auto& where = settings_.metrics;
  if (where.listen.empty()) return;
  const std::string path = where.path.empty() ? "/metrics" : where.path;
  metrics_listener_ = std::make_unique<metrics_listener>(
      metrics_, path, where.listen, service_.settings, given_.listening_fds.empty());
  info("metrics on " + metrics_listener_->address() + path);
}

int server::drain() {
  const drain_time time{settings_.timeouts.drain};
  const auto now = steady_clock::now();
  service_.is_draining.store(true, std::memory_order_relaxed);
  if (pool_.lane()) pool_.lane()->begin_drain();
  services_.hub->close(); // streams that live on it end
  for (const auto& each : io_threads_) each->reactor().begin_drain();
  const int signal = stop_.received();
  info((signal == 0 ? "" : "signal " + std::to_string(signal) + ": ") + "draining");
  const bool has_served = !io_threads_.empty();
  const bool is_clean =
      close_connections(now + time.connections, now + time.whole) || !time.waits_for_connections;
  if (!is_clean) error("connections were still open after timeouts.drain and have been closed");
  return end(now + time.whole, is_clean ? exit_status::ended : exit_status::drain_exceeded,
             has_served ? exit_status::drain_exceeded : exit_status::ended);
}

/// False: some were still open by then. Reactors have ended when workers do, which take back what
/// they lent; what is left until `end` is for both.
bool server::close_connections(steady_clock::time_point latest, steady_clock::time_point end) {
  bool are_closed = true;
  for (const auto& each : io_threads_) {
    if (each->wait_until(latest)) continue;
    are_closed = false;
    each->reactor().stop();
  }
  for (const auto& each : io_threads_)
    has_stuck_reactor_ |= !each->wait_until(latest + (end - latest) / 2);
  return are_closed;
}

/// Ends what is left, and gives `status`. Where threads go on the process ends here without
/// unwinding, since they still use everything; with the other status where a handler never
/// returned.
int server::end(steady_clock::time_point deadline, int status, int status_if_cut_off) {
  const hosting::ending ended = pool_.end_by(deadline);
  const bool is_cut_off = ended == hosting::ending::cut_off;
  sockets_.remove_file();
  if (is_cut_off || has_stuck_reactor_) {
    const auto at =
        status_if_cut_off == exit_status::ended ? observe::level::warning : observe::level::error;
    observe::log(at, "server",
                 std::string{is_cut_off ? "a worker" : "a handler in C++"} +
                     " did not end in time (timeouts.drain); the process ends without it");
    observe::stop_log();
    ::_exit(status_if_cut_off);
  }
  if (status == exit_status::ended) info("stopped");
  if (ended == hosting::ending::leaves_daemons) {
    observe::stop_log();
    ::_exit(status);
  }
  metrics_listener_.reset();
  metrics_.close();
  io_threads_.clear();
  return status;
}

} // namespace fasterapi::server
