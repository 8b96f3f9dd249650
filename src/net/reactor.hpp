#pragma once

#include "dispatch/lane.hpp"
#include "dispatch/lendable_loop.hpp"
#include "dispatch/loan.hpp"
#include "net/job_pool.hpp"
#include "net/overdue_watch.hpp"
#include "net/ready_set.hpp"
#include "net/request_slots.hpp"
#include "net/service.hpp"
#include "net/session.hpp"
#include "net/socket.hpp"
#include "net/websocket_session.hpp"
#include "observe/counters.hpp"
#include "observe/request_metrics.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/intrusive/list.hpp>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace fasterapi::net {

class listener;

/// An event loop with its connections: sockets, timers, completions of its jobs.
///
/// Exactly one thread runs it at a time: the one that called run(), or the worker that it is lent
/// to. Nothing here is locked, and the io_context is told so. Others reach it by its completion
/// queue, loan(), begin_drain() and stop() only.
class reactor final : public dispatch::lendable_loop {
public:
  using clock = std::chrono::steady_clock;

  reactor(service& shared, unsigned index);
  ~reactor();
  reactor(const reactor&) = delete;
  reactor& operator=(const reactor&) = delete;

  /// Serves connections of this listening socket (it is the reactor's from now on). Before run().
  void listen(int listening_fd);

  /// Runs until stop(), or until begin_drain() and the last connection has ended; lends the reactor
  /// to workers that want it meanwhile.
  void run();
  dispatch::loan& loan() noexcept { return loan_; }

  // Whoever runs it: see lendable_loop.
  void turn() override;
  void deliver(clock::time_point now) override;
  void wait(clock::time_point until) override;
  void seat(int guest_fd) override;
  bool take_guest_ready() noexcept override;

  /// Any thread: closes listeners and idle connections; others end after their answer.
  void begin_drain() noexcept;
  /// Any thread: ends run() soon. Who waits for a worker then gets 503, and all is closed.
  void stop() noexcept;

  const observe::reactor_counters& counters() const noexcept { return counters_; }
  /// Null: requests are not counted.
  const observe::request_metrics* metrics() const noexcept {
    return metrics_ ? &*metrics_ : nullptr;
  }

  // For sessions and listeners, on the reactor's thread.
  boost::asio::io_context& context() noexcept { return context_; }
  net::service& shared() noexcept { return *shared_; }
  job_pool& jobs() noexcept { return jobs_; }
  dispatch::completion_queue& completions() noexcept { return completions_; }
  observe::reactor_counters& count() noexcept { return counters_; }
  /// Of this turn, or of what ended the sleep before it.
  clock::time_point now() noexcept { return is_now_old_ ? look_at_clock() : now_; }
  clock::time_point look_at_clock() noexcept {
    is_now_old_ = false;
    return now_ = clock::now();
  }
  observe::request_metrics* metrics() noexcept { return metrics_ ? &*metrics_ : nullptr; }
  const request_slots& slots() const noexcept { return slots_; }
  /// False: no room. If a worker runs this reactor, it takes the job itself.
  bool submit(dispatch::job& to_lane) noexcept;
  std::uint64_t next_request_id() noexcept { return ++request_id_; }

  void open_session(connection&& accepted, const http::peer_address& peer);
  void remove_session(session& gone) noexcept; // may destroy it
  /// A connection whose handshake was accepted: answers it, and goes on as a WebSocket.
  void open_websocket(connection&& from, std::shared_ptr<dispatch::websocket_channel> channel,
                      const http::request& handshake);
  void remove_websocket(websocket_session& gone) noexcept; // may destroy it
  ready_set& ready() noexcept { return ready_; }
  /// It may receive or send at once: it does when those had their turn that are ready now.
  void serve_soon(session& with);
  /// It has received: it goes on when the others of its group have.
  void parse_soon(session& with) { received_.emplace_back(&with); }
  /// Its answer is there: it is sent when the others of its group are.
  void flush_soon(session& with) { answered_.emplace_back(&with); }
  /// The ring was full: the session is called back (on_room) in order of arrival.
  void wait_for_room(session& waiting);
  void stop_waiting_for_room(session& waiting) noexcept;
  /// Its gathered answers are sent soon, if not before; see session::flush_gathered.
  void start_gathering(session& with) { gathering_.push_back(with); }
  /// The caller took long, and posts what it has still to do: completions and the ring come first.
  void end_turn() noexcept { is_turn_over_ = true; }
  void stop_gathering(session& with) noexcept;
  /// A failure, to the log where there is memory for that.
  void report(const char* failure) noexcept;
  overdue_watch& overdue() noexcept { return overdue_; }
  bool has_waiting_for_room() const noexcept { return !waiting_for_room_.empty(); }

private:
  using descriptor =
      boost::asio::posix::basic_stream_descriptor<boost::asio::io_context::executor_type>;

  template <class Handle>
  bool serve_one(Handle handle) noexcept;
  bool serve_ready();
  bool look();
  bool serve_others();
  void serve_group();
  void flush_answers();
  bool is_round_over() const noexcept { return next_in_round_ == round_.size(); }
  bool is_over() const noexcept;
  void complete(dispatch::job& done);
  void deliver_word(dispatch::job& word);
  void count_connection(bool is_opened) noexcept;
  void retry_waiting();
  void flush_gathered(clock::time_point since);
  void arm_bell();
  void arm_guest();
  void arm_tick();
  void on_tick();
  void start_drain();
  void close_all();

  service* shared_;
  boost::asio::io_context context_;
  // Sessions are none of Asio's work: it would stop for good without any.
  const boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_{
      context_.get_executor()};
  dispatch::completion_queue completions_;
  dispatch::loan loan_;
  descriptor bell_;
  descriptor guest_; // closed: nobody leads
  boost::asio::basic_waitable_timer<clock, boost::asio::wait_traits<clock>,
                                    boost::asio::io_context::executor_type>
      tick_;
  job_pool jobs_;
  overdue_watch overdue_;
  observe::reactor_counters counters_;
  request_slots slots_;
  std::optional<observe::request_metrics> metrics_;
  clock::time_point now_;
  bool is_now_old_ = false;
  std::uint64_t request_id_;
  boost::intrusive::list<session,
                         boost::intrusive::member_hook<session, session_hook, &session::all_hook>>
      sessions_;
  boost::intrusive::list<websocket_session,
                         boost::intrusive::member_hook<websocket_session, websocket_hook,
                                                       &websocket_session::all_hook>>
      websockets_;
  boost::intrusive::list<session,
                         boost::intrusive::member_hook<session, session_hook, &session::room_hook>>
      waiting_for_room_;
  boost::intrusive::list<
      session, boost::intrusive::member_hook<session, session_hook, &session::gathered_hook>>
      gathering_; // oldest first
  ready_set ready_;
  std::vector<boost::intrusive_ptr<session>> round_; // ready; up to next_in_round_ they were served
  std::vector<boost::intrusive_ptr<session>> next_round_;
  std::vector<boost::intrusive_ptr<session>> received_; // of the group that is being served
  std::vector<boost::intrusive_ptr<session>> answered_; // likewise
  std::size_t next_in_round_ = 0;
  clock::time_point looked_at_others_{};
  std::vector<std::unique_ptr<listener>> listeners_;
  bool is_turn_over_ = false;
  bool has_jobs_ = false; // for the worker that runs this, of this turn
  bool is_bell_armed_ = false;
  bool is_guest_armed_ = false;
  bool is_guest_ready_ = false;
  bool is_tick_armed_ = false;
  bool has_started_drain_ = false;
  std::atomic<bool> drain_requested_{false};
  std::atomic<bool> stop_requested_{false};
};

} // namespace fasterapi::net
