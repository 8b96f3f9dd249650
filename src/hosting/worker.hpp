#pragma once

#include "dispatch/lane.hpp"
#include "dispatch/policy.hpp"
#include "http/response_program.hpp"
#include "observe/batch_metrics.hpp"
#include "python/process_services.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace fasterapi::hosting {

/// One route of the app; its handler's index is its place in app_description::routes.
struct route_description {
  std::vector<std::string> methods;
  std::string path;
  std::string name;
  std::string origin;                   // "app.py:12"
  std::string kind;                     // "native", "general", ...: fasterapi._reports.kind_of
  std::optional<dispatch::policy> runs; // as the route says
  bool is_websocket = false;
  bool streams_body = false; // its handler may run while the body comes
  // Served without Python where there is one of these: a handler compiled in C++, or a program.
  std::string cpp_handler; // "name" or "lib.so:symbol"
  std::optional<http::response_program> program;
  bool operator==(const route_description&) const = default;
};

/// What the import of an app module told.
struct app_description {
  std::vector<route_description> routes;
  bool redirect_slashes = true;
  // As the module asked with PythonExecutor.initialize and Reactor.initialize; explicit
  // configuration wins over them.
  std::optional<unsigned> workers;
  std::optional<bool> use_subinterpreters;
  std::optional<std::size_t> queue_capacity;
  std::optional<unsigned> io_threads;
  std::string report; // what worker_settings::report asked for
};

/// The app module does not import, has no such attribute, or its startup failed. what() has the
/// traceback, the module and what to do. Exit status 3.
class app_error : public std::runtime_error {
public:
  explicit app_error(const std::string& what, std::string with = {})
      : std::runtime_error(what), report(std::move(with)) {}
  std::string report; // what worker_settings::report asked for, as far as there is any
};

/// load() or start() has been given up, as worker_settings::must_stop asked for it. No error.
struct start_interrupted {};

struct worker_settings {
  std::string app;                 // "module:attr" or "path/file.py:attr"
  bool use_subinterpreters = true; // false: this worker runs in the main interpreter
  bool debug = false;
  std::string report{}; // a function of fasterapi._reports whose text is wanted: "openapi"
  dispatch::policy runs = dispatch::policy::automatic; // routes that do not say
  std::shared_ptr<observe::batch_metrics> batches{};   // of this worker; null: not counted
  python::process_services services{};
  std::chrono::milliseconds import_deadline{60000};  // of load()
  std::chrono::milliseconds startup_deadline{60000}; // of start()
  /// Looked at while load() and start() wait. Null: they go on.
  std::function<bool()> must_stop{};
  /// The thread of a worker that served has ended, for this reason, and the lane was not closed. By
  /// that thread. Null: nobody cares.
  std::function<void(const std::string&)> on_lost{};
  std::chrono::milliseconds shutdown_deadline{30000}; // join_until() may shorten it
};

/// How a worker has ended. Only `whole` lets the process unwind: otherwise threads still use all.
enum class ending {
  whole,
  leaves_daemons, // threads that the app said may be left
  cut_off,        // a handler never returned, or another thread of the app
};

class worker_thread;

/// One OS thread that owns one interpreter, the app in it, and its event loop.
///
/// load() starts the thread, creates the interpreter and imports the app; start() runs the lifespan
/// startup and then takes jobs from the port. When the lane is closed, the thread by itself answers
/// what runs, runs the lifespan shutdown, ends loop, executors, threads and interpreter;
/// join_until() waits for that. A worker that was not started ends at stop(). Verbs are called by
/// the main thread, one worker after another. It never holds a GIL while it waits.
class worker {
public:
  worker(dispatch::worker_port& port, worker_settings settings);
  ~worker();
  app_description load(); // throws app_error, start_interrupted
  void start();           // throws app_error, start_interrupted
  void stop() noexcept;   // does not wait
  ending join_until(std::chrono::steady_clock::time_point deadline) noexcept;

private:
  std::shared_ptr<worker_thread> thread_; // the thread's as well
};

} // namespace fasterapi::hosting
