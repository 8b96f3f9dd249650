#pragma once

#include "net/service.hpp"
#include "routing/route_table.hpp"
#include "server/io_thread.hpp"
#include "server/metrics_page.hpp"

#include <cstdint>
#include <string>

namespace fasterapi::server {

/// The metrics page at an address of its own, by a thread of its own: it answers whatever the app's
/// workers and connections do. Made and ended by the main thread.
class metrics_listener {
public:
  /// `where` is "host:port"; `is_alone`: no process before this one has it still. Throws
  /// std::runtime_error where that cannot be listened on.
  metrics_listener(metrics_page& page, const std::string& path, const std::string& where,
                   const net::session_settings& settings, bool is_alone);
  ~metrics_listener();

  const std::string& address() const noexcept { return address_; } // "http://127.0.0.1:9090"

private:
  routing::route_table routes_;
  net::service service_;
  io_thread thread_;
  std::string address_;
};

} // namespace fasterapi::server
