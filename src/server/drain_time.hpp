#pragma once

#include <algorithm>
#include <chrono>

namespace fasterapi::server {

/// How timeouts.drain is shared out, from the signal on. Connections are not waited for where it is
/// 0; the app's shutdown has its time even then, and even when connections use up theirs.
struct drain_time {
  using milliseconds = std::chrono::milliseconds;

  static constexpr milliseconds least_shutdown{1000}; // with a drain of 0
  static constexpr milliseconds most_shutdown{2000};
  static constexpr milliseconds one_turn{100}; // of an event loop, which closes what is idle

  explicit constexpr drain_time(milliseconds drain)
      : waits_for_connections(drain > milliseconds::zero()),
        connections(waits_for_connections ? drain - std::min(most_shutdown, drain / 4) : one_turn),
        whole(waits_for_connections ? drain : one_turn + least_shutdown) {}

  bool waits_for_connections;
  milliseconds connections; // until then
  milliseconds whole;       // the process ends then
};

} // namespace fasterapi::server
