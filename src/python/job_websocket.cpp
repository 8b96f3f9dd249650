#include "python/body_link.hpp"
#include "python/error_text.hpp"
#include "python/job_loop.hpp"

#include "observe/access_log.hpp"
#include "observe/log.hpp"
#include "python/websocket_link.hpp"

#include <utility>

namespace fasterapi::python {

namespace {

constexpr std::uint16_t normal = 1000;
constexpr std::uint16_t internal_error = 1011;
constexpr std::uint16_t restarting = 1012;

std::string describe(const dispatch::job& handshake) {
  return "WebSocket " + observe::format_request_id(handshake.id) + ": " +
         std::string{handshake.exchange.request.path};
}

} // namespace

/// The handler runs as a task, for as long as it likes.
void job_loop::open_websocket(dispatch::job& handshake) {
  call_objects made;
  made.request = handlers_[handshake.handler].request_for(handshake, state_);
  py_ref object =
      made.request ? make_websocket_link(state_.websocket_type.get(), *this, handshake) : py_ref{};
  if (!object) return fail(handshake, made);
  auto& link = *reinterpret_cast<websocket_link*>(object.get());
  link.kept.made = std::move(made);
  link.kept.where = describe(handshake);
  link.place = websockets_.size();
  websockets_.push_back(&link); // a reference, from here on
  object.release();
  handshake.websocket->handler = &link;
  // It must not keep the request, whose job goes back when it accepts.
  py_ref coroutine =
      handlers_[handshake.handler].open_websocket(link.kept.made.request.get(), link.object());
  link.kept.task = coroutine ? start_task(std::move(coroutine)) : py_ref{};
  const py_ref task = link.kept.task;
  const int is_done = task ? task_verbs_.is_done(task) : -1;
  if (is_done == 0 && task_verbs_.call_when_done(task, link.object())) return;
  if (is_done > 0) return websocket_done(link, task.get());
  end_websocket(link, false);
}

void job_loop::take_word(dispatch::job& word) {
  const auto about = dispatch::channel::take_word(word);
  if (about->handler == nullptr) return;
  if (about->what == dispatch::channel::kind::body)
    static_cast<body_link*>(about->handler)->wake();
  else
    static_cast<websocket_link*>(about->handler)->wake();
}

void job_loop::websocket_done(websocket_link& done, PyObject* task) {
  const py_ref result = task_verbs_.result(task);
  end_websocket(done, static_cast<bool>(result));
}

// With a Python exception set where it failed.
void job_loop::end_websocket(websocket_link& ended, bool has_succeeded) {
  const py_ref object = py_ref::steal(ended.object());
  websockets_[ended.place] = websockets_.back();
  websockets_[ended.place]->place = ended.place;
  websockets_.pop_back();
  if (ended.of != nullptr)
    answer_websocket(ended, has_succeeded);
  else
    close_websocket(ended, has_succeeded);
  ended.kept.channel->handler = nullptr;
  ended.kept.channel->leave_worker();
  ended.kept.channel.reset();
  ended.loop = nullptr;
  ended.wake();
  ended.kept.task.reset();
}

/// A handshake whose handler ended before it answered.
void job_loop::answer_websocket(websocket_link& ended, bool has_succeeded) {
  dispatch::job& handshake = *ended.of;
  if (!has_succeeded && ended.is_cancelled && !handshake.cancelled.load()) {
    PyErr_Clear(); // at shutdown
    write_refusal(handshake, 503);
  } else if (has_succeeded) {
    observe::log(observe::level::error, log_room(&state_),
                 ended.kept.where + ": its handler ended without accepting or refusing it");
    write_refusal(handshake, 500);
  } else if (handshake.cancelled.load()) {
    PyErr_Clear(); // nobody waits for the answer
  } else {
    write_exception(handshake, state_);
  }
  refuse_websocket(ended);
}

void job_loop::refuse_websocket(websocket_link& refused) {
  call_objects made = std::move(refused.kept.made);
  finish(*std::exchange(refused.of, nullptr), made);
}

void job_loop::close_websocket(websocket_link& ended, bool has_succeeded) {
  std::uint16_t code = normal;
  if (!has_succeeded && ended.is_cancelled) {
    code = restarting;
    PyErr_Clear();
  } else if (!has_succeeded) {
    code = internal_error;
    const py_ref error = py_ref::steal(PyErr_GetRaisedException());
    observe::log(observe::level::error, log_room(&state_),
                 ended.kept.where + " failed\n" + traceback_text(error.get()));
  }
  if (ended.kept.channel->is_accepted() && !ended.has_closed)
    ended.send(dispatch::websocket_message::kind::close, {}, code);
}

void job_loop::cancel_websocket(websocket_link& cancelled) {
  cancelled.is_cancelled = true;
  const py_ref task = cancelled.kept.task;
  if (!task) return;
  if (!task_verbs_.cancel(task)) log_python_error("cancelling a handler");
}

/// Handshakes whose client does not wait any more.
void job_loop::cancel_marked_websockets() {
  for (std::size_t i = 0; i < websockets_.size(); ++i) {
    websocket_link& each = *websockets_[i];
    const bool is_marked = each.of != nullptr && each.of->cancelled.load(std::memory_order_relaxed);
    if (is_marked && !each.is_cancelled) cancel_websocket(each);
  }
}

void job_loop::drop_websockets() noexcept {
  while (!websockets_.empty()) {
    websocket_link& last = *websockets_.back();
    last.is_cancelled = true;
    end_websocket(last, false);
  }
}

} // namespace fasterapi::python
