#include "python/job_loop.hpp"

#include "dispatch/websocket_channel.hpp"
#include "observe/log.hpp"
#include "python/body_link.hpp"
#include "python/error_text.hpp"
#include "python/websocket_link.hpp"

#include <algorithm>
#include <exception>
#include <utility>

namespace fasterapi::python {

namespace {

constexpr std::size_t pool_limit = 256;
constexpr int closing_wait_milliseconds = 20;
// For so long answers wait for those of the jobs behind them: see deliver.
constexpr std::chrono::microseconds answers_wait{50};

// A body that was sent: see lend_body.
void drop(void* object) { py_ref::steal(static_cast<PyObject*>(object)); }

// It hears there that the client has left.
bool is_reading(const dispatch::job& of) noexcept {
  return of.body && of.body->handler != nullptr &&
         static_cast<const body_link*>(of.body->handler)->is_reading;
}

py_ref intern(const char* name) { return py_ref::steal(PyUnicode_InternFromString(name)); }

} // namespace

job_loop::job_loop(dispatch::worker_port& port, shutdown_clock& clock,
                   std::vector<handler> handlers, module_state& state)
    : port_(port), clock_(clock), handlers_(std::move(handlers)), typical_run_(handlers_.size()),
      batches_(handlers_.size()), state_(state) {
  task_keywords_ =
      py_ref::steal(PyTuple_Pack(2, intern("loop").get(), intern("eager_start").get()));
  pool_.reserve(pool_limit);
  state_.loop = this;
}

job_loop::~job_loop() {
  state_.loop = nullptr;
  drop_websockets();
  while (!suspended_.empty()) give_up(*suspended_.back()->of, 503);
  for (batch& each : batches_) {
    for (dispatch::job* job : each.jobs) give_up(*job, 503);
  }
  // An event loop that ended by itself leaves reactors that may be sending: then it is lost memory.
  while (void* object = port_.home().is_closed() ? port_.reclaim() : nullptr) drop(object);
}

bool job_loop::open(PyObject* event_loop, int epoll_fd) {
  event_loop_ = py_ref::borrow(event_loop);
  departures_.open(epoll_fd, event_loop);
  is_open_ = task_keywords_ && task_verbs_.find(state_.task_type.get());
  if (is_open_ && on_open_) on_open_();
  return is_open_;
}

std::size_t job_loop::run(std::size_t limit) {
  if (port_.take_cancel_changed()) cancel_marked();
  while (void* object = port_.take_returned()) drop(object);
  std::size_t count = 0;
  dispatch::job* taken = port_.take();
  if (taken == nullptr && !has_due_batch(std::chrono::steady_clock::now())) return 0;
  if (!context_.enter()) log_python_error("the contextvars context of handlers");
  auto began = std::chrono::steady_clock::now();
  delivered_at_ = began;
  for (; taken != nullptr; taken = count < limit ? take_next(began) : nullptr) {
    note_wait(*taken, began);
    run_timed(*taken, began);
    if (!context_.renew_if_changed()) log_python_error("the contextvars context of handlers");
    ++count;
  }
  deliver(began);
  if (gathered_ != 0) run_due_batches(count == limit, began);
  if (!followers_.empty()) call_followers();
  context_.leave();
  note_pools();
  return count;
}

void job_loop::run_timed(dispatch::job& of, time_point& began) {
  const std::size_t handler = of.handler; // `of` may be gone once it has run
  if (handlers_[handler].batch.most != 0 && !of.has_more) {
    gather(of);
    if (!followers_.empty()) call_followers();
    began = std::chrono::steady_clock::now(); // a batch that ran is no time of the next job's
    return;
  }
  if (has_answers_ && typical_run_[handler] > answers_wait) deliver(began);
  const bool is_slow = make_way(handler);
  port_.note_taken(of);
  start(of);
  if (!followers_.empty()) call_followers();
  const auto ended = std::chrono::steady_clock::now();
  has_answers_ = true;
  if (ended - delivered_at_ > answers_wait) deliver(ended);
  const auto duration = ended - std::exchange(began, ended);
  note_run(handler, duration);
  if (!is_slow) port_.note_run(duration);
}

// Before a handler known to take long, or said to: others read and write meanwhile. What is slow
// for the first time home finds out by itself.
bool job_loop::make_way(std::size_t handler) {
  const dispatch::policy said = handlers_[handler].runs;
  if (said == dispatch::policy::inlined) return port_.leader().hold(), false;
  const bool is_slow =
      said == dispatch::policy::ring || typical_run_[handler] > dispatch::loan::patience;
  if (is_slow) port_.leader().give_back();
  return is_slow;
}

void job_loop::note_wait(dispatch::job& taken, time_point now) noexcept {
  if (taken.has_more || taken.received_at == time_point{}) return;
  const auto waited = now - taken.received_at;
  port_.note_wait(std::max(waited, time_point::duration{0}));
  if (waited > long_wait) taken.cancel_if_client_is_gone();
}

void job_loop::note_pools() noexcept {
  const object_pool::counts& requests = state_.requests.stats();
  const object_pool::counts& responses = state_.responses.stats();
  port_.note_pools(requests.hits + responses.hits, requests.misses + responses.misses,
                   requests.kept + responses.kept);
}

void job_loop::note_run(std::size_t handler, std::chrono::nanoseconds duration) noexcept {
  typical_run_[handler] += (duration - typical_run_[handler]) / 8;
}

// What the answers delivered last brought is taken as well.
dispatch::job* job_loop::take_next(time_point now) {
  dispatch::job* const next = port_.take();
  if (next != nullptr || !has_answers_) return next;
  deliver(now);
  return port_.take();
}

// Handlers one after another, then their sends: each finds its own in the processor's caches.
void job_loop::deliver(time_point now) {
  delivered_at_ = now;
  has_answers_ = false;
  dispatch::leader& leader = port_.leader();
  if (dispatch::lendable_loop* loop = leader.enter()) {
    loop->deliver(now);
    leader.leave();
  }
}

void job_loop::start(dispatch::job& of) {
  if (of.is_word) return take_word(of);
  guard(of, [&] {
    if (of.has_more) return continue_stream(of);
    if (!of.cancelled.load(std::memory_order_relaxed))
      return of.websocket ? open_websocket(of) : call(of);
    of.origin->complete(of); // nobody waits for the answer any more
  });
}

void job_loop::give_up_on(dispatch::job& of, const std::exception& failure) {
  observe::log(observe::level::error, log_room(&state_), failure.what());
  give_up(of, 500);
}

void job_loop::call(dispatch::job& of) {
  call_objects made;
  bool was_refused = false;
  py_ref result = handlers_[of.handler].call(of, state_, was_refused, made);
  if (was_refused) {
    of.times.lap(observe::stage::handler);
    return finish(of, made);
  }
  if (!result) return fail(of, made);
  if (is_awaitable(result.get())) return await_result(of, std::move(result), made);
  answer(of, result.get(), made);
}

void job_loop::await_result(dispatch::job& of, py_ref awaitable, call_objects& made) {
  const py_ref task = start_task(std::move(awaitable));
  if (!task) return fail(of, made);
  const int is_done = task_verbs_.is_done(task);
  if (is_done < 0) return fail(of, made);
  if (is_done > 0) {
    const py_ref result = task_verbs_.result(task.get());
    return result ? answer(of, result.get(), made) : fail(of, made);
  }
  suspended_job* waiting = suspend(of, made, task);
  if (waiting == nullptr) return fail(of, made);
  if (!call_when_done(*waiting)) fail_suspended(*waiting);
}

// asyncio.Task(coroutine, loop=..., eager_start=True): runs at once, up to its first suspension.
py_ref job_loop::start_task(py_ref awaitable) {
  if (!PyCoro_CheckExact(awaitable.get())) {
    awaitable = py_ref::steal(PyObject_CallOneArg(state_.await_any.get(), awaitable.get()));
    if (!awaitable) return {};
  }
  PyObject* arguments[] = {nullptr, awaitable.get(), event_loop_.get(), Py_True};
  return py_ref::steal(PyObject_Vectorcall(state_.task_type.get(), arguments + 1,
                                           1 | PY_VECTORCALL_ARGUMENTS_OFFSET,
                                           task_keywords_.get()));
}

void job_loop::answer(dispatch::job& of, PyObject* result, call_objects& made) {
  of.times.lap(observe::stage::handler);
  py_ref stream;
  const result_shape& shape = handlers_[of.handler].shape;
  if (!write_result(of, result, made.response.get(), shape, state_, stream)) return fail(of, made);
  if (stream) return begin_stream(of, stream.get(), made);
  finish(of, made);
}

void job_loop::fail(dispatch::job& of, call_objects& made) {
  if (of.cancelled.load(std::memory_order_relaxed)) {
    PyErr_Clear(); // nobody reads this answer, and being cancelled is no error
    release_objects(made);
    of.origin->complete(of);
    return;
  }
  of.times.lap(observe::stage::handler);
  write_exception(of, state_);
  finish(of, made);
}

void job_loop::finish(dispatch::job& of, call_objects& made) {
  release_objects(made);
  of.has_more = false;
  http::response& response = of.exchange.response;
  if (port_.is_draining()) response.close_after();
  if (of.body && !of.body->is_nearly_whole()) response.close_after(); // the rest is not waited for
  if (!response.is_finished()) response.finish();
  of.times.lap(observe::stage::serialise);
  of.origin->complete(of);
}

// Null: with a Python exception set, and `made` as it was.
suspended_job* job_loop::suspend(dispatch::job& of, call_objects& made, py_ref task) {
  py_ref object = take_pooled();
  if (!object) return nullptr;
  auto* waiting = reinterpret_cast<suspended_job*>(object.release()); // the list's from here on
  waiting->of = &of;
  waiting->kept.task = std::move(task);
  std::swap(waiting->kept.made, made);
  waiting->place = suspended_.size();
  suspended_.push_back(waiting);
  of.worker_context = waiting;
  return waiting;
}

bool job_loop::call_when_done(suspended_job& waiting) {
  const py_ref task = waiting.kept.task;
  return task_verbs_.call_when_done(task, waiting.object());
}

py_ref job_loop::take_pooled() {
  while (!pool_.empty()) {
    py_ref object = std::move(pool_.back());
    pool_.pop_back();
    // Else user code or a pending callback still holds it.
    if (Py_REFCNT(object.get()) == 1) return object;
    reinterpret_cast<suspended_job*>(object.get())->loop = nullptr;
  }
  return make_suspended_job(state_.suspended_type.get(), *this);
}

void job_loop::forget(suspended_job& ended) noexcept {
  suspended_[ended.place] = suspended_.back();
  suspended_[ended.place]->place = ended.place;
  suspended_.pop_back();
  py_ref object = py_ref::steal(ended.object());
  ended.of->worker_context = nullptr;
  ended.reset();
  if (pool_.size() < pool_limit) {
    pool_.push_back(std::move(object));
  } else {
    ended.loop = nullptr;
  }
}

void job_loop::task_done(suspended_job& done, PyObject* task) {
  dispatch::job& of = *done.of;
  guard(of, [&] {
    const py_ref result = task_verbs_.result(task);
    if (done.is_stream) return stream_done(done, static_cast<bool>(result));
    if (!result) return fail_suspended(done);
    call_objects made = std::move(done.kept.made);
    forget(done);
    answer(of, result.get(), made);
  });
}

bool job_loop::note_ended(PyObject* callback, PyObject* task) {
  if (!Py_IS_TYPE(callback, reinterpret_cast<PyTypeObject*>(state_.suspended_type.get())))
    return false;
  ended_.push_back({py_ref::borrow(callback), py_ref::borrow(task)});
  return true;
}

void job_loop::answer_ended() {
  std::vector<ended_task> ended;
  ended.swap(ended_);
  for (const ended_task& each : ended) {
    auto& suspended = *reinterpret_cast<suspended_job*>(each.suspended.get());
    if (suspended.of != nullptr) task_done(suspended, each.task.get());
  }
  ended.clear();
  if (ended_.empty()) ended_.swap(ended); // its memory
}

// The client has its answer before they run. They may add others.
void job_loop::call_followers() {
  deliver(std::chrono::steady_clock::now());
  for (std::size_t i = 0; i < followers_.size(); ++i) {
    const py_ref call = std::move(followers_[i]);
    if (!py_ref::steal(PyObject_CallNoArgs(call.get()))) log_python_error("after a response");
  }
  followers_.clear();
}

void job_loop::fail_suspended(suspended_job& failed) {
  dispatch::job& of = *failed.of;
  const bool was_told_to_end = failed.is_cancelled;
  call_objects made = std::move(failed.kept.made);
  forget(failed);
  if (!was_told_to_end || of.cancelled.load(std::memory_order_relaxed)) return fail(of, made);
  PyErr_Clear(); // at shutdown
  write_refusal(of, 503);
  finish(of, made);
}

void job_loop::cancel(suspended_job& cancelled) {
  cancelled.is_cancelled = true;
  const py_ref task = cancelled.kept.task;
  if (!task_verbs_.cancel(task)) log_python_error("cancelling a handler");
}

void job_loop::cancel_marked() {
  cancel_marked_websockets();
  for (batch& each : batches_) drop_cancelled(each.jobs);
  for (std::size_t i = 0; i < suspended_.size(); ++i) {
    suspended_job& each = *suspended_[i];
    // What is away comes back first: its stream is told then.
    if (each.is_away || each.is_cancelled || is_reading(*each.of)) continue;
    if (each.of->cancelled.load(std::memory_order_relaxed)) cancel(each);
  }
}

void job_loop::cancel_all() {
  for (std::size_t i = 0; i < websockets_.size(); ++i) {
    if (!websockets_[i]->is_cancelled) cancel_websocket(*websockets_[i]);
  }
  for (std::size_t i = 0; i < suspended_.size(); ++i) {
    if (!suspended_[i]->is_cancelled) cancel(*suspended_[i]);
  }
}

bool job_loop::must_stop() {
  if (!port_.is_closing()) return false;
  clock_.start();
  if (gathered_ != 0) return false;
  if (is_idle()) return true;
  if (clock_.share_left() < 0.25) return true;
  if (clock_.share_left() < 0.5 && !std::exchange(has_cancelled_all_, true)) cancel_all();
  return false;
}

int job_loop::shorten_wait(int milliseconds) const noexcept {
  if (gathered_ != 0) {
    const int left = milliseconds_to_batch();
    if (milliseconds < 0 || left < milliseconds) milliseconds = left;
  }
  if (is_idle() || !port_.is_closing()) return milliseconds;
  return milliseconds < 0 || milliseconds > closing_wait_milliseconds ? closing_wait_milliseconds
                                                                      : milliseconds;
}

// The answer without its handler. A stream that has begun ends without its last chunk.
void job_loop::give_up(dispatch::job& of, unsigned status) {
  call_objects made;
  bool is_away = false;
  if (auto* kept = static_cast<suspended_job*>(of.worker_context)) {
    is_away = kept->is_away;
    made = std::move(kept->kept.made);
    forget(*kept);
  }
  if (is_away) return release_objects(made);
  http::response& response = of.exchange.response;
  if (!response.is_streaming()) {
    response.restart();
    write_refusal(of, status);
    return finish(of, made);
  }
  release_objects(made);
  of.has_more = false;
  response.close_after();
  of.origin->complete(of);
}

} // namespace fasterapi::python
