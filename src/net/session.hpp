#pragma once

#include "dispatch/job.hpp"
#include "http/chunked_decoder.hpp"
#include "http/head_parser.hpp"
#include "net/connection.hpp"
#include "net/ready_set.hpp"
#include "routing/route_table.hpp"

#include <boost/intrusive/list_hook.hpp>
#include <boost/smart_ptr/intrusive_ptr.hpp>
#include <boost/smart_ptr/intrusive_ref_counter.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <string>
#include <string_view>
#include <utility>

namespace fasterapi::net {

class reactor;
struct incoming_body;

using session_hook =
    boost::intrusive::list_member_hook<boost::intrusive::link_mode<boost::intrusive::safe_link>>;

/// One HTTP/1.1 connection (RFC 9112): reads a request, finds its route, answers it from C++ or
/// through the lane, writes, and goes on with the next; pipelined requests are answered in order,
/// their answers gathered into one write while they come from C++.
///
/// It lives in its reactor's list until closed and is used by the reactor's thread only. While it
/// is idle it has no job, hence no buffers.
class session : public boost::intrusive_ref_counter<session, boost::thread_unsafe_counter> {
public:
  using time_point = std::chrono::steady_clock::time_point;

  session(reactor& home, connection&& accepted, const http::peer_address& peer);
  ~session();

  void start();
  /// What the kernel has said; true: the session waits for that, see on_turn.
  bool note_ready(readiness now) noexcept;
  /// Receives, or sends what is left of an answer.
  void on_turn();
  /// Goes on with what was received, as far as that leads; see reactor::parse_soon.
  void serve_received() {
    guard([this] { serve(); });
  }
  /// Sends its answer; see reactor::flush_soon.
  void on_flush();
  /// A worker handed the job back.
  void on_job_done();
  /// The ring has room again; false: not enough, keep waiting.
  bool on_room();
  /// A worker asks for the body that it is to have piece by piece, or has room again.
  void on_body_word();
  /// Checks the deadline, about every 100 ms.
  void on_tick(time_point now);
  /// Closes now if idle for a while; otherwise after the answer under way, or the next.
  void on_drain();
  /// The reactor ends: who still waits for a worker is told so, then the connection is closed.
  void on_stop();
  void close();

  /// Sends answers that wait for those of later pipelined requests, if they wait since then.
  bool flush_gathered(time_point since);

  session_hook all_hook;
  session_hook room_hook;
  session_hook gathered_hook;
  bool is_in_turn = false; // of reactor::serve_soon

private:
  enum class phase : std::uint8_t {
    idle,       // between requests, no byte of the next
    head,       // request line and fields
    body,       // head known, body incomplete
    handling,   // complete: hand it to its route
    room,       // waits for a place in the ring
    dispatched, // the job is with the lane
    streaming,  // a part of a streamed answer was sent: ask for the next
    part,       // the worker has the job, to make that part
    upgrading,  // accepted as a WebSocket: hand the socket on
    answered,   // the answer is in the output
    flushing,   // likewise, and is sent when the others of its group are there
    writing,    // bytes to send, the socket is full; then after_write_
    skipping,   // likewise; drops what is left of the request's body
    closing,    // everything is sent
    lingering,  // half-closed; swallows what the client still sends
    closed,
  };
  enum class progress : bool { waits, goes_on };

  // Without memory for one connection, that one ends.
  template <class Work>
  void guard(Work work) {
    try {
      work();
    } catch (const std::bad_alloc&) {
      on_no_memory();
    }
  }
  void on_no_memory() noexcept;

  void serve();
  // The steps of a request, one for each phase that can go on.
  progress read_head();
  progress read_body();
  progress handle();
  progress request_next_part();
  progress upgrade();
  progress finish_answer();
  progress end();

  // Body (session_body.cpp).
  progress begin_body();
  progress begin_known_length(std::uint64_t length);
  progress read_known_length();
  progress read_chunked();
  void receive_body();
  void count_body(std::size_t bytes) noexcept;
  std::string_view unread() const noexcept; // bytes received behind the request

  // A body that comes while its handler runs (session_streamed_body.cpp).
  bool streams_body() const noexcept;
  progress begin_streamed_body();
  void receive_pieces();
  void take_pieces();
  http::error pass_on();
  http::error pass_on_chunks();
  void ask_for_body();
  void check_pieces(time_point now);
  void break_body(const http::error& error);
  bool settle_body();
  progress skip_rest();
  void leave_body() noexcept;

  // Answers (session_answer.cpp).
  void start_response();
  void run_cpp_handler();
  void answer_unmatched();
  void finish_error(unsigned status, std::string_view detail);
  void finish_unavailable();
  progress refuse(const http::error& error); // answers, then ends the connection
  void redirect();
  void log_answer();

  // Metrics (session_metrics.cpp); nothing of it where requests are not counted.
  void start_timing();
  void count_request();
  void count_answer();
  void count_end();
  void record_stages();
  bool is_of_worker() const noexcept;
  void refused(unsigned status) noexcept;
  void begin_write();
  void end_write();

  progress flush(phase then);
  boost::system::error_code write(http::byte_buffer& from, int flags = 0);
  boost::system::error_code write_answer();
  boost::system::error_code write_with_body(http::byte_buffer& from);
  boost::system::error_code write_with_file(http::byte_buffer& from);
  boost::system::error_code send_file(http::file_part& file);
  void wait_to_write(const boost::system::error_code& error);
  void gather();
  void join_gathered();
  void linger();
  void swallow();

  // WebSockets, up to their acceptance (session_upgrade.cpp).
  progress begin_websocket();
  void log_upgrade();

  // Dispatch and its deadlines (session_dispatch.cpp).
  progress submit();
  void take_answer();
  void leave_job();
  void leave_stream();
  void replace_job();
  std::chrono::milliseconds handler_timeout() const noexcept;
  void answer_unavailable();
  void on_queue_timeout();
  void on_handler_timeout();
  void on_deadline();
  void on_slow_request();
  void on_quiet_stream();

  progress wait_for_bytes();
  void on_writable();
  void receive_first();
  void receive();
  void receive_into(http::byte_buffer& into, std::size_t at_most);
  void receive_now();
  void on_received(std::size_t bytes);
  void go_idle();
  void release_job();
  void begin_request();
  void stamp_beginning();
  void set_deadline(std::chrono::milliseconds after);
  const std::string& client(); // for logs
  http::exchange& exchange() noexcept { return job_->exchange; }

  reactor& home_;
  connection connection_;
  const http::peer_address peer_;
  dispatch::job* job_ = nullptr; // null while idle
  http::head_parser head_parser_;
  http::chunked_decoder chunks_;
  routing::match match_;
  time_point deadline_{};
  time_point gathered_at_{};
  time_point began_{};       // of the request; for the access log and metrics
  time_point write_began_{}; // of one that is timed
  time_point lingers_until_{};
  time_point body_due_{};         // when the rest, or enough of it, is to be there
  time_point quiet_until_{};      // of a stream whose client has ended its half
  std::size_t request_bytes_ = 0; // of exchange().input that belong to this request
  std::size_t head_bytes_ = 0;
  std::size_t unread_begin_ = 0; // in exchange().body: what came behind a chunked body
  std::uint64_t body_left_ = 0;  // of a skipped body of known length
  std::uint64_t rest_ = 0;       // of a body that has its answer
  std::size_t requests_ = 0;
  std::size_t slot_ = 0; // of a request that is counted
  phase phase_ = phase::idle;
  phase after_write_ = phase::head;
  bool is_running_ = false;       // a tick saw that a worker has the job
  bool skips_body_ = false;       // the answer is known already
  bool is_body_in_input_ = false; // it fits behind the head
  bool has_bytes_ = false;        // perhaps, that were not received; or the end of them
  bool has_peer_ended_ = false;   // its half, or all of it: behind has_bytes_
  bool has_urgent_ = false;       // perhaps, where a short receive has stopped
  bool should_linger_ = false;    // unread bytes: a plain close would reset the answer away
  std::uint8_t idle_ticks_ = 0;
  bool is_counted_ = false;                    // the request is one in flight
  bool times_write_ = false;                   // what is written next has an answer that is timed
  bool has_room_ = false;                      // to go on with what is being written
  http::byte_buffer* received_into_ = nullptr; // null: nothing is to be received
  std::size_t receive_most_ = 0;
  std::unique_ptr<incoming_body> incoming_; // of the request whose job is away; mostly null
  std::string_view outside_body_;           // of the answer in the output: to send behind it
  http::byte_buffer gathered_; // answers to send before that of the job, which a worker may have
  std::string client_;
};

} // namespace fasterapi::net
