#include "net/websocket_session.hpp"

#include "http/date.hpp"
#include "http/field_syntax.hpp"
#include "http/utf8.hpp"
#include "net/reactor.hpp"
#include "net/swallow.hpp"

#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/zlib/error.hpp>

#include <algorithm>
#include <array>
#include <new>
#include <string>
#include <sys/socket.h>
#include <utility>

namespace fasterapi::net {

namespace {

namespace beast = boost::beast;
namespace websocket = boost::beast::websocket;
using message = dispatch::websocket_message;

constexpr std::size_t first_read_bytes = 512;
constexpr std::size_t kept_bytes = 4096;       // of a read buffer that the next message uses again
constexpr std::size_t piece_bytes = 64 * 1024; // of a message in one frame, so that progress shows
constexpr int window_bits = 12;                // 4 KiB a side; 15 would be 32
constexpr int deflate_level = 6;
constexpr int deflate_memory_level = 5;
constexpr std::size_t least_compressed_bytes = 64; // below it compression makes messages longer
constexpr std::size_t linger_bytes = 1024 * 1024;  // swallowed at most
constexpr std::uint16_t vanished = 1006;           // never sent (RFC 6455, section 7.4.1)
constexpr std::uint16_t restarting = 1012;

bool allows_least_window(std::string_view offer) noexcept {
  while (!offer.empty()) {
    auto value = http::take_item(offer, ';');
    if (!http::iequals(http::take_item(value, '='), "server_max_window_bits")) continue;
    value = http::trim(value);
    if (value == "8" || value == "\"8\"") return true;
  }
  return false;
}

/// Without those that allow us a window of 256 bytes alone: Beast would agree, and take twice that
/// (RFC 7692, section 7.1.2.1).
std::string takeable(std::string_view offers) {
  std::string made;
  while (!offers.empty()) {
    const auto offer = http::take_item(offers, ',');
    if (!allows_least_window(offer)) made.append(made.empty() ? "" : ", ").append(offer);
  }
  return made;
}

websocket::request_type to_beast(const http::request& from) {
  websocket::request_type made{beast::http::verb::get, "/", 11};
  made.set(beast::http::field::host, "");
  made.set(beast::http::field::connection, "upgrade");
  made.set(beast::http::field::upgrade, "websocket");
  for (const http::field& each : from.fields) {
    if (http::iequals(each.name, "sec-websocket-key") ||
        http::iequals(each.name, "sec-websocket-version"))
      made.insert(std::string_view{each.name}, std::string_view{each.value});
    else if (http::iequals(each.name, "sec-websocket-extensions"))
      made.insert(std::string_view{each.name}, takeable(each.value));
  }
  return made;
}

void add_fields(websocket::response_type& to, const dispatch::websocket_channel& channel) {
  const auto& accepted = channel.accepted();
  to.set(beast::http::field::date, http::http_date());
  to.set(beast::http::field::server, "fasterapi"); // else Beast names itself
  if (!accepted.subprotocol.empty())
    to.set(beast::http::field::sec_websocket_protocol, accepted.subprotocol);
  for (const auto& [name, value] : accepted.fields) {
    if (http::iequals(name, "date") || http::iequals(name, "server")) // in place of ours
      to.set(name, value);
    else
      to.insert(name, value);
  }
}

/// The code that Beast has sent for an error of the client's.
std::uint16_t code_of(const boost::system::error_code& error) {
  if (error == websocket::error::message_too_big) return websocket::close_code::too_big;
  if (error == websocket::error::bad_frame_payload) return websocket::close_code::bad_payload;
  if (error == websocket::condition::protocol_violation)
    return websocket::close_code::protocol_error;
  return vanished;
}

bool is_of_inflate(const boost::system::error_code& error) {
  return error.category() == make_error_code(beast::zlib::error::general).category();
}

template <class Duration>
websocket_session::time_point later(websocket_session::time_point now, Duration after) {
  return after.count() == 0 ? websocket_session::time_point::max() : now + after;
}

} // namespace

websocket_session::websocket_session(reactor& home, stream_socket socket,
                                     std::shared_ptr<dispatch::websocket_channel> channel)
    : home_(home), stream_(std::move(socket)), channel_(std::move(channel)) {
  channel_->connection = this;
}

websocket_session::~websocket_session() = default;

void websocket_session::start(const http::request& handshake) {
  set_options();
  deadline_ = later(home_.now(), home_.shared().settings.write_timeout);
  stream_.async_accept(to_beast(handshake), [self = boost::intrusive_ptr<websocket_session>{this}](
                                                const error_code& error) {
    self->guard([&] { self->on_answered(error); });
  });
}

void websocket_session::set_options() {
  const auto& settings = home_.shared().settings.websocket;
  websocket::permessage_deflate deflate;
  deflate.server_enable = settings.compression;
  deflate.server_max_window_bits = window_bits;
  deflate.compLevel = deflate_level;
  deflate.memLevel = deflate_memory_level;
  deflate.msg_size_threshold = least_compressed_bytes;
  stream_.set_option(deflate);
  stream_.set_option(websocket::stream_base::decorator(
      [channel = channel_](websocket::response_type& to) { add_fields(to, *channel); }));
  stream_.control_callback(
      [this](websocket::frame_type what, beast::string_view) { on_control(what); });
  stream_.read_message_max(settings.max_message_bytes);
  stream_.auto_fragment(false); // write_piece() does it
}

void websocket_session::on_answered(const error_code& error) {
  if (is_ended_) return;
  if (error) return finish(vanished);
  is_open_ = true;
  deadline_ = time_point::max();
  heard_ = home_.now();
  if (home_.shared().is_draining.load(std::memory_order_relaxed)) return on_drain();
  read();
  write();
}

void websocket_session::on_word() {
  if (is_ended_ || !is_open_) return;
  guard([this] {
    read();
    write();
  });
}

void websocket_session::read() {
  if (is_reading_) return;
  // With nobody left to read them, messages are read and dropped until the close frame comes.
  const bool has_reader = !is_closing_ && !channel_->has_worker_left();
  if (has_reader && channel_->to_worker.wait_for_room()) {
    pong_deadline_ = time_point::max(); // the pong may be there, unread
    return;
  }
  is_reading_ = true;
  // Not all that a frame announces: it may never come.
  const std::size_t room =
      std::min(stream_.read_size_hint(first_read_bytes), std::max(piece_bytes, message_.size()));
  char* const place = message_.prepare(room);
  stream_.async_read_some(boost::asio::buffer(place, room),
                          [self = boost::intrusive_ptr<websocket_session>{this}](
                              const error_code& error, std::size_t bytes) {
                            self->guard([&] { self->on_read(error, bytes); });
                          });
}

void websocket_session::on_read(const error_code& error, std::size_t bytes) {
  is_reading_ = false;
  if (is_ended_) return;
  if (error) return on_read_error(error);
  heard_ = home_.now();
  pong_deadline_ = time_point::max();
  message_.commit(bytes);
  // Beast does not see that text ends amid a character where its last frame is empty.
  if (bytes == 0 && stream_.is_message_done() && stream_.got_text() &&
      !http::is_utf8(message_.view()))
    return begin_close(websocket::close_code::bad_payload, {});
  if (stream_.is_message_done()) hand_over();
  read();
}

void websocket_session::hand_over() {
  if (is_closing_ || channel_->has_worker_left()) return message_.clear();
  auto read = std::make_unique<message>();
  read->what = stream_.got_text() ? message::kind::text : message::kind::binary;
  if (message_.capacity() > kept_bytes) {
    read->payload = std::exchange(message_, {});
  } else {
    read->payload.append(message_.view());
    message_.clear();
  }
  channel_->to_worker.push(std::move(read));
  channel_->tell_worker();
}

void websocket_session::on_read_error(const error_code& error) {
  // Where we began the end, what the close says comes last.
  if (error == boost::asio::error::operation_aborted && is_closing_) return;
  if (error == websocket::error::closed) return part(websocket::close_code::no_status);
  if (is_of_inflate(error)) return refuse_compressed();
  const std::uint16_t code = code_of(error);
  code == vanished ? finish(code) : linger(code);
}

/// Beast stops here, and sends nothing any more: the close frame is ours, unless it would come amid
/// another.
void websocket_session::refuse_compressed() {
  constexpr std::uint16_t code = websocket::close_code::bad_payload;
  constexpr std::array<unsigned char, 4> frame{0x88, 2, code >> 8, code & 0xff};
  const bool is_writing = outgoing_ || is_pinging_ || is_closing_;
  if (!is_writing)
    ::send(stream_.next_layer().native_handle(), frame.data(), frame.size(),
           MSG_NOSIGNAL | MSG_DONTWAIT);
  linger(code);
}

/// Beast answers pings and closes by itself; the worker is to hear of the end before the client has
/// ended its connection.
void websocket_session::on_control(websocket::frame_type what) {
  heard_ = home_.now();
  pong_deadline_ = time_point::max();
  if (what != websocket::frame_type::close) return;
  const auto& said = stream_.reason();
  is_closing_ = true;
  deadline_ =
      std::min(deadline_, later(home_.now(), home_.shared().settings.websocket.close_timeout));
  tell_end(said.code == websocket::close_code::none
               ? std::uint16_t{websocket::close_code::no_status}
               : said.code,
           {said.reason.data(), said.reason.size()});
}

void websocket_session::write() {
  if (outgoing_ || is_closing_) return;
  outgoing_ = channel_->to_reactor.take();
  if (!outgoing_) return;
  outgoing_cost_ = outgoing_->cost();
  if (outgoing_->what != message::kind::close) return write_piece();
  begin_close(outgoing_->code, outgoing_->payload.view());
}

void websocket_session::write_piece() {
  const http::byte_buffer& left = outgoing_->payload;
  const std::size_t size = std::min(left.size(), piece_bytes);
  stream_.text(outgoing_->what == message::kind::text);
  write_deadline_ = later(home_.now(), home_.shared().settings.write_timeout);
  // Beast's own count leaves out what its compressor still holds.
  stream_.async_write_some(size == left.size(), boost::asio::buffer(left.data(), size),
                           [self = boost::intrusive_ptr<websocket_session>{this},
                            size](const error_code& error, std::size_t) {
                             self->guard([&] { self->on_written(error, size); });
                           });
}

void websocket_session::on_written(const error_code& error, std::size_t bytes) {
  write_deadline_ = time_point::max();
  if (is_ended_) return;
  if (error && error != boost::asio::error::operation_aborted) return finish(vanished);
  if (error || is_closing_) return; // the rest is not sent any more
  outgoing_->payload.consume(bytes);
  if (!outgoing_->payload.empty()) return write_piece();
  outgoing_.reset();
  if (channel_->to_reactor.give_back(outgoing_cost_)) channel_->tell_worker();
  write();
}

void websocket_session::finish_without_memory() noexcept {
  finish(vanished);
  home_.report("a WebSocket closed: out of memory");
}

void websocket_session::on_tick(time_point now) {
  if (now >= std::min({deadline_, write_deadline_, pong_deadline_})) return finish(vanished);
  if (is_open_ && !is_closing_ && !is_ended_) ping(now);
}

/// Only while it reads: a pong could not be seen otherwise.
void websocket_session::ping(time_point now) {
  const auto& settings = home_.shared().settings.websocket;
  const bool is_waiting = is_pinging_ || pong_deadline_ != time_point::max();
  if (settings.ping_interval.count() == 0 || is_waiting || !is_reading_) return;
  if (now - heard_ < settings.ping_interval) return;
  is_pinging_ = true;
  pong_deadline_ = later(now, settings.ping_timeout);
  stream_.async_ping({}, [self = boost::intrusive_ptr<websocket_session>{this}](const error_code&) {
    self->is_pinging_ = false;
  });
}

void websocket_session::on_drain() {
  if (!is_open_ || is_closing_) return; // on_answered() asks again
  tell_end(restarting, {});
  begin_close(restarting, {});
}

/// Beast sends the frame behind what is being written, and reads until the client's.
void websocket_session::begin_close(std::uint16_t code, std::string_view reason) {
  is_closing_ = true;
  pong_deadline_ = time_point::max();
  deadline_ = later(home_.now(), home_.shared().settings.websocket.close_timeout);
  stream_.async_close(
      {static_cast<websocket::close_code>(code), beast::string_view{reason.data(), reason.size()}},
      [self = boost::intrusive_ptr<websocket_session>{this}, code](const error_code& error) {
        error ? self->finish(code) : self->part(code);
      });
}

void websocket_session::tell_end(std::uint16_t code, std::string_view reason) {
  if (std::exchange(is_told_, true)) return;
  std::unique_ptr<message> end{new (std::nothrow) message};
  if (!end) return; // leave() says it, too
  end->what = message::kind::close;
  end->code = code;
  end->payload.append(reason);
  channel_->to_worker.push(std::move(end));
  channel_->tell_worker();
}

void websocket_session::close() { finish(vanished); }

/// Both sides are done with each other.
void websocket_session::leave(std::uint16_t code) {
  if (std::exchange(is_ended_, true)) return;
  tell_end(code, {});
  channel_->leave_reactor();
  channel_->tell_worker(); // who waits for room in vain
  channel_->connection = nullptr;
  write_deadline_ = pong_deadline_ = time_point::max();
}

void websocket_session::finish(std::uint16_t code) {
  if (is_removed_) return;
  leave(code);
  is_removed_ = true;
  error_code ignored;
  stream_.next_layer().close(ignored);
  home_.remove_websocket(*this); // may destroy this
}

/// Close frames are exchanged: no byte is to follow, and the server ends the connection at once
/// (RFC 6455, section 7.1.1). What came all the same is read, or the kernel would reset.
void websocket_session::part(std::uint16_t code) {
  error_code ignored;
  net::swallow(stream_.next_layer().native_handle(), linger_bytes, ignored);
  finish(code);
}

/// Our close says what was wrong: the client may be sending still, and is to read it before it ends
/// the connection. As session::linger.
void websocket_session::linger(std::uint16_t code) {
  if (is_ended_) return;
  leave(code);
  error_code ignored;
  stream_.next_layer().shutdown(stream_socket::shutdown_send, ignored);
  deadline_ = later(home_.now(), home_.shared().settings.websocket.close_timeout);
  swallow();
}

void websocket_session::swallow() {
  error_code error;
  swallowed_ +=
      net::swallow(stream_.next_layer().native_handle(), linger_bytes - swallowed_, error);
  if (error != boost::asio::error::would_block) return finish(vanished);
  stream_.next_layer().async_wait(
      stream_socket::wait_read,
      [self = boost::intrusive_ptr<websocket_session>{this}](const error_code& failed) {
        if (!self->is_removed_) failed ? self->finish(vanished) : self->swallow();
      });
}

} // namespace fasterapi::net
