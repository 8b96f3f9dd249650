#pragma once

#include "process/child_process.hpp"
#include "process/file_watch.hpp"
#include "process/signals.hpp"

#include <chrono>
#include <filesystem>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace fasterapi::process {

struct reload_settings {
  std::vector<std::string> arguments; // of a server: the command line with its program
  std::vector<int> listening_fds;     // open for as long as the reloader lives
  std::filesystem::path folder;       // of the app
  std::chrono::milliseconds drain{5000};
};

/// Serves an app while it is being written: a process serves it, and each change of its files
/// starts a fresh one on the same listening sockets. When that has loaded the app, the old process
/// stops accepting and drains, and then the new one accepts; connections made in between wait in
/// the sockets' backlog. A process that does not get so far is followed by one that shows why,
/// until the next change; one that hangs is killed by it. Main thread; owns its processes.
class reloader {
public:
  explicit reloader(reload_settings settings); // throws std::system_error
  ~reloader();

  /// Until SIGTERM, SIGINT or SIGHUP; the exit status of the process that served.
  int run();

private:
  using clock = std::chrono::steady_clock;
  using child_list = std::list<std::unique_ptr<child_process>>;

  void start(const std::string& failure);
  void wait();
  void on_signals();
  void on_changes();
  void on_time();
  void hear(child_process& from);
  void on_message(child_process& from, const message& heard);
  void on_end(child_process& ended);
  void watch(const std::string& files);
  void hand_over();
  void let_serve();
  void end_all();
  std::optional<clock::time_point> next_time() const;

  reload_settings settings_;
  file_watch files_;
  signals signals_;
  std::unique_ptr<child_process> starting_, serving_;
  child_list leaving_;
  std::string failure_;                                        // what the starting process told of
  std::string changed_;                                        // for the log
  std::optional<clock::time_point> quiet_at_, change_at_most_; // a change is taken when it is over
  std::optional<clock::time_point> serve_at_most_; // whether or not the old one says it is closed
  bool shows_failure_ = false;                     // the starting one
  bool is_over_ = false;
  int status_ = 0;
};

} // namespace fasterapi::process
