#include "python/event_loop.hpp"

#include "python/asyncio_handle.hpp"
#include "python/job_loop.hpp"
#include "python/module_state.hpp"
#include "python/names.hpp"

#include <new>
#include <optional>

namespace fasterapi::python {

namespace {

constexpr double longest_wait_seconds = 24 * 3600; // asyncio's MAXIMUM_SELECT_TIMEOUT
constexpr Py_ssize_t many_timers = 100;            // asyncio's _MIN_SCHEDULED_TIMER_HANDLES

struct loop_turns {
  struct references {
    asyncio_handles handles;
    py_ref loop, selector;
    py_ref ready, pop, append; // the loop's deque of callbacks, and its verbs
    py_ref heappop;
    py_ref name_scheduled, name_stopping, name_when, name_time, name_resolution, name_select;
    py_ref name_process_events, name_drop_cancelled, name_callback_failed, name_run;
    py_ref name_handle_scheduled, name_cancelled, name_context;
    py_ref zero;
  };

  PyObject_HEAD module_state* state;
  bool is_calling; // callbacks
  references kept;
};

loop_turns& self_of(PyObject* object) noexcept { return *reinterpret_cast<loop_turns*>(object); }

py_ref get(PyObject* of, const py_ref& name) {
  return py_ref::steal(PyObject_GetAttr(of, name.get()));
}

py_ref call(PyObject* of, const py_ref& method) {
  return py_ref::steal(PyObject_CallMethodNoArgs(of, method.get()));
}

// Seconds of a float; no value with a Python exception set.
std::optional<double> seconds(const py_ref& number) {
  if (!number) return {};
  const double value = PyFloat_AsDouble(number.get());
  if (value == -1.0 && PyErr_Occurred() != nullptr) return {};
  return value;
}

std::optional<double> now(const loop_turns& self) {
  return seconds(call(self.kept.loop.get(), self.kept.name_time));
}

// The heap of timers; null with a Python exception set.
py_ref timers_of(const loop_turns& self) {
  py_ref timers = get(self.kept.loop.get(), self.kept.name_scheduled);
  if (timers && !PyList_Check(timers.get())) {
    PyErr_SetString(PyExc_TypeError, "the event loop's timers are no list");
    timers.reset();
  }
  return timers;
}

PyObject* first_of(const py_ref& timers) noexcept {
  return PyList_GET_SIZE(timers.get()) > 0 ? PyList_GET_ITEM(timers.get(), 0) : nullptr;
}

// -1: an exception is set.
int is_cancelled(const loop_turns& self, PyObject* handle) {
  if (self.kept.handles.is_one(handle)) return self.kept.handles.is_cancelled(handle) ? 1 : 0;
  const py_ref said = get(handle, self.kept.name_cancelled);
  return said ? PyObject_IsTrue(said.get()) : -1;
}

bool drop_cancelled_timers(const loop_turns& self, const py_ref& timers) {
  PyObject* const first = first_of(timers);
  if (first == nullptr) return true;
  const int is_over = is_cancelled(self, first);
  if (is_over < 0) return false;
  if (is_over == 0 && PyList_GET_SIZE(timers.get()) <= many_timers) return true;
  return static_cast<bool>(call(self.kept.loop.get(), self.kept.name_drop_cancelled));
}

// What select() gets.
py_ref timeout_of(const loop_turns& self) {
  py_ref timers = timers_of(self);
  if (!timers || !drop_cancelled_timers(self, timers)) return {};
  const py_ref is_stopping = get(self.kept.loop.get(), self.kept.name_stopping);
  if (!is_stopping) return {};
  if (is_stopping.get() != Py_False || PyObject_Size(self.kept.ready.get()) > 0)
    return self.kept.zero;
  timers = timers_of(self);
  PyObject* const first = timers ? first_of(timers) : nullptr;
  if (first == nullptr) return timers ? py_ref::borrow(Py_None) : py_ref{};
  const auto when = seconds(get(first, self.kept.name_when));
  const auto at = when ? now(self) : std::nullopt;
  if (!at) return {};
  const double left = *when - *at;
  if (left < 0) return self.kept.zero;
  return py_ref::steal(
      PyFloat_FromDouble(left < longest_wait_seconds ? left : longest_wait_seconds));
}

bool wait_for_events(const loop_turns& self) {
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

bool move_first_timer(const loop_turns& self, const py_ref& timers) {
  const py_ref handle = py_ref::steal(PyObject_CallOneArg(self.kept.heappop.get(), timers.get()));
  if (!handle) return false;
  if (PyObject_SetAttr(handle.get(), self.kept.name_handle_scheduled.get(), Py_False) != 0)
    return false;
  return static_cast<bool>(
      py_ref::steal(PyObject_CallOneArg(self.kept.append.get(), handle.get())));
}

bool move_due_timers(const loop_turns& self) {
  const py_ref timers = timers_of(self);
  if (!timers) return false;
  if (first_of(timers) == nullptr) return true;
  const auto at = now(self);
  const auto resolution = seconds(get(self.kept.loop.get(), self.kept.name_resolution));
  if (!at || !resolution) return false;
  while (PyObject* const first = first_of(timers)) {
    const auto when = seconds(get(first, self.kept.name_when));
    if (!when) return false;
    if (*when >= *at + *resolution) return true;
    if (!move_first_timer(self, timers)) return false;
  }
  return true;
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
  const int is_over = is_cancelled(self, handle);
  if (is_over != 0) return is_over > 0;
  if (!self.kept.handles.is_one(handle)) return static_cast<bool>(call(handle, self.kept.name_run));
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
  if (!wait_for_events(self) || !move_due_timers(self) || !run_callbacks(self)) return nullptr;
  Py_RETURN_NONE;
}

// The `context` among keywords; false: another one.
bool find_context(const loop_turns& self, PyObject* keywords, PyObject* const* values,
                  PyObject*& into) {
  const Py_ssize_t count = keywords != nullptr ? PyTuple_GET_SIZE(keywords) : 0;
  for (Py_ssize_t i = 0; i < count; ++i) {
    PyObject* const name = PyTuple_GET_ITEM(keywords, i);
    if (name != self.kept.name_context.get() &&
        PyUnicode_Compare(name, self.kept.name_context.get()) != 0) {
      PyErr_Format(PyExc_TypeError, "call_soon() got an unexpected keyword argument %R", name);
      return false;
    }
    into = values[i] != Py_None ? values[i] : nullptr;
  }
  return true;
}

PyObject* call_soon(PyObject* object, PyObject* const* arguments, Py_ssize_t count,
                    PyObject* keywords) {
  loop_turns& self = self_of(object);
  PyObject* context = nullptr;
  if (!find_context(self, keywords, arguments + count, context)) return nullptr;
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

bool intern_names(loop_turns::references& kept) {
  const struct {
    py_ref& into;
    const char* text;
  } all[] = {
      {kept.name_scheduled, "_scheduled"},
      {kept.name_stopping, "_stopping"},
      {kept.name_when, "_when"},
      {kept.name_time, "time"},
      {kept.name_resolution, "_clock_resolution"},
      {kept.name_select, "select"},
      {kept.name_process_events, "_process_events"},
      {kept.name_drop_cancelled, "_drop_cancelled"},
      {kept.name_callback_failed, "_callback_failed"},
      {kept.name_run, "_run"},
      {kept.name_handle_scheduled, "_scheduled"},
      {kept.name_cancelled, "_cancelled"},
      {kept.name_context, "context"},
  };
  for (const auto& name : all)
    if (!(name.into = py_ref::steal(PyUnicode_InternFromString(name.text)))) return false;
  return true;
}

bool find_handles(asyncio_handles& into) {
  const py_ref handle = import_attribute("asyncio", "Handle");
  const py_ref timer = handle ? import_attribute("asyncio", "TimerHandle") : py_ref{};
  return timer && into.find(handle.get(), timer.get());
}

int initialize(PyObject* object, PyObject* args, PyObject*) {
  loop_turns& self = self_of(object);
  loop_turns::references& kept = self.kept;
  PyObject* loop = nullptr;
  if (!PyArg_ParseTuple(args, "O", &loop)) return -1;
  self.state = static_cast<module_state*>(PyType_GetModuleState(Py_TYPE(object)));
  if (self.state == nullptr || !intern_names(kept) || !find_handles(kept.handles)) return -1;
  kept.loop = py_ref::borrow(loop);
  kept.selector = py_ref::steal(PyObject_GetAttrString(loop, "_selector"));
  kept.ready = kept.selector ? py_ref::steal(PyObject_GetAttrString(loop, "_ready")) : py_ref{};
  if (!kept.ready) return -1;
  kept.pop = py_ref::steal(PyObject_GetAttrString(kept.ready.get(), "popleft"));
  kept.append = py_ref::steal(PyObject_GetAttrString(kept.ready.get(), "append"));
  kept.heappop = import_attribute("heapq", "heappop");
  kept.zero = py_ref::steal(PyLong_FromLong(0));
  return kept.pop && kept.append && kept.heappop && kept.zero ? 0 : -1;
}

PyObject* make(PyTypeObject* type, PyObject*, PyObject*) {
  PyObject* object = PyType_GenericAlloc(type, 0);
  if (object != nullptr) new (&self_of(object).kept) loop_turns::references{};
  return object;
}

int traverse(PyObject* object, visitproc visit, void* arg) {
  const loop_turns::references& kept = self_of(object).kept;
  Py_VISIT(Py_TYPE(object));
  for (const py_ref* each :
       {&kept.loop, &kept.selector, &kept.ready, &kept.pop, &kept.append, &kept.heappop})
    Py_VISIT(each->get());
  return kept.handles.traverse(visit, arg);
}

int clear(PyObject* object) {
  self_of(object).kept = loop_turns::references{};
  return 0;
}

void dealloc(PyObject* object) {
  const py_ref type = py_ref::steal(reinterpret_cast<PyObject*>(Py_TYPE(object)));
  PyObject_GC_UnTrack(object);
  self_of(object).kept.~references();
  PyObject_GC_Del(object);
}

template <class Function>
PyCFunction as_method(Function* function) noexcept {
  return reinterpret_cast<PyCFunction>(reinterpret_cast<void (*)()>(function));
}

PyMethodDef methods[] = {
    {"call_soon", as_method(call_soon), METH_FASTCALL | METH_KEYWORDS,
     "call_soon(callback, *args, context=None) -> asyncio.Handle"},
    {"run_once", run_once, METH_NOARGS, "One turn: waits for events, calls what is due."},
    {nullptr, nullptr, 0, nullptr},
};

PyType_Slot slots[] = {
    {Py_tp_new, reinterpret_cast<void*>(make)},
    {Py_tp_init, reinterpret_cast<void*>(initialize)},
    {Py_tp_dealloc, reinterpret_cast<void*>(dealloc)},
    {Py_tp_traverse, reinterpret_cast<void*>(traverse)},
    {Py_tp_clear, reinterpret_cast<void*>(clear)},
    {Py_tp_methods, methods},
    {0, nullptr},
};

PyType_Spec spec = {
    "_fasterapi.LoopTurns",
    sizeof(loop_turns),
    0,
    Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_IMMUTABLETYPE,
    slots,
};

} // namespace

py_ref make_loop_turns_type(PyObject* module) {
  return py_ref::steal(PyType_FromModuleAndSpec(module, &spec, nullptr));
}

} // namespace fasterapi::python
