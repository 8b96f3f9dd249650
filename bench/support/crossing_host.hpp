#pragma once

#include "hosting/worker.hpp"
#include "support/load.hpp"

#include <memory>
#include <string>
#include <vector>

namespace fasterapi::bench {

/// An app behind the lane as the server runs it, in `workers` interpreters with a thread each; the
/// calling thread stands in for the reactor.
class crossing_host {
public:
  crossing_host(const std::string& app, unsigned workers);
  ~crossing_host();
  crossing_host(const crossing_host&) = delete;
  crossing_host& operator=(const crossing_host&) = delete;

  load make_load(const routing::route_table& routes, const request_kind& kind, unsigned under_way) {
    return {lane_, done_, routes, kind, under_way, CLOCK_PROCESS_CPUTIME_ID};
  }
  void run(load& prepared);

private:
  dispatch::completion_queue done_;
  dispatch::lane lane_; // as large as the server's by default
  std::vector<std::unique_ptr<hosting::worker>> workers_;
};

} // namespace fasterapi::bench
