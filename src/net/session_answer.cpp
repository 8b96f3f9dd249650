#include "net/reactor.hpp"
#include "net/session.hpp"

#include "fasterapi/http_request.hpp"
#include "fasterapi/http_response.hpp"
#include "http/accept.hpp"
#include "net/swallow.hpp"
#include "observe/log.hpp"

#include <boost/asio/error.hpp>

#include <algorithm>
#include <cerrno>
#include <exception>
#include <string>
#include <sys/socket.h>

namespace fasterapi::net {

namespace {

constexpr std::chrono::milliseconds linger_pause{2000}; // without a byte of the client
constexpr std::chrono::milliseconds linger_time{30000}; // in all
// Received or sent at most, before others have their turn.
constexpr std::size_t linger_turn_bytes = 1024 * 1024;
constexpr std::size_t file_turn_bytes = 1024 * 1024;

} // namespace

void session::start_response() {
  auto& held = exchange();
  const auto& limit = home_.shared().settings.max_requests_per_connection;
  const bool keep_alive = held.request.keep_alive && (limit == 0 || requests_ + 1 < limit) &&
                          !home_.shared().is_draining.load(std::memory_order_relaxed);
  held.response.start(held.output, {.is_head = held.request.verb == http::method::head,
                                    .is_http_1_0 = held.request.is_http_1_0,
                                    .keep_alive = keep_alive});
}

void session::run_cpp_handler() {
  start_response();
  job_->times.skip();
  HttpRequest request{exchange()};
  HttpResponse response{exchange()};
  std::string what;
  try {
    match_.route->cpp(&request, &response);
    exchange().response.finish();
    job_->times.lap(observe::stage::handler);
    return;
  } catch (const std::exception& error) {
    what = error.what();
  } catch (...) {
    what = "an exception that is no std::exception";
  }
  observe::log(observe::level::error, "net",
               match_.route->method + " " + match_.route->pattern + " (" + match_.route->origin +
                   ") threw: " + what);
  exchange().response.restart();
  finish_error(500, "Internal Server Error");
}

/// An error as the answer that start_response() has begun.
void session::finish_error(unsigned status, std::string_view detail) {
  auto& held = exchange();
  http::write_error(held.response, status, detail, held.request.find("accept").value_or(""));
  held.response.finish();
}

void session::finish_unavailable() {
  exchange().response.header("Retry-After", "1");
  finish_error(503, "Service Unavailable");
}

void session::answer_unmatched() {
  start_response();
  auto& response = exchange().response;
  switch (match_.what) {
  case routing::match::kind::redirect:
    return redirect();
  case routing::match::kind::automatic_options:
    if (!match_.allow.empty()) response.header("Allow", match_.allow);
    response.status(204);
    return response.finish();
  case routing::match::kind::method_not_allowed:
    response.header("Allow", match_.allow);
    return finish_error(405, "Method Not Allowed");
  default:
    return finish_error(404, "Not Found");
  }
}

/// To the same path with the slash at its end added or taken away, as Starlette does it.
void session::redirect() {
  auto& held = exchange();
  std::string location{held.request.raw_path};
  if (location.starts_with("//")) return finish_error(404, "Not Found"); // would name another host
  if (location.ends_with('/'))
    location.pop_back();
  else
    location += '/';
  if (!held.request.query.empty()) location.append("?").append(held.request.query);
  held.response.status(307);
  held.response.header("Location", location);
  held.response.finish();
}

session::progress session::refuse(const http::error& error) {
  auto& held = exchange();
  refused(error.status);
  if (observe::is_enabled(observe::level::info)) {
    observe::log(observe::level::info, "net",
                 client() + " refused with " + std::to_string(error.status) + ": " +
                     std::string{error.reason});
  }
  if (phase_ == phase::head) {
    held.request.verb = head_parser_.verb(held.input.view()); // no content for HEAD
    if (!held.request.find("accept"))
      held.request.fields.push_back({"accept", http::find_accept(held.input.view())});
  }
  held.request.keep_alive = false;
  should_linger_ = true;
  request_bytes_ = held.input.size();
  unread_begin_ = 0;
  start_response();
  if (error.status == 426) { // RFC 6455, section 4.4; RFC 9110, section 15.5.22
    held.response.header("Sec-WebSocket-Version", "13");
    held.response.header("Upgrade", "websocket");
  }
  finish_error(error.status, error.reason);
  phase_ = phase::answered;
  return progress::goes_on;
}

void session::log_answer() {
  const auto& held = exchange();
  const auto format = home_.shared().settings.access;
  if (format == observe::access_format::off) return;
  observe::log_access(format, {.client = client(),
                               .method = held.request.method_text,
                               .target = held.request.target,
                               .minor_version = held.request.is_http_1_0 ? 0u : 1u,
                               .status = held.response.status(),
                               .body_bytes = held.response.body_size(),
                               .duration = reactor::clock::now() - began_,
                               .request_id = job_->id});
}

session::progress session::flush(phase then) {
  if (!gathered_.empty()) home_.stop_gathering(*this);
  if (times_write_) begin_write();
  auto error = write(gathered_);
  if (!error) error = write_answer();
  if (error == boost::asio::error::would_block || error == boost::asio::error::in_progress) {
    phase_ = phase::writing;
    after_write_ = then;
    set_deadline(home_.shared().settings.write_timeout);
    wait_to_write(error);
    return progress::waits;
  }
  if (error) {
    close();
    return progress::waits;
  }
  if (times_write_) end_write();
  phase_ = then;
  return progress::goes_on;
}

/// All of it, or as much as the socket takes: would_block.
boost::system::error_code session::write(http::byte_buffer& from, int flags) {
  boost::system::error_code error;
  if (!from.empty()) from.consume(connection_.send(from.view(), flags, error));
  return error;
}

boost::system::error_code session::write_answer() {
  auto& held = exchange();
  if (!outside_body_.empty()) return write_with_body(held.output);
  if (!held.response.outside_file().empty()) return write_with_file(held.output);
  return write(held.output);
}

/// The socket is full, or others of the reactor have their turn first: then in_progress.
void session::wait_to_write(const boost::system::error_code& error) {
  if (error == boost::asio::error::would_block) return; // until there is room: see note_ready
  has_room_ = true;
  home_.end_turn();
  home_.serve_soon(*this);
}

/// The output, and behind it a body that is elsewhere: no byte of that is copied here.
boost::system::error_code session::write_with_body(http::byte_buffer& from) {
  boost::system::error_code error;
  const std::size_t sent = connection_.send(from.view(), outside_body_, error);
  const std::size_t of_output = std::min(sent, from.size());
  from.consume(of_output);
  outside_body_.remove_prefix(sent - of_output);
  if (!error) job_->give_body_back();
  return error;
}

/// The output, and behind it a file, which the kernel takes its bytes from: in_progress after as
/// many as one turn has time for.
boost::system::error_code session::write_with_file(http::byte_buffer& from) {
  // The head waits for the first of them: one segment, where they are few.
  if (const auto error = write(from, MSG_MORE)) return error;
  auto& file = exchange().response.outside_file();
  if (const auto error = send_file(file)) return error;
  file.close();
  job_->give_body_back();
  return {};
}

boost::system::error_code session::send_file(http::file_part& file) {
  const std::uint64_t left = file.size();
  while (!file.empty()) {
    const std::uint64_t sent_now = left - file.size();
    if (sent_now >= file_turn_bytes) return boost::asio::error::in_progress;
    const ssize_t sent = file.send_to(connection_.fd(), file_turn_bytes - sent_now);
    if (sent > 0 || (sent < 0 && errno == EINTR)) continue;
    if (sent < 0) return {errno, boost::system::system_category()};
    // Its length was promised: only the end of the connection can tell (RFC 9112, section 8).
    observe::log(observe::level::error, "net",
                 "request " + observe::format_request_id(job_->id) + ": the file has ended " +
                     std::to_string(file.size()) + " bytes before its length, which was sent");
    return boost::asio::error::eof;
  }
  return {};
}

/// One write for the answers of pipelined requests: what is there waits for the next, for a little.
void session::gather() {
  std::swap(gathered_, exchange().output);
  gathered_at_ = home_.now();
  home_.start_gathering(*this);
}

/// In front of the answer that has come.
void session::join_gathered() {
  auto& output = exchange().output;
  if (gathered_.empty() || output.size() > job_pool::kept_bytes) return;
  home_.stop_gathering(*this);
  gathered_.append(output.view());
  std::swap(gathered_, output);
  gathered_.clear();
}

bool session::flush_gathered(time_point since) {
  if (gathered_at_ > since) return false;
  home_.stop_gathering(*this);
  const auto error = write(gathered_);
  // Where the client does not read, the next flush sees to it.
  if (error && error != boost::asio::error::would_block) close();
  return true;
}

/// Closing with unread bytes would reset the connection and may take the answer with it (RFC 9112,
/// section 9.6): half-close, and read on while it sends.
void session::linger() {
  phase_ = phase::lingering;
  received_into_ = nullptr;
  home_.jobs().release(*std::exchange(job_, nullptr));
  connection_.end_sending();
  lingers_until_ = home_.now() + linger_time;
  set_deadline(linger_pause);
  if (has_bytes_) home_.serve_soon(*this);
}

void session::swallow() {
  boost::system::error_code error;
  net::swallow(connection_.fd(), linger_turn_bytes, error);
  if (error && error != boost::asio::error::would_block) return close();
  has_bytes_ = !error || has_peer_ended_;
  if (!home_.shared().is_draining.load(std::memory_order_relaxed))
    deadline_ = std::min(home_.now() + linger_pause, lingers_until_);
  if (has_bytes_) home_.serve_soon(*this);
}

const std::string& session::client() {
  if (client_.empty()) client_ = peer_.text();
  return client_;
}

} // namespace fasterapi::net
