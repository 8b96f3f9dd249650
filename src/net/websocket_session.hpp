#pragma once

#include "dispatch/websocket_channel.hpp"
#include "http/byte_buffer.hpp"
#include "http/request.hpp"
#include "net/websocket_socket.hpp"

#include <boost/beast/websocket/stream.hpp>
#include <boost/intrusive/list_hook.hpp>
#include <boost/smart_ptr/intrusive_ptr.hpp>
#include <boost/smart_ptr/intrusive_ref_counter.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <string_view>

namespace fasterapi::net {

class reactor;

using websocket_hook =
    boost::intrusive::list_member_hook<boost::intrusive::link_mode<boost::intrusive::safe_link>>;

/// One WebSocket (RFC 6455, with RFC 7692's compression) from the answer to its handshake to the
/// end of its connection: Beast's protocol over the socket, messages to and from the channel, whose
/// other end a worker has.
///
/// It reads while the channel has room, so a handler that does not receive stops the client; it
/// writes what the channel holds, so a client that does not read stops the handler. It lives in its
/// reactor's list until closed and is used by the reactor's thread only.
class websocket_session
    : public boost::intrusive_ref_counter<websocket_session, boost::thread_unsafe_counter> {
public:
  using time_point = std::chrono::steady_clock::time_point;

  websocket_session(reactor& home, stream_socket socket,
                    std::shared_ptr<dispatch::websocket_channel> channel);
  ~websocket_session();

  /// Answers the handshake, which has been checked, with 101.
  void start(const http::request& handshake);
  /// The worker has sent something, or made room.
  void on_word();
  /// Pings, and checks the deadlines; about every 100 ms.
  void on_tick(time_point now);
  /// Ends it with 1012.
  void on_drain();
  /// Ends it now, without a word to the client.
  void close();

  websocket_hook all_hook;

private:
  using stream = boost::beast::websocket::stream<websocket_socket>;
  using error_code = boost::system::error_code;

  // As session's.
  template <class Work>
  void guard(Work work) {
    try {
      work();
    } catch (const std::bad_alloc&) {
      finish_without_memory();
    }
  }
  void finish_without_memory() noexcept;

  void set_options();
  void on_answered(const error_code& error);

  void read();
  void on_read(const error_code& error, std::size_t bytes);
  void on_read_error(const error_code& error);
  void refuse_compressed();
  void hand_over();
  void on_control(boost::beast::websocket::frame_type what);

  void write();
  void write_piece();
  void on_written(const error_code& error, std::size_t bytes);

  void ping(time_point now);
  void begin_close(std::uint16_t code, std::string_view reason);
  void tell_end(std::uint16_t code, std::string_view reason);
  void leave(std::uint16_t code);
  void finish(std::uint16_t code);
  void part(std::uint16_t code);
  void linger(std::uint16_t code);
  void swallow();

  reactor& home_;
  stream stream_;
  std::shared_ptr<dispatch::websocket_channel> channel_;
  http::byte_buffer message_;                             // being read
  std::unique_ptr<dispatch::websocket_message> outgoing_; // being written; null: nothing
  std::size_t outgoing_cost_ = 0;
  time_point deadline_ = time_point::max(); // of the handshake's answer, or of the end
  time_point write_deadline_ = time_point::max();
  time_point pong_deadline_ = time_point::max();
  time_point heard_{}; // when the client last sent something
  std::size_t swallowed_ = 0;
  bool is_open_ = false;
  bool is_reading_ = false;
  bool is_pinging_ = false;
  bool is_closing_ = false; // a close frame came or was begun: nothing more is sent
  bool is_told_ = false;    // the worker knows of the end
  bool is_ended_ = false;   // the protocol is; the connection may be open still
  bool is_removed_ = false; // that is closed, too
};

} // namespace fasterapi::net
