#include "dispatch/websocket_channel.hpp"
#include "http/websocket_handshake.hpp"
#include "net/reactor.hpp"
#include "net/session.hpp"

#include <memory>

namespace fasterapi::net {

/// To a worker like any other request; what answers it decides whether it becomes a WebSocket.
session::progress session::begin_websocket() {
  auto& held = exchange();
  if (const http::error refused = http::check_websocket_handshake(held.request))
    return refuse(refused);
  if (held.input.size() > head_bytes_) // RFC 6455, section 4.1
    return refuse({400, "bytes behind a WebSocket handshake"});
  const routing::route* const found =
      home_.shared().routes->find_websocket(held.request.path, held.params);
  match_ = {
      found == nullptr ? routing::match::kind::not_found : routing::match::kind::found, found, {}};
  if (home_.metrics() != nullptr) count_request();
  phase_ = phase::answered;
  if (found == nullptr || home_.shared().is_draining.load(std::memory_order_relaxed)) {
    start_response();
    if (found == nullptr)
      finish_error(403, "Forbidden"); // as uvicorn says it, whatever the path
    else
      finish_unavailable();
    return progress::goes_on;
  }
  job_->websocket =
      std::make_shared<dispatch::websocket_channel>(home_.shared().settings.websocket.buffer_bytes);
  phase_ = phase::handling;
  return progress::goes_on;
}

/// The socket goes on without this session.
session::progress session::upgrade() {
  log_upgrade();
  try {
    home_.open_websocket(std::move(connection_), std::move(job_->websocket), exchange().request);
  } catch (const boost::system::system_error& failure) { // of Asio's epoll
    home_.report(failure.what());
  }
  close();
  return progress::waits;
}

void session::log_upgrade() {
  if (auto* const metrics = home_.metrics(); metrics != nullptr) {
    metrics->count(slot_, 101, home_.look_at_clock() - began_);
    count_end();
  }
  const auto& request = exchange().request;
  const auto format = home_.shared().settings.access;
  if (format == observe::access_format::off) return;
  observe::log_access(format, {.client = client(),
                               .method = request.method_text,
                               .target = request.target,
                               .minor_version = 1u,
                               .status = 101,
                               .body_bytes = 0,
                               .duration = reactor::clock::now() - began_,
                               .request_id = job_->id});
}

} // namespace fasterapi::net
