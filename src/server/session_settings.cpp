#include "server/session_settings.hpp"

namespace fasterapi::server {

namespace {

observe::access_format to_access_format(const std::string& name) {
  if (name == "text") return observe::access_format::text;
  if (name == "json") return observe::access_format::json;
  return observe::access_format::off;
}

} // namespace

net::session_settings to_session_settings(const config::settings& from) {
  net::session_settings to;
  to.head.max_head_bytes = from.limits.max_head_bytes;
  to.head.max_target_bytes = from.limits.max_target_bytes;
  to.head.max_fields = from.limits.max_header_count;
  to.body.max_body_bytes = from.limits.max_body_bytes;
  to.body.max_chunk_line_bytes = from.limits.max_chunk_line_bytes;
  to.body.max_chunk_extension_bytes = from.limits.max_chunk_extension_bytes;
  to.body.max_trailer_bytes = from.limits.max_trailer_bytes;
  to.max_connections = from.limits.max_connections;
  to.max_requests_per_connection = from.limits.max_requests_per_connection;
  to.header_timeout = from.timeouts.header;
  to.body_timeout = from.timeouts.body;
  to.min_body_rate = from.limits.min_body_rate;
  to.keep_alive_timeout = from.timeouts.keep_alive;
  to.write_timeout = from.timeouts.write;
  to.queue_timeout = from.timeouts.queue;
  to.handler_timeout = from.timeouts.handler;
  to.websocket = {.max_message_bytes = from.websocket.max_message_bytes,
                  .buffer_bytes = from.websocket.buffer_bytes,
                  .compression = from.websocket.compression,
                  .handshake_timeout = from.websocket.handshake_timeout,
                  .ping_interval = from.websocket.ping_interval,
                  .ping_timeout = from.websocket.ping_timeout,
                  .close_timeout = from.websocket.close_timeout};
  to.access = to_access_format(from.log.access);
  to.counts_requests = !from.metrics.path.empty() || !from.metrics.listen.empty();
  to.timed_every = from.metrics.timed_every;
  return to;
}

} // namespace fasterapi::server
