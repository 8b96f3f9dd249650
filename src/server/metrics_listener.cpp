#include "server/metrics_listener.hpp"

#include "net/listening_socket.hpp"

#include <charconv>
#include <stdexcept>

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

/// "127.0.0.1:9090", "[::1]:9090", ":9090" (every address).
net::listening_socket listen(const std::string& where, bool is_alone) {
  const auto colon = where.rfind(':');
  std::uint16_t port = 0;
  const char* const end = where.data() + where.size();
  const auto read = colon == where.npos
                        ? std::from_chars_result{nullptr, std::errc::invalid_argument}
                        : std::from_chars(where.data() + colon + 1, end, port);
  if (read.ec != std::errc{} || read.ptr != end)
    throw std::runtime_error("metrics.listen: \"" + where +
                             "\" is no address with a port, such as \"127.0.0.1:9090\"");
  std::string host = where.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  return net::listen_tcp(host.empty() ? "::" : host, port, backlog, is_alone);
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
