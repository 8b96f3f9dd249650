#include "net/session.hpp"

#include "dispatch/websocket_channel.hpp"
#include "http/websocket_handshake.hpp"
#include "net/incoming_body.hpp"
#include "net/reactor.hpp"

#include <algorithm>
#include <cerrno>
#include <utility>

namespace fasterapi::net {

namespace {

constexpr std::size_t read_bytes = 16 * 1024;          // at most, for one receive into the input
constexpr std::chrono::milliseconds drain_grace{1000}; // for a request on its way, in a drain
constexpr std::chrono::milliseconds rest_time{1000};   // for the rest of a body, behind its answer
constexpr std::uint8_t long_idle_ticks = 2;

} // namespace

session::session(reactor& home, connection&& accepted, const http::peer_address& peer)
    : home_(home), connection_(std::move(accepted)), peer_(peer),
      head_parser_(home.shared().settings.head), chunks_(home.shared().settings.body) {}

session::~session() = default;

void session::start() {
  set_deadline(home_.shared().settings.header_timeout);
  home_.ready().add(connection_.fd(), this);
}

void session::on_no_memory() noexcept {
  home_.report("a connection closed: out of memory");
  close();
}

void session::serve() {
  auto next = progress::goes_on;
  while (next == progress::goes_on) {
    switch (phase_) {
    case phase::head:
      next = read_head();
      break;
    case phase::body:
      next = read_body();
      break;
    case phase::handling:
      next = handle();
      break;
    case phase::streaming:
      next = request_next_part();
      break;
    case phase::upgrading:
      next = upgrade();
      break;
    case phase::answered:
      next = finish_answer();
      break;
    case phase::skipping:
      next = skip_rest();
      break;
    case phase::closing:
      next = end();
      break;
    default:
      if (incoming_ != nullptr) take_pieces();
      return;
    }
  }
}

session::progress session::read_head() {
  auto& [input, body, output, request, response, params] = exchange();
  if (home_.metrics() != nullptr) start_timing();
  const auto head = head_parser_.parse(input.view(), request);
  if (head.state != http::head_parser::outcome::need_more) job_->id = home_.next_request_id();
  switch (head.state) {
  case http::head_parser::outcome::need_more:
    return wait_for_bytes();
  case http::head_parser::outcome::failed:
    return refuse(head.error);
  case http::head_parser::outcome::done:
    break;
  }
  head_bytes_ = request_bytes_ = head.consumed;
  if (request.has_upgrade && http::asks_for_websocket(request)) return begin_websocket();
  match_ =
      request.is_asterisk_form
          ? routing::match{routing::match::kind::automatic_options, nullptr, {}}
          : home_.shared().routes->find(request.verb, request.method_text, request.path, params);
  if (home_.metrics() != nullptr) count_request();
  return begin_body();
}

session::progress session::handle() {
  if (match_.what != routing::match::kind::found) {
    answer_unmatched();
  } else if (match_.route->type == HandlerType::CPP) {
    run_cpp_handler();
  } else {
    if (!exchange().output.empty()) gather(); // the worker builds in the output
    return submit();
  }
  phase_ = phase::answered;
  return progress::goes_on;
}

session::progress session::finish_answer() {
  if (home_.metrics() != nullptr) count_answer();
  log_answer();
  auto& held = exchange();
  outside_body_ = held.response.outside_body();
  // As it says: a drain may have begun since.
  const bool goes_on = (incoming_ == nullptr || settle_body()) && held.response.keep_alive();
  const bool may_send_more = held.request.keep_alive;
  held.input.consume(request_bytes_);
  if (unread_begin_ != 0) held.input.append(held.body.view().substr(unread_begin_));
  held.body.clear();
  held.request.clear();
  job_->websocket.reset(); // which was refused
  request_bytes_ = unread_begin_ = 0;
  head_parser_.reset();
  ++requests_;
  if (!goes_on && rest_ != 0) {
    set_deadline(rest_time);
    return flush(phase::skipping);
  }
  if (!goes_on) {
    should_linger_ |= may_send_more || !held.input.empty();
    return flush(phase::closing);
  }
  set_deadline(home_.shared().settings.header_timeout);
  stamp_beginning();
  const bool is_outside = !outside_body_.empty() || !held.response.outside_file().empty();
  const bool gathers =
      !held.input.empty() && !is_outside && held.output.size() < job_pool::kept_bytes;
  phase_ = gathers ? phase::head : phase::flushing;
  if (gathers) return progress::goes_on;
  home_.flush_soon(*this);
  return progress::waits;
}

void session::on_flush() {
  if (phase_ != phase::flushing) return;
  guard([this] {
    if (flush(phase::head) == progress::goes_on) serve();
  });
}

session::progress session::end() {
  if (should_linger_ || connection_.has_unread())
    linger();
  else
    close();
  return progress::waits;
}

/// Sends what is gathered before it waits for the client: the client may wait for just that.
session::progress session::wait_for_bytes() {
  if (!exchange().output.empty()) return flush(phase_);
  if (!exchange().input.empty()) {
    receive();
    return progress::waits;
  }
  go_idle();
  if (has_bytes_) home_.serve_soon(*this);
  // A drain that began while the answer was sent has passed this connection over.
  if (home_.shared().is_draining.load(std::memory_order_relaxed)) on_drain();
  return progress::waits;
}

/// The job goes back: the next connection that is ready finds its memory in the processor's caches.
void session::go_idle() {
  if (phase_ != phase::head) return;
  phase_ = phase::idle;
  idle_ticks_ = 0;
  release_job();
  if (requests_ != 0) set_deadline(home_.shared().settings.keep_alive_timeout);
}

bool session::note_ready(readiness now) noexcept {
  has_bytes_ |= now.has_bytes;
  has_peer_ended_ |= now.has_ended;
  has_urgent_ |= now.has_urgent;
  has_room_ = phase_ == phase::writing && (has_room_ || now.has_room);
  const bool receives =
      received_into_ != nullptr || phase_ == phase::idle || phase_ == phase::lingering;
  return has_room_ || (has_bytes_ && receives);
}

void session::on_turn() {
  if (phase_ == phase::lingering) return swallow();
  guard([this] {
    if (phase_ == phase::writing && std::exchange(has_room_, false)) on_writable();
    if (!has_bytes_) return;
    if (phase_ == phase::idle)
      receive_first();
    else if (received_into_ != nullptr)
      receive_now();
  });
}

/// Of the next request.
void session::receive_first() {
  job_ = &home_.jobs().acquire();
  receive();
  receive_now();
  if (phase_ != phase::idle) return;
  received_into_ = nullptr;
  release_job(); // there was nothing
}

void session::receive() {
  if (phase_ == phase::body) return receive_body();
  receive_into(exchange().input, read_bytes);
}

/// Once there is something. The memory must stay until then, or until received_into_ is null.
void session::receive_into(http::byte_buffer& into, std::size_t at_most) {
  received_into_ = &into;
  receive_most_ = at_most;
  if (has_bytes_ && phase_ != phase::idle) home_.serve_soon(*this);
}

void session::receive_now() {
  auto& into = *received_into_;
  if (into.room() == 0)
    into.prepare(std::min(receive_most_, std::max(into.size(), job_pool::input_bytes)));
  const std::size_t most = std::min(receive_most_, into.room());
  const ssize_t received = connection_.receive(into.tail(), most);
  if (received <= 0 && (received == 0 || errno != EAGAIN)) return close(); // whatever is incomplete
  has_urgent_ = has_urgent_ && received > 0;
  has_bytes_ = has_peer_ended_ || has_urgent_ || received == static_cast<ssize_t>(most);
  if (received > 0) on_received(static_cast<std::size_t>(received));
}

void session::on_received(std::size_t bytes) {
  auto& into = *std::exchange(received_into_, nullptr);
  into.commit(bytes);
  if (phase_ == phase::body) count_body(bytes);
  if (phase_ == phase::idle) begin_request();
  home_.parse_soon(*this);
}

void session::begin_request() {
  phase_ = phase::head;
  if (requests_ != 0) set_deadline(home_.shared().settings.header_timeout);
  stamp_beginning();
}

void session::stamp_beginning() {
  if (home_.metrics() != nullptr) began_ = home_.now();
  if (home_.shared().settings.access != observe::access_format::off) began_ = reactor::clock::now();
}

void session::on_writable() {
  if (flush(after_write_) == progress::waits) return;
  if (phase_ == phase::head) set_deadline(home_.shared().settings.header_timeout);
  if (phase_ == phase::skipping) set_deadline(rest_time);
  serve();
}

void session::on_tick(time_point now) {
  if (phase_ == phase::dispatched && !is_running_ &&
      job_->state.load(std::memory_order_acquire) == dispatch::job_state::running) {
    is_running_ = true;
    set_deadline(handler_timeout());
  }
  if (phase_ == phase::idle && idle_ticks_ < long_idle_ticks && ++idle_ticks_ == long_idle_ticks)
    gathered_.release();
  if (incoming_ != nullptr) guard([&] { check_pieces(now); });
  if (now >= deadline_) guard([this] { on_deadline(); });
}

void session::on_deadline() {
  switch (phase_) {
  case phase::head:
  case phase::body:
    return on_slow_request();
  case phase::room:
  case phase::dispatched:
    return is_running_ ? on_handler_timeout() : on_queue_timeout();
  case phase::part:
    return on_quiet_stream();
  case phase::skipping:
    return linger();
  case phase::idle:
    observe::add(home_.count().idle_closed);
    return close();
  default:
    return close();
  }
}

/// The next request of a client that was active just now may be on its way, and one may have
/// arrived that nobody has read yet: it is served, and its answer says that the connection ends.
void session::on_drain() {
  if (phase_ != phase::idle || connection_.has_unread()) return;
  if (requests_ != 0 && idle_ticks_ >= long_idle_ticks) return close();
  deadline_ = std::min(deadline_, home_.now() + drain_grace);
}

void session::close() {
  if (phase_ == phase::closed) return;
  const phase before = std::exchange(phase_, phase::closed);
  received_into_ = nullptr;
  if (!gathered_.empty()) home_.stop_gathering(*this);
  if (is_counted_) count_end();
  if (incoming_ != nullptr) leave_body();
  if (before == phase::room) home_.stop_waiting_for_room(*this);
  if (job_ != nullptr) {
    if (before == phase::dispatched || before == phase::part)
      leave_job();
    else if (job_->has_more)
      leave_stream();
    else
      release_job();
  }
  if (connection_.fd() >= 0) home_.ready().remove(connection_.fd());
  connection_.close();
  home_.remove_session(*this); // may destroy this
}

void session::release_job() {
  if (job_->websocket) job_->websocket->abandon();
  home_.jobs().release(*std::exchange(job_, nullptr));
}

void session::set_deadline(std::chrono::milliseconds after) {
  deadline_ = after.count() == 0 ? time_point::max() : home_.now() + after;
}

} // namespace fasterapi::net
