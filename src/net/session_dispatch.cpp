#include "dispatch/websocket_channel.hpp"
#include "net/reactor.hpp"
#include "net/session.hpp"

#include "net/swallow.hpp"
#include "observe/log.hpp"

#include <poll.h>

namespace fasterapi::net {

namespace {

constexpr std::chrono::milliseconds quiet_time{1000}; // of a stream, then its client is looked at
constexpr std::size_t stop_bytes = 1024 * 1024; // swallowed of a client, when the reactor ends

} // namespace

session::progress session::submit() {
  start_response();
  job_->handler = match_.route->python_handler;
  job_->origin = &home_.completions();
  job_->owner = this;
  job_->client = connection_.fd();
  job_->received_at = home_.now();
  job_->exchange.request.peer = peer_;
  job_->has_more = false;
  is_running_ = false;
  set_deadline(home_.shared().settings.queue_timeout);
  phase_ = phase::room;
  job_->times.skip();
  if (home_.has_waiting_for_room() || !on_room()) home_.wait_for_room(*this);
  if (incoming_ != nullptr) receive_pieces();
  return progress::waits;
}

bool session::on_room() {
  phase_ = phase::dispatched; // before submit: from then on the job is not ours
  if (home_.submit(*job_)) return true;
  phase_ = phase::room;
  return false;
}

void session::on_job_done() {
  guard([this] { take_answer(); });
}

void session::take_answer() {
  auto& response = exchange().response;
  phase_ = phase::streaming; // the job is ours again, from here on
  if (job_->times.is_on) record_stages();
  join_gathered();
  if (job_->websocket && job_->websocket->is_accepted()) {
    if (flush(phase::upgrading) == progress::goes_on) serve();
    return;
  }
  if (job_->has_more) {
    if (flush(phase::streaming) == progress::goes_on) serve();
    return;
  }
  if (!response.is_finished()) { // a stream broke off: the missing last chunk tells the client
    if (flush(phase::closing) == progress::goes_on) close();
    return;
  }
  phase_ = phase::answered;
  serve();
}

session::progress session::request_next_part() {
  phase_ = phase::part;
  quiet_until_ = home_.now() + home_.shared().settings.keep_alive_timeout;
  set_deadline(quiet_time);
  job_->state.store(dispatch::job_state::running, std::memory_order_relaxed);
  job_->worker->resume(*job_);
  return progress::waits;
}

/// A stream lasts as long as its client reads. One that has left says no more than one that has
/// ended its half alone, and a stream that sends nothing never learns which: it has its time.
void session::on_quiet_stream() {
  pollfd client{connection_.fd(), POLLRDHUP, 0};
  ::poll(&client, 1, 0);
  const bool is_gone = (client.revents & ~POLLRDHUP) != 0;
  const bool is_late =
      home_.now() >= quiet_until_ || home_.shared().is_draining.load(std::memory_order_relaxed);
  if (is_gone || (client.revents != 0 && is_late)) return close();
  set_deadline(quiet_time);
}

/// Whoever has the job keeps it until done; it then returns to the pool without us.
void session::leave_job() {
  dispatch::job& left = *std::exchange(job_, nullptr);
  left.owner = nullptr;
  if (home_.shared().lane->withdraw(left)) return;
  left.cancelled.store(true, std::memory_order_release);
  if (left.state.load(std::memory_order_acquire) == dispatch::job_state::running) {
    left.worker->cancel_changed();
  }
}

/// The worker still counts on the job: it gets it to end the iterator.
void session::leave_stream() {
  dispatch::job& left = *std::exchange(job_, nullptr);
  left.owner = nullptr;
  left.cancelled.store(true, std::memory_order_release);
  left.worker->resume(left);
}

/// Goes on with a fresh job that knows the request's line, for an answer of our own.
void session::replace_job() {
  const dispatch::job& left = *job_;
  auto& fresh = home_.jobs().acquire();
  fresh.id = left.id;
  auto& request = fresh.exchange.request;
  request.verb = left.exchange.request.verb;
  request.method_text = left.exchange.request.method_text;
  request.target = left.exchange.request.target;
  request.is_http_1_0 = left.exchange.request.is_http_1_0;
  if (const auto accept = left.exchange.request.find("accept"))
    request.fields.push_back({"accept", *accept});
  request.keep_alive = false; // what was received behind the request stays with the handler
  should_linger_ = true;
  request_bytes_ = unread_begin_ = 0;
  if (incoming_ != nullptr) leave_body();
  leave_job();
  job_ = &fresh;
  phase_ = phase::answered;
}

/// Instead of what a worker would have answered.
void session::answer_unavailable() {
  if (phase_ == phase::room) {
    home_.stop_waiting_for_room(*this);
    job_->times.is_on = false;
    if (incoming_ != nullptr) exchange().request.keep_alive = false; // its body comes still
    phase_ = phase::answered;
  } else {
    replace_job();
  }
  refused(503);
  start_response();
  finish_unavailable();
  serve();
}

void session::on_queue_timeout() {
  if (phase_ == phase::room || home_.shared().lane->withdraw(*job_)) return answer_unavailable();
  is_running_ = true; // a worker was quicker
  set_deadline(handler_timeout());
}

void session::on_stop() {
  if (phase_ == phase::room || phase_ == phase::dispatched) guard([this] { answer_unavailable(); });
  on_flush();
  boost::system::error_code ignored;
  if (phase_ == phase::lingering) net::swallow(connection_.fd(), stop_bytes, ignored);
  close();
}

std::chrono::milliseconds session::handler_timeout() const noexcept {
  const auto& settings = home_.shared().settings;
  return job_->websocket ? settings.websocket.handshake_timeout : settings.handler_timeout;
}

void session::on_handler_timeout() {
  refused(504);
  observe::log(observe::level::warning, "net",
               "request " + observe::format_request_id(job_->id) + ": " + match_.route->method +
                   " " + match_.route->pattern + " (" + match_.route->origin +
                   ") ran over its deadline and was answered with 504");
  if (job_->worker != nullptr) home_.overdue().add(*job_->worker, home_.now());
  replace_job();
  start_response();
  finish_error(504, "Gateway Timeout");
  serve();
}

void session::on_slow_request() {
  received_into_ = nullptr;
  if (exchange().input.empty()) return close(); // not a byte of a request
  if (refuse({408, "the request took too long to arrive"}) == progress::goes_on) serve();
}

} // namespace fasterapi::net
