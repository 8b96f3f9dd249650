#include "python/error_text.hpp"
#include "python/job_loop.hpp"

#include "observe/log.hpp"

#include <utility>

namespace fasterapi::python {

namespace {

// What follows a stream follows it for HEAD, too.
void close_unread(PyObject* iterator) {
  const py_ref close = py_ref::steal(PyObject_GetAttrString(iterator, "close"));
  if (close && py_ref::steal(PyObject_CallNoArgs(close.get()))) return;
  if (PyErr_ExceptionMatches(PyExc_AttributeError) != 0)
    PyErr_Clear();
  else
    log_python_error("the end of a stream");
}

} // namespace

// The whole iterator runs in one task, so that timeouts and cancel scopes may span its parts.
void job_loop::begin_stream(dispatch::job& of, PyObject* iterator, call_objects& made) {
  http::response& response = of.exchange.response;
  if (of.exchange.request.verb == http::method::head) {
    response.stream_start();
    response.stream_end();
    close_unread(iterator);
    return finish(of, made);
  }
  suspended_job* streaming = suspend(of, made, {});
  if (streaming == nullptr) return fail(of, made);
  streaming->is_stream = true;
  py_ref coroutine = py_ref::steal(PyObject_CallFunctionObjArgs(
      state_.drive_stream.get(), streaming->object(), iterator, nullptr));
  if (!coroutine) return stream_done(*streaming, false);
  const py_ref task = start_task(std::move(coroutine));
  streaming->kept.task = task;
  if (!task) return stream_done(*streaming, false);
  const int is_done = task_verbs_.is_done(task);
  if (is_done > 0) return task_done(*streaming, task.get());
  // It pauses: the head goes out, with what it has written.
  if (is_done < 0 || !streaming->plan_flush() || !call_when_done(*streaming)) {
    stream_done(*streaming, false);
  }
}

void job_loop::hand_over(suspended_job& streaming) {
  http::response& response = streaming.of->exchange.response;
  if (!response.is_streaming()) response.stream_start();
  streaming.is_away = true;
  streaming.of->has_more = true;
  streaming.of->origin->complete(*streaming.of);
}

void job_loop::continue_stream(dispatch::job& of) {
  auto* streaming = static_cast<suspended_job*>(of.worker_context);
  of.has_more = false;
  if (streaming == nullptr) { // dropped meanwhile
    of.origin->complete(of);
    return;
  }
  streaming->is_away = false;
  if (streaming->is_over) return end_stream(*streaming);
  if (of.cancelled.load(std::memory_order_relaxed) && !streaming->is_cancelled) {
    return cancel(*streaming);
  }
  const py_ref returned = std::exchange(streaming->kept.returned, py_ref{});
  if (!returned) return;
  const py_ref told =
      py_ref::steal(PyObject_CallMethod(returned.get(), "set_result", "O", Py_None));
  if (!told) PyErr_Clear(); // the task was cancelled, and the future with it
}

// With a Python exception set where it failed.
void job_loop::stream_done(suspended_job& done, bool has_succeeded) {
  done.is_over = true;
  done.is_broken = !has_succeeded;
  const bool has_begun = done.is_away || done.of->exchange.response.is_streaming();
  if (!has_succeeded && !has_begun) { // early enough for a proper answer
    return fail_suspended(done);
  }
  if (!has_succeeded) {
    if (done.is_cancelled || done.of->cancelled.load(std::memory_order_relaxed)) {
      PyErr_Clear(); // nobody is there to miss the rest
    } else {
      log_python_error("a stream broke off");
    }
  }
  if (!done.is_away) end_stream(done);
}

void job_loop::end_stream(suspended_job& ended) {
  dispatch::job& of = *ended.of;
  http::response& response = of.exchange.response;
  call_objects made = std::move(ended.kept.made);
  const bool is_broken = ended.is_broken;
  forget(ended);
  release_objects(made);
  of.has_more = false;
  if (!is_broken) {
    if (!response.is_streaming()) response.stream_start();
    response.stream_end();
  } else {
    response.close_after(); // and no last chunk: the client sees that something is missing
  }
  of.origin->complete(of);
}

} // namespace fasterapi::python
