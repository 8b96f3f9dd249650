#pragma once

#include "dispatch/lane.hpp"
#include "http/chunked_decoder.hpp"
#include "http/head_parser.hpp"
#include "observe/access_log.hpp"
#include "routing/route_table.hpp"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <functional>

namespace fasterapi::net {

/// Those of a WebSocket, likewise; 0: none.
struct websocket_settings {
  std::size_t max_message_bytes = 16 * 1024 * 1024;
  std::size_t buffer_bytes = 64 * 1024;
  bool compression = true;
  std::chrono::milliseconds handshake_timeout{30000};
  std::chrono::milliseconds ping_interval{20000};
  std::chrono::milliseconds ping_timeout{20000};
  std::chrono::milliseconds close_timeout{10000};
};

/// Limits and timeouts of a connection; what each answers stands in docs/configuration.md.
struct session_settings {
  http::head_limits head;
  http::body_limits body;
  std::size_t max_connections = 10000;
  std::size_t max_requests_per_connection = 0; // 0: no limit
  std::chrono::milliseconds header_timeout{10000};
  std::chrono::milliseconds body_timeout{30000};
  std::size_t min_body_rate = 240; // bytes a second; 0: none
  std::chrono::milliseconds keep_alive_timeout{75000};
  std::chrono::milliseconds write_timeout{30000};
  std::chrono::milliseconds queue_timeout{10000};
  std::chrono::milliseconds handler_timeout{60000};
  observe::access_format access = observe::access_format::off;
  bool counts_requests = false; // by route; see request_slots.hpp
  unsigned timed_every = 16;    // of counted requests, one that is timed stage by stage
  websocket_settings websocket;
};

/// What all reactors serve. Set up before the first of them runs; afterwards only the atomics
/// change.
struct service {
  session_settings settings;
  const routing::route_table* routes = nullptr;
  dispatch::lane* lane = nullptr; // null: no Python routes
  std::atomic<std::size_t> connections{0};
  std::atomic<bool> is_draining{false}; // answers from now on close their connection
  /// Called by a reactor's thread, once for each handler over its deadline whose worker has not
  /// done anything else for a second after. Null: nobody cares.
  std::function<void(const dispatch::worker_port&)> on_stuck_worker;
  /// Called by each reactor's thread when it drains and accepts no more. Null: nobody cares.
  std::function<void()> on_closed;
};

} // namespace fasterapi::net
