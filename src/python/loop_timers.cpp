#include "python/loop_timers.hpp"

#include "python/collected_type.hpp"
#include "python/names.hpp"

#include <algorithm>

namespace fasterapi::python {

namespace {

constexpr double longest_wait_seconds = 24 * 3600; // asyncio's MAXIMUM_SELECT_TIMEOUT
constexpr Py_ssize_t many_timers = 100;            // asyncio's _MIN_SCHEDULED_TIMER_HANDLES

// Seconds of a float; no value with a Python exception set.
std::optional<double> seconds(const py_ref& number) {
  if (!number) return {};
  const double value = PyFloat_AsDouble(number.get());
  if (value == -1.0 && PyErr_Occurred() != nullptr) return {};
  return value;
}

} // namespace

bool loop_timers::attach(PyObject* loop, const instance_dict& attributes) {
  attributes_ = attributes;
  loop_ = py_ref::borrow(loop);
  heappop_ = import_attribute("heapq", "heappop");
  return heappop_ && intern({{name_scheduled_, "_scheduled"},
                             {name_when_, "_when"},
                             {name_time_, "time"},
                             {name_resolution_, "_clock_resolution"},
                             {name_drop_cancelled_, "_drop_cancelled"}});
}

bool loop_timers::read_heap() {
  heap_ = attributes_.get(name_scheduled_);
  if (!heap_ || PyList_Check(heap_.get())) return static_cast<bool>(heap_);
  PyErr_SetString(PyExc_TypeError, "the event loop's timers are no list");
  return false;
}

bool loop_timers::begin_turn(const asyncio_handles& handles) {
  if (!read_heap()) return false;
  PyObject* const earliest = first();
  if (earliest == nullptr) return true;
  const int is_over = handles.says_cancelled(earliest);
  if (is_over < 0) return false;
  if (is_over == 0 && PyList_GET_SIZE(heap_.get()) <= many_timers) return true;
  const py_ref dropped =
      py_ref::steal(PyObject_CallMethodNoArgs(loop_.get(), name_drop_cancelled_.get()));
  return dropped && read_heap();
}

std::optional<double> loop_timers::now() const {
  return seconds(py_ref::steal(PyObject_CallMethodNoArgs(loop_.get(), name_time_.get())));
}

std::optional<double> loop_timers::when(PyObject* timer) const {
  return seconds(py_ref::steal(PyObject_GetAttr(timer, name_when_.get())));
}

py_ref loop_timers::wait() const {
  PyObject* const earliest = first();
  if (earliest == nullptr) return py_ref::borrow(Py_None);
  const auto due = when(earliest);
  const auto at = due ? now() : std::nullopt;
  if (!at) return {};
  return py_ref::steal(PyFloat_FromDouble(std::clamp(*due - *at, 0.0, longest_wait_seconds)));
}

bool loop_timers::move_first(PyObject* append) {
  const py_ref timer = py_ref::steal(PyObject_CallOneArg(heappop_.get(), heap_.get()));
  if (!timer || PyObject_SetAttr(timer.get(), name_scheduled_.get(), Py_False) != 0) return false;
  return static_cast<bool>(py_ref::steal(PyObject_CallOneArg(append, timer.get())));
}

bool loop_timers::move_due(PyObject* append) {
  if (first() == nullptr) return true;
  const auto at = now();
  const auto resolution = seconds(attributes_.get(name_resolution_));
  if (!at || !resolution) return false;
  while (PyObject* const earliest = first()) {
    const auto due = when(earliest);
    if (!due) return false;
    if (*due >= *at + *resolution) return true;
    if (!move_first(append)) return false;
  }
  return true;
}

int loop_timers::traverse(visitproc visit, void* arg) const {
  return visit_each(visit, arg, attributes_.dict(), loop_, heap_, heappop_);
}

} // namespace fasterapi::python
