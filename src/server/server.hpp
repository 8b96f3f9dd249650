#pragma once

#include "config/load.hpp"
#include "net/service.hpp"
#include "process/inheritance.hpp"
#include "process/stop_signal.hpp"
#include "routing/route_table.hpp"
#include "server/io_thread.hpp"
#include "server/listening_sockets.hpp"
#include "server/metrics_listener.hpp"
#include "server/metrics_page.hpp"
#include "server/worker_pool.hpp"

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace fasterapi::server {

struct start_error;

/// The composition root: builds every room from the configuration, serves until a signal, and takes
/// everything down in the opposite order. Made and run once, by the main thread.
class server {
public:
  explicit server(const config::loaded& configuration, process::inheritance given = {});
  ~server();

  /// Serves; the exit status (see exit_status.hpp). Errors are logged, nothing is thrown.
  int run();

  /// What a command asks about the app instead of serving it (routes, openapi), for `print`, which
  /// says whether it could; the exit status.
  int report(const std::function<bool(const std::string&)>& print);

private:
  void start();
  int end_with(const start_error& failure);
  std::chrono::steady_clock::time_point latest_end() const;
  std::string report_text() const;
  void show_failure();
  void wait_for_turn();
  void load();
  unsigned io_thread_count() const;
  void listen();
  void listen_for_metrics();
  void announce();
  int serve();
  int drain();
  bool close_connections(std::chrono::steady_clock::time_point latest,
                         std::chrono::steady_clock::time_point end);
  int end(std::chrono::steady_clock::time_point deadline, int status, int status_if_cut_off);

  const config::loaded& configuration_;
  const config::settings& settings_;
  process::inheritance given_;
  listening_sockets sockets_;
  std::atomic<std::size_t> closed_{0}; // reactors that accept no more
  bool has_stuck_reactor_ = false;     // inside a handler in C++, when all was to end
  process::stop_signal stop_;
  net::service service_;
  python::process_services services_;
  metrics_page metrics_;
  worker_pool pool_;
  std::optional<routing::route_table> routes_;
  std::atomic<unsigned> stuck_workers_{0};             // to be replaced, told by reactors
  std::atomic<unsigned> lost_workers_{0};              // likewise, told by themselves
  std::vector<std::unique_ptr<io_thread>> io_threads_; // workers hand jobs back to them
  std::unique_ptr<metrics_listener> metrics_listener_; // null: the app's listeners have the page
};

/// "fasterapi-server 0.1.0\nCPython 3.13.5 ...\n": for --version.
std::string version_text();

} // namespace fasterapi::server
