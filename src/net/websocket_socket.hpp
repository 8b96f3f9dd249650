#pragma once

#include "net/socket.hpp"

#include <boost/asio/post.hpp>
#include <boost/beast/core/bind_handler.hpp>
#include <boost/beast/core/role.hpp>

#include <utility>

namespace fasterapi::net {

/// The socket below Beast's WebSocket. Its own teardown, found by its namespace, sends what there
/// is to send and tells at once: Beast's waits, without a deadline, for the client to end the
/// connection. websocket_session does that.
class websocket_socket : public stream_socket {
public:
  explicit websocket_socket(stream_socket&& from) : stream_socket(std::move(from)) {}
};

inline void teardown(boost::beast::role_type, websocket_socket& socket,
                     boost::system::error_code& error) {
  socket.shutdown(stream_socket::shutdown_send, error);
}

template <class Handler>
void async_teardown(boost::beast::role_type role, websocket_socket& socket, Handler&& handler) {
  boost::system::error_code error;
  teardown(role, socket, error);
  boost::asio::post(socket.get_executor(),
                    boost::beast::bind_front_handler(std::forward<Handler>(handler), error));
}

} // namespace fasterapi::net
