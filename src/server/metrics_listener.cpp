#include "server/metrics_listener.hpp"

#include "config/address.hpp"
#include "net/listening_socket.hpp"

namespace fasterapi::server {

namespace {

constexpr std::chrono::seconds grace{1}; // for a page that is being sent
constexpr int backlog = 64;

routing::route_table make_routes(metrics_page& page, const std::string& path) {
  routing::route_table_builder builder;
  page.add_route(builder, path);
  return std::move(builder).build();
}

net::session_settings settings_for(net::session_settings of_app) {
  of_app.counts_requests = false;
  return of_app;
}

net::listening_socket listen(const std::string& where, bool is_alone) {
  const auto address = config::parse_address(where).value(); // checked when it was read
  return net::listen_tcp(address.host, address.port, backlog, is_alone);
}

} // namespace

metrics_listener::metrics_listener(metrics_page& page, const std::string& path,
                                   const std::string& where, const net::session_settings& settings,
                                   bool is_alone)
    : routes_(make_routes(page, path)), service_{.settings = settings_for(settings),
                                                 .routes = &routes_,
                                                 .on_stuck_worker = {},
                                                 .on_closed = {}},
      thread_(service_, 0) {
  const auto socket = listen(where, is_alone);
  const bool is_v6 = socket.address.find(':') != std::string::npos;
  address_ = "http://" + (is_v6 ? "[" + socket.address + "]" : socket.address) + ":" +
             std::to_string(socket.port);
  thread_.reactor().listen(socket.fd);
  thread_.start();
}

metrics_listener::~metrics_listener() {
  service_.is_draining.store(true, std::memory_order_relaxed);
  thread_.reactor().begin_drain();
  thread_.wait_until(std::chrono::steady_clock::now() + grace);
}

} // namespace fasterapi::server
