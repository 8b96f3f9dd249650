#pragma once

#include "dispatch/lane.hpp"
#include "observe/batch_metrics.hpp"
#include "python/departures.hpp"
#include "python/handler.hpp"
#include "python/module_state.hpp"
#include "python/py_ref.hpp"
#include "python/request_context.hpp"
#include "python/shutdown_clock.hpp"
#include "python/suspended_job.hpp"
#include "python/task_verbs.hpp"

#include <chrono>
#include <cstddef>
#include <exception>
#include <functional>
#include <vector>

namespace fasterapi::python {

struct websocket_link;

inline bool is_awaitable(PyObject* result) noexcept {
  const PyAsyncMethods* async = Py_TYPE(result)->tp_as_async;
  return async != nullptr && async->am_await != nullptr;
}

/// Takes jobs from a worker's port, calls their handlers and hands them back. Sync handlers end in
/// here, without asyncio; those that suspend are kept as suspended_job until their task is done.
///
/// Belongs to one interpreter: every verb needs it attached, on the worker's thread. run() is
/// called by the selector from inside the running event loop.
class job_loop {
public:
  job_loop(dispatch::worker_port& port, shutdown_clock& clock, std::vector<handler> handlers,
           module_state& state);
  ~job_loop();
  job_loop(const job_loop&) = delete;
  job_loop& operator=(const job_loop&) = delete;

  /// The app has started up: run() may be called. Calls what on_open() was given.
  /// `epoll_fd` is its selector's. False: with a Python exception set.
  bool open(PyObject* event_loop, int epoll_fd);
  void on_open(std::function<void()> call) { on_open_ = std::move(call); }
  void count_batches(observe::batch_metrics& in); // before the first of them; it outlives this
  void close() noexcept { is_open_ = false; }
  bool is_open() const noexcept { return is_open_; }

  /// Takes and runs up to `limit` jobs; returns how many there were. Where the worker leads a
  /// reactor, each answer goes out before the next job starts.
  std::size_t run(std::size_t limit);
  /// The lane closes, and every job taken was handed back or had its time: the event loop is to
  /// stop. Half of the time into the shutdown it cancels what is still suspended.
  bool must_stop();
  /// How long to wait at most, so that must_stop() is asked in time.
  int shorten_wait(int milliseconds) const noexcept;
  std::size_t suspended_count() const noexcept { return suspended_.size(); }

  dispatch::worker_port& port() noexcept { return port_; }
  PyObject* event_loop() const noexcept { return event_loop_.get(); }
  python::departures& departures() noexcept { return departures_; }

  // For suspended_job.
  void task_done(suspended_job& done, PyObject* task);
  void hand_over(suspended_job& streaming); // a part of a stream

  // For the event loop: whose task ended is noted while a callback runs, and answered behind it.
  bool note_ended(PyObject* callback, PyObject* task); // false: it is no suspended_job
  void finish_ended() {
    if (!ended_.empty()) answer_ended();
    if (!followers_.empty()) call_followers();
  }
  /// Has a callable called once the answer that is being made was handed over, before the next job
  /// is taken. What it raises is logged.
  void follow(PyObject* call) { followers_.push_back(py_ref::borrow(call)); }
  // For websocket_link.
  void websocket_done(websocket_link& done, PyObject* task);
  void refuse_websocket(websocket_link& refused); // its answer is written

private:
  using time_point = std::chrono::steady_clock::time_point;

  void run_timed(dispatch::job& of, time_point& began);
  dispatch::job* take_next(time_point now);
  void deliver(time_point now);
  bool make_way(std::size_t handler);
  void note_wait(dispatch::job& taken, time_point now) noexcept;
  void note_pools() noexcept;
  static constexpr std::chrono::milliseconds long_wait{1}; // then the client is looked at
  void note_run(std::size_t handler, std::chrono::nanoseconds duration) noexcept;
  void start(dispatch::job& of);
  void call(dispatch::job& of);
  void await_result(dispatch::job& of, py_ref awaitable, call_objects& made);
  void answer(dispatch::job& of, PyObject* result, call_objects& made);
  void fail(dispatch::job& of, call_objects& made); // with a Python exception set
  void finish(dispatch::job& of, call_objects& made);
  py_ref start_task(py_ref awaitable);

  suspended_job* suspend(dispatch::job& of, call_objects& made, py_ref task);
  bool call_when_done(suspended_job& waiting);
  void fail_suspended(suspended_job& failed);
  void answer_ended();
  void call_followers();
  py_ref take_pooled();
  void forget(suspended_job& ended) noexcept;
  void give_up(dispatch::job& of, unsigned status);
  // C++ exceptions (memory, fields that the response refuses) end here: Python's frames are C.
  template <class Work>
  void guard(dispatch::job& of, Work work) {
    try {
      work();
    } catch (const std::exception& failure) {
      give_up_on(of, failure);
    }
  }
  void give_up_on(dispatch::job& of, const std::exception& failure);
  void cancel(suspended_job& cancelled);
  void cancel_marked();
  void cancel_all();

  // Batches (job_batch.cpp).
  struct batch {
    std::vector<dispatch::job*> jobs; // in order of arrival
    time_point began;                 // with the first of them
    time_point due;
  };
  void gather(dispatch::job& of);
  bool has_due_batch(time_point now) const noexcept;
  void run_due_batches(bool has_more, time_point now);
  void drop_cancelled(std::vector<dispatch::job*>& jobs);
  void run_batch(std::size_t handler);
  void call_batch(std::size_t handler, const std::vector<dispatch::job*>& jobs);
  py_ref read_items(std::size_t handler, const std::vector<dispatch::job*>& jobs,
                    std::vector<dispatch::job*>& called, std::vector<call_objects>& made);
  void answer_batch(const std::vector<dispatch::job*>& jobs, PyObject* results,
                    std::vector<call_objects>& made);
  void answer_item(dispatch::job& of, PyObject* result, call_objects& made);
  int milliseconds_to_batch() const noexcept;

  void begin_stream(dispatch::job& of, PyObject* iterator, call_objects& made);
  void continue_stream(dispatch::job& of);
  void stream_done(suspended_job& done, bool has_succeeded);
  void end_stream(suspended_job& ended);

  // WebSockets (job_websocket.cpp).
  void open_websocket(dispatch::job& handshake);
  void take_word(dispatch::job& word);
  void end_websocket(websocket_link& ended, bool has_succeeded);
  void answer_websocket(websocket_link& ended, bool has_succeeded);
  void close_websocket(websocket_link& ended, bool has_succeeded);
  void cancel_websocket(websocket_link& cancelled);
  void cancel_marked_websockets();
  void drop_websockets() noexcept;
  bool is_idle() const noexcept { return suspended_.empty() && websockets_.empty(); }

  dispatch::worker_port& port_;
  shutdown_clock& clock_;
  std::vector<handler> handlers_;
  std::vector<std::chrono::nanoseconds> typical_run_; // of each handler
  std::vector<batch> batches_;                        // of each handler
  std::size_t gathered_ = 0;                          // jobs in all of them
  observe::batch_metrics* batch_metrics_ = nullptr;
  module_state& state_;
  py_ref event_loop_;
  task_verbs task_verbs_;
  py_ref task_keywords_; // ("loop", "eager_start")
  request_context context_;
  python::departures departures_;
  std::vector<suspended_job*> suspended_;   // each is a reference
  std::vector<websocket_link*> websockets_; // likewise
  std::vector<py_ref> pool_;                // suspended_job objects to use again
  struct ended_task {
    py_ref suspended, task;
  };
  std::vector<ended_task> ended_;
  std::vector<py_ref> followers_; // of the answers just made
  time_point delivered_at_;       // answers, last; of this run()
  bool has_answers_ = false;      // since then
  bool is_open_ = false;
  bool has_cancelled_all_ = false;
  std::function<void()> on_open_;
};

} // namespace fasterapi::python
