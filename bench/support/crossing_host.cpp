#include "support/crossing_host.hpp"

#include "support/report.hpp"

#include <chrono>
#include <poll.h>

namespace fasterapi::bench {

namespace {

constexpr std::chrono::seconds patience{60};

void sleep_until_done(dispatch::completion_queue& queue) {
  if (!queue.prepare_sleep()) return;
  pollfd bell{queue.fd(), POLLIN, 0};
  ::poll(&bell, 1, -1);
  queue.awake();
}

} // namespace

crossing_host::crossing_host(const std::string& app, unsigned workers) : lane_{10'000, workers} {
  for (unsigned i = 0; i < workers; ++i) {
    workers_.push_back(std::make_unique<hosting::worker>(lane_.add_worker(),
                                                         hosting::worker_settings{.app = app}));
    workers_.back()->load();
  }
  for (const auto& each : workers_) each->start();
}

crossing_host::~crossing_host() {
  lane_.close();
  for (const auto& each : workers_) {
    if (each->join_until(std::chrono::steady_clock::now() + patience) != hosting::ending::whole)
      fail("a worker does not end");
  }
}

void crossing_host::run(load& prepared) {
  for (;;) {
    const bool is_idle = prepared.turn() == 0;
    if (prepared.is_over()) return;
    if (is_idle) sleep_until_done(done_);
  }
}

} // namespace fasterapi::bench
