#include "http/chunked_decoder.hpp"
#include "net/incoming_body.hpp"
#include "net/reactor.hpp"
#include "net/session.hpp"

#include <algorithm>
#include <memory>
#include <utility>

namespace fasterapi::net {

namespace {

constexpr std::uint64_t whole_bytes = 64 * 1024;  // a body up to this comes in one piece
constexpr std::size_t piece_bytes = 64 * 1024;    // at most, of a receive
constexpr std::size_t channel_bytes = 256 * 1024; // that wait for the handler

/// A piece with the bytes of a buffer: the buffer itself, unless most of it is empty.
std::unique_ptr<dispatch::body_piece> make_piece(http::byte_buffer& from) {
  auto made = std::make_unique<dispatch::body_piece>();
  if (2 * from.size() >= from.capacity()) {
    made->bytes = std::exchange(from, {});
  } else {
    made->bytes.append(from.view());
    from.clear();
  }
  return made;
}

} // namespace

/// Whether its handler may run while the body comes, and that is worth it.
bool session::streams_body() const noexcept {
  if (skips_body_ || !match_.route->streams_body) return false;
  const auto& request = job_->exchange.request;
  return request.is_chunked || *request.content_length > whole_bytes;
}

/// What has come of the body stands behind the head, or in exchange().body, de-chunked.
session::progress session::begin_streamed_body() {
  auto& held = exchange();
  auto made = std::make_unique<incoming_body>();
  made->channel = std::make_shared<dispatch::body_channel>(channel_bytes, home_.completions());
  incoming_ = std::move(made);
  auto& in = *incoming_;
  in.channel->connection = this;
  job_->body = in.channel;
  in.is_chunked = held.request.is_chunked;
  in.left = held.request.content_length.value_or(0);
  is_body_in_input_ = false;
  const std::size_t arrived = held.input.size() - head_bytes_;
  in.awaits_handler = held.request.expects_continue && arrived == 0 && held.body.empty();
  if (!held.body.empty()) {
    in.channel->pieces.push(make_piece(held.body));
  } else if (arrived != 0) {
    in.received.append(held.input.view().substr(head_bytes_));
    held.input.shrink(arrived);
    (void)pass_on(); // of a known length, which is not reached
  }
  held.request.body = {};
  phase_ = phase::handling;
  return progress::goes_on;
}

void session::receive_pieces() {
  auto& in = *incoming_;
  if (in.is_whole || in.is_receiving || in.awaits_handler) return;
  if (in.channel->has_worker_left() || in.channel->pieces.wait_for_room()) {
    body_due_ = time_point::max(); // the handler's turn
    return;
  }
  if (body_due_ == time_point::max())
    body_due_ = home_.now() + home_.shared().settings.body_timeout;
  const std::size_t most =
      in.is_chunked ? piece_bytes : std::min<std::uint64_t>(in.left, piece_bytes);
  in.received.prepare(most);
  in.is_receiving = true;
  receive_into(in.received, most);
}

/// Bytes of the client have come while its job is away.
void session::take_pieces() {
  auto& in = *incoming_;
  if (!in.is_receiving || in.received.empty()) return;
  in.is_receiving = false;
  count_body(in.received.size());
  if (const http::error error = pass_on()) return break_body(error);
  // A handler has its time from the last that has come for it.
  if (phase_ == phase::dispatched && is_running_) set_deadline(handler_timeout());
  receive_pieces();
}

/// What was received, to the worker.
http::error session::pass_on() {
  auto& in = *incoming_;
  if (in.is_chunked) {
    if (const http::error error = pass_on_chunks()) return error;
  } else {
    in.left -= in.received.size();
    in.is_whole = in.left == 0;
    in.channel->note_left(in.left);
    in.channel->pieces.push(make_piece(in.received));
  }
  if (!in.is_whole) {
    in.channel->tell_worker();
    return {};
  }
  body_due_ = time_point::max();
  in.channel->end();
  return {};
}

http::error session::pass_on_chunks() {
  auto& in = *incoming_;
  const auto made = chunks_.feed_in_place(in.received, 0);
  if (made.state == http::chunked_decoder::outcome::failed) return made.error;
  in.is_whole = made.state == http::chunked_decoder::outcome::done;
  http::byte_buffer behind;
  behind.append(in.received.view().substr(made.consumed));
  in.received.shrink(in.received.size() - made.payload_end);
  if (!in.received.empty()) in.channel->pieces.push(make_piece(in.received));
  in.received.clear();
  if (!behind.empty()) in.received = std::move(behind);
  return {};
}

void session::on_body_word() {
  if (incoming_ == nullptr) return;
  guard([this] {
    if (incoming_->awaits_handler && incoming_->channel->is_wanted()) ask_for_body();
    receive_pieces();
  });
}

/// RFC 9110, section 10.1.1; unless the answer has begun.
void session::ask_for_body() {
  incoming_->awaits_handler = false;
  body_due_ = time_point::max();
  if (phase_ != phase::room && phase_ != phase::dispatched) return;
  gathered_.append("HTTP/1.1 100 Continue\r\n\r\n");
  gathered_at_ = home_.now();
  if (!gathered_hook.is_linked()) home_.start_gathering(*this);
}

void session::check_pieces(time_point now) {
  if (incoming_->awaits_handler || now < body_due_) return;
  break_body({408, "the request took too long to arrive"});
}

/// The body will not be whole: an answer of ours, unless one has begun.
void session::break_body(const http::error& error) {
  if (phase_ == phase::room) {
    home_.stop_waiting_for_room(*this);
    phase_ = phase::answered;
    leave_body();
  } else if (phase_ == phase::dispatched) {
    replace_job();
  } else {
    return close();
  }
  if (refuse(error) == progress::goes_on) serve();
}

/// The answer is there. False: the rest of the body is not, so the connection ends with it, or
/// skips that where it is little.
bool session::settle_body() {
  const auto& in = *incoming_;
  bool is_whole = in.is_whole;
  if (is_whole) {
    exchange().input.append(in.received.view()); // of the next request
  } else if (in.channel->is_nearly_whole() && exchange().response.keep_alive()) {
    rest_ = in.left - in.received.size();
    is_whole = rest_ == 0;
  } else {
    should_linger_ = true;
  }
  leave_body();
  return is_whole;
}

/// Behind the answer: who has sent his request as announced may send the next.
session::progress session::skip_rest() {
  auto& input = exchange().input;
  const auto come = std::min<std::uint64_t>(rest_, input.size());
  input.consume(come);
  rest_ -= come;
  if (rest_ != 0) {
    receive();
    return progress::waits;
  }
  phase_ = phase::head;
  set_deadline(home_.shared().settings.header_timeout);
  stamp_beginning();
  return progress::goes_on;
}

/// Whoever reads it hears that there will be no more.
void session::leave_body() noexcept {
  if (incoming_->is_receiving && phase_ != phase::closed) received_into_ = nullptr;
  if (phase_ == phase::answered)
    job_->body.reset();
  else if (job_ != nullptr) // before it hears: nobody waits for what it answers
    job_->cancelled.store(true, std::memory_order_release);
  incoming_->channel->connection = nullptr;
  incoming_->channel->break_off();
  incoming_.reset();
}

} // namespace fasterapi::net
