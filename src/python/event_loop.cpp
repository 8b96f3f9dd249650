#include "python/event_loop.hpp"

#include "python/as_method.hpp"
#include "python/asyncio_handle.hpp"
#include "python/collected_type.hpp"
#include "python/instance_dict.hpp"
#include "python/job_loop.hpp"
#include "python/loop_timers.hpp"
#include "python/module_state.hpp"
#include "python/names.hpp"

namespace fasterapi::python {

namespace {

struct loop_turns {
  struct references {
    asyncio_handles handles;
    loop_timers timers;
    instance_dict attributes; // the loop's
    py_ref loop, selector;
    py_ref ready, pop, append; // the loop's deque of callbacks, and its verbs
    py_ref keywords;           // ("context",) as the last caller had it
    py_ref name_stopping, name_select, name_process_events, name_callback_failed, name_run;
    py_ref name_context, name_thread;
    py_ref zero;

    int traverse(visitproc visit, void* arg) const {
      if (const int said = handles.traverse(visit, arg)) return said;
      if (const int said = timers.traverse(visit, arg)) return said;
      return visit_each(visit, arg, attributes.dict(), loop, selector, ready, pop, append);
    }
  };

  PyObject_HEAD module_state* state;
  bool is_calling; // callbacks
  references kept;
};

using kind = collected_type<loop_turns>;

loop_turns& self_of(PyObject* object) noexcept { return kind::self_of(object); }

// What select() gets.
py_ref timeout_of(loop_turns& self) {
  if (!self.kept.timers.begin_turn(self.kept.handles)) return {};
  if (PyObject_Size(self.kept.ready.get()) > 0) return self.kept.zero;
  const py_ref is_stopping = self.kept.attributes.get(self.kept.name_stopping);
  if (!is_stopping) return {};
  return is_stopping.get() == Py_False ? self.kept.timers.wait() : self.kept.zero;
}

bool wait_for_events(loop_turns& self) {
  const py_ref timeout = timeout_of(self);
  if (!timeout) return false;
  const py_ref events = py_ref::steal(PyObject_CallMethodOneArg(
      self.kept.selector.get(), self.kept.name_select.get(), timeout.get()));
  if (!events) return false;
  if (PyList_CheckExact(events.get()) && PyList_GET_SIZE(events.get()) == 0) return true;
  const py_ref processed = py_ref::steal(PyObject_CallMethodOneArg(
      self.kept.loop.get(), self.kept.name_process_events.get(), events.get()));
  return static_cast<bool>(processed);
}

// As Handle._run(): SystemExit and KeyboardInterrupt go through the loop, others to its handler.
bool report(const loop_turns& self, PyObject* handle) {
  if (PyErr_ExceptionMatches(PyExc_SystemExit) != 0 ||
      PyErr_ExceptionMatches(PyExc_KeyboardInterrupt) != 0)
    return false;
  const py_ref error = py_ref::steal(PyErr_GetRaisedException());
  return static_cast<bool>(py_ref::steal(PyObject_CallMethodObjArgs(
      self.kept.loop.get(), self.kept.name_callback_failed.get(), handle, error.get(), nullptr)));
}

bool run_callback(const loop_turns& self, PyObject* handle) {
  const int is_over = self.kept.handles.says_cancelled(handle);
  if (is_over != 0) return is_over > 0;
  if (!self.kept.handles.is_one(handle))
    return static_cast<bool>(
        py_ref::steal(PyObject_CallMethodNoArgs(handle, self.kept.name_run.get())));
  return self.kept.handles.run(handle) || report(self, handle);
}

// What a callback raised through the loop stays raised.
void answer_ended(job_loop& jobs, bool has_raised) {
  py_ref error = py_ref::steal(has_raised ? PyErr_GetRaisedException() : nullptr);
  jobs.finish_ended();
  if (error) PyErr_SetRaisedException(error.release());
}

// Those that are there now; what they add has its turn later.
bool run_callbacks(loop_turns& self) {
  job_loop* const jobs = self.state->loop;
  for (Py_ssize_t left = PyObject_Size(self.kept.ready.get()); left > 0; --left) {
    const py_ref handle = py_ref::steal(PyObject_CallNoArgs(self.kept.pop.get()));
    if (!handle) return false;
    self.is_calling = true;
    const bool is_called = run_callback(self, handle.get());
    self.is_calling = false;
    if (jobs != nullptr) answer_ended(*jobs, !is_called);
    if (!is_called) return false;
  }
  return true;
}

PyObject* run_once(PyObject* object, PyObject*) {
  loop_turns& self = self_of(object);
  if (!wait_for_events(self) || !self.kept.timers.move_due(self.kept.append.get()) ||
      !run_callbacks(self))
    return nullptr;
  Py_RETURN_NONE;
}

// False: there are others than `context`.
bool check_keywords(loop_turns& self, PyObject* keywords) {
  for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(keywords); ++i) {
    PyObject* const name = PyTuple_GET_ITEM(keywords, i);
    if (PyUnicode_Compare(name, self.kept.name_context.get()) == 0) continue;
    PyErr_Format(PyExc_TypeError, "call_soon() got an unexpected keyword argument %R", name);
    return false;
  }
  self.kept.keywords = py_ref::borrow(keywords);
  return true;
}

PyObject* call_soon(PyObject* object, PyObject* const* arguments, Py_ssize_t count,
                    PyObject* keywords) {
  loop_turns& self = self_of(object);
  PyObject* context = nullptr;
  if (keywords != nullptr && PyTuple_GET_SIZE(keywords) > 0) {
    if (keywords != self.kept.keywords.get() && !check_keywords(self, keywords)) return nullptr;
    if (arguments[count] != Py_None) context = arguments[count];
  }
  if (count == 0) {
    PyErr_SetString(PyExc_TypeError, "call_soon() missing 1 required argument: 'callback'");
    return nullptr;
  }
  if (self.is_calling && count == 2 && self.state->loop != nullptr &&
      self.state->loop->note_ended(arguments[0], arguments[1]))
    Py_RETURN_NONE;
  py_ref handle = self.kept.handles.make(self.kept.loop.get(), arguments, count, context);
  if (!handle) return nullptr;
  const py_ref added = py_ref::steal(PyObject_CallOneArg(self.kept.append.get(), handle.get()));
  return added ? handle.release() : nullptr;
}

// A task asks for both when it starts.
PyObject* get_debug(PyObject*, PyObject*) { Py_RETURN_FALSE; }

PyObject* is_running(PyObject* object, PyObject*) {
  const loop_turns& self = self_of(object);
  const py_ref thread = self.kept.attributes.get(self.kept.name_thread);
  return thread ? PyBool_FromLong(thread.get() != Py_None ? 1 : 0) : nullptr;
}

bool find_handles(asyncio_handles& into) {
  const py_ref handle = import_attribute("asyncio", "Handle");
  const py_ref timer = handle ? import_attribute("asyncio", "TimerHandle") : py_ref{};
  return timer && into.find(handle.get(), timer.get());
}

bool intern_names(loop_turns::references& kept) {
  return intern({{kept.name_stopping, "_stopping"},
                 {kept.name_select, "select"},
                 {kept.name_process_events, "_process_events"},
                 {kept.name_callback_failed, "_callback_failed"},
                 {kept.name_run, "_run"},
                 {kept.name_context, "context"},
                 {kept.name_thread, "_thread_id"}});
}

int initialize(PyObject* object, PyObject* args, PyObject*) {
  loop_turns& self = self_of(object);
  loop_turns::references& kept = self.kept;
  PyObject* loop = nullptr;
  if (!PyArg_ParseTuple(args, "O", &loop)) return -1;
  self.state = static_cast<module_state*>(PyType_GetModuleState(Py_TYPE(object)));
  if (self.state == nullptr || !intern_names(kept) || !find_handles(kept.handles) ||
      !kept.attributes.attach(loop) || !kept.timers.attach(loop, kept.attributes))
    return -1;
  kept.loop = py_ref::borrow(loop);
  kept.selector = py_ref::steal(PyObject_GetAttrString(loop, "_selector"));
  kept.ready = kept.selector ? py_ref::steal(PyObject_GetAttrString(loop, "_ready")) : py_ref{};
  if (!kept.ready) return -1;
  kept.pop = py_ref::steal(PyObject_GetAttrString(kept.ready.get(), "popleft"));
  kept.append = py_ref::steal(PyObject_GetAttrString(kept.ready.get(), "append"));
  kept.zero = py_ref::steal(PyLong_FromLong(0));
  return kept.pop && kept.append && kept.zero ? 0 : -1;
}

PyMethodDef methods[] = {
    {"call_soon", as_method(call_soon), METH_FASTCALL | METH_KEYWORDS,
     "call_soon(callback, *args, context=None) -> asyncio.Handle"},
    {"run_once", run_once, METH_NOARGS, "One turn: waits for events, calls what is due."},
    {"get_debug", get_debug, METH_NOARGS, "False: a loop in debug mode has asyncio's methods."},
    {"is_running", is_running, METH_NOARGS, "Whether the loop runs."},
    {nullptr, nullptr, 0, nullptr},
};

} // namespace

py_ref make_loop_turns_type(PyObject* module) {
  return kind::make(module, "_fasterapi.LoopTurns", 0,
                    {{Py_tp_new, reinterpret_cast<void*>(kind::make_new)},
                     {Py_tp_init, reinterpret_cast<void*>(initialize)},
                     {Py_tp_methods, methods}});
}

} // namespace fasterapi::python
