#include "net/incoming_body.hpp"
#include "net/reactor.hpp"
#include "net/session.hpp"

#include <algorithm>

namespace fasterapi::net {

namespace {

constexpr std::size_t body_read_bytes = 64 * 1024; // at most, for one receive
constexpr std::size_t raw_read_bytes = 8 * 1024;   // of a body that is decoded or skipped

} // namespace

session::progress session::begin_body() {
  auto& held = exchange();
  skips_body_ = match_.what != routing::match::kind::found;
  phase_ = phase::body;
  if (!held.request.has_body()) {
    phase_ = phase::handling;
    return progress::goes_on;
  }
  const auto length = held.request.content_length.value_or(0);
  if (length > home_.shared().settings.body.max_body_bytes) {
    return refuse({413, "request body is too large"});
  }
  if (held.request.is_chunked) chunks_.reset(); // of the request before
  body_due_ = home_.now() + home_.shared().settings.body_timeout;
  const bool has_arrived = held.input.size() > head_bytes_;
  if (held.request.expects_continue && !has_arrived) {
    if (skips_body_) { // answered without the body, which the client may or may not send now
      held.request.keep_alive = false;
      should_linger_ = true;
      phase_ = phase::handling;
      return progress::goes_on;
    }
    if (streams_body()) return begin_streamed_body(); // which its handler is to ask for
    held.output.append("HTTP/1.1 100 Continue\r\n\r\n");
  }
  if (!held.request.is_chunked) return begin_known_length(length);
  is_body_in_input_ = false;
  held.body.append(held.input.view().substr(head_bytes_));
  held.input.shrink(held.input.size() - head_bytes_);
  return progress::goes_on;
}

session::progress session::begin_known_length(std::uint64_t length) {
  auto& [input, body, output, request, response, params] = exchange();
  const std::size_t arrived = input.size() - head_bytes_;
  is_body_in_input_ = length <= arrived + input.room();
  if (is_body_in_input_) return progress::goes_on;
  if (streams_body()) return begin_streamed_body();
  body_left_ = length;
  // Not all that is announced: it may never come. The rest as it does, by doubling.
  if (!skips_body_) body.prepare(std::min<std::uint64_t>(length, body_read_bytes));
  body.append(input.view().substr(head_bytes_));
  input.shrink(arrived); // the views of the head stay where they are
  return progress::goes_on;
}

session::progress session::read_body() {
  return exchange().request.is_chunked ? read_chunked() : read_known_length();
}

session::progress session::read_known_length() {
  auto& [input, body, output, request, response, params] = exchange();
  const std::size_t length = *request.content_length;
  if (is_body_in_input_) {
    if (input.size() - head_bytes_ < length) return wait_for_bytes();
    request.body = input.view().substr(head_bytes_, length);
    request_bytes_ = head_bytes_ + length;
  } else if (skips_body_) {
    body_left_ -= body.size();
    body.clear();
    if (body_left_ != 0) return wait_for_bytes();
  } else {
    if (body.size() < length) return wait_for_bytes();
    request.body = body.view();
  }
  phase_ = phase::handling;
  return progress::goes_on;
}

session::progress session::read_chunked() {
  auto& [input, body, output, request, response, params] = exchange();
  const auto made = chunks_.feed_in_place(body, request.body.size());
  const std::size_t decoded = skips_body_ ? 0 : made.payload_end;
  request.body = body.view().substr(0, decoded);
  switch (made.state) {
  case http::chunked_decoder::outcome::failed:
    return refuse(made.error);
  case http::chunked_decoder::outcome::done:
    chunks_.trailers(request.trailers);
    unread_begin_ = made.consumed; // never 0: a last chunk was read
    phase_ = phase::handling;
    return progress::goes_on;
  default:
    body.shrink(body.size() - decoded);
    return streams_body() ? begin_streamed_body() : wait_for_bytes();
  }
}

void session::receive_body() {
  auto& held = exchange();
  deadline_ = body_due_;
  // Never more than the room there is: the views of the head must stay.
  if (is_body_in_input_) return receive_into(held.input, held.input.room());
  if (!held.request.is_chunked) {
    const std::uint64_t missing =
        skips_body_ ? body_left_ : *held.request.content_length - held.body.size();
    if (skips_body_) held.body.prepare(raw_read_bytes);
    return receive_into(held.body, std::min<std::uint64_t>(missing, body_read_bytes));
  }
  if (held.body.room() < raw_read_bytes)
    held.body.prepare(std::max(raw_read_bytes, held.body.size()));
  held.request.body = held.body.view().substr(0, held.request.body.size()); // it may have moved
  return receive_into(held.body, body_read_bytes);
}

/// Each byte gives its share of a second more, up to the whole time-out: who sends little at a time
/// would else hold memory for as long as he likes.
void session::count_body(std::size_t bytes) noexcept {
  const auto& settings = home_.shared().settings;
  const auto latest = home_.now() + settings.body_timeout;
  const std::size_t rate = settings.min_body_rate;
  const std::chrono::nanoseconds earned{rate == 0 ? 0
                                                  : bytes * std::uint64_t{1'000'000'000} / rate};
  body_due_ = rate == 0 ? latest : std::min(latest, body_due_ + earned);
}

std::string_view session::unread() const noexcept {
  const auto& held = job_->exchange;
  if (unread_begin_ != 0) return held.body.view().substr(unread_begin_);
  return held.input.view().substr(request_bytes_);
}

} // namespace fasterapi::net
