#pragma once

#include "dispatch/worker_port.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <vector>

namespace fasterapi::net {

/// Handlers that ran over their deadline: tells which of their workers are stuck in them, from
/// those that only wait for a cancelled task to end. The reactor's thread only.
class overdue_watch {
public:
  using clock = std::chrono::steady_clock;

  void add(const dispatch::worker_port& worker, clock::time_point now) {
    watched_.push_back({&worker, worker.turns(), now + patience});
  }
  bool empty() const noexcept { return watched_.empty(); }
  /// Once a tick: reports each worker that has stood still until its patience ended.
  void check(clock::time_point now,
             const std::function<void(const dispatch::worker_port&)>& report);

private:
  static constexpr std::chrono::seconds patience{1};
  struct entry {
    const dispatch::worker_port* worker;
    std::uint64_t turns;
    clock::time_point until;
  };
  std::vector<entry> watched_;
};

} // namespace fasterapi::net
