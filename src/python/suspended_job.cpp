#include "python/suspended_job.hpp"

#include "python/job_loop.hpp"

#include <memory>
#include <new>
#include <string_view>

namespace fasterapi::python {

namespace {

// Parts of an async iterator are collected up to this size before they are sent.
constexpr std::size_t part_bytes = 16 * 1024;

using kind = collected_type<suspended_job>;

suspended_job& self_of(PyObject* object) noexcept { return kind::self_of(object); }

// The done callback: suspended_job(task).
PyObject* call(PyObject* object, PyObject* args, PyObject*) {
  PyObject* task = nullptr;
  if (!PyArg_ParseTuple(args, "O", &task)) return nullptr;
  suspended_job& self = self_of(object);
  if (self.loop != nullptr && self.of != nullptr) self.loop->task_done(self, task);
  Py_RETURN_NONE;
}

bool is_here(const suspended_job& self) noexcept {
  return self.loop != nullptr && self.of != nullptr && self.is_stream && !self.is_away;
}

PyObject* away(PyObject* object, PyObject*) {
  suspended_job& self = self_of(object);
  if (self.loop == nullptr || !self.is_away) Py_RETURN_NONE;
  self.kept.returned =
      py_ref::steal(PyObject_CallMethod(self.loop->event_loop(), "create_future", nullptr));
  return py_ref{self.kept.returned}.release();
}

// Nothing to send: the part was full and is away, or was taken before the planned flush came.
bool is_flushed(const suspended_job& self) noexcept {
  return self.of->exchange.response.is_streaming() && self.of->exchange.output.empty();
}

PyObject* flush(PyObject* object, PyObject*) {
  suspended_job& self = self_of(object);
  self.is_flush_planned = false;
  if (is_here(self) && !is_flushed(self)) self.loop->hand_over(self);
  Py_RETURN_NONE;
}

bool append(suspended_job& self, std::string_view bytes) {
  http::response& response = self.of->exchange.response;
  if (!response.is_streaming()) response.stream_start();
  if (!bytes.empty()) response.stream_part(bytes);
  if (self.of->exchange.output.size() < part_bytes) return self.plan_flush();
  self.loop->hand_over(self);
  return true;
}

bool append_object(suspended_job& self, PyObject* part) {
  if (PyUnicode_Check(part)) {
    Py_ssize_t size = 0;
    const char* text = PyUnicode_AsUTF8AndSize(part, &size);
    return text != nullptr && append(self, {text, static_cast<std::size_t>(size)});
  }
  Py_buffer view;
  if (PyObject_GetBuffer(part, &view, PyBUF_SIMPLE) != 0) {
    PyErr_Clear();
    PyErr_Format(PyExc_TypeError, "a streamed part must be bytes or str, not %.100s",
                 Py_TYPE(part)->tp_name);
    return false;
  }
  const std::unique_ptr<Py_buffer, decltype(&PyBuffer_Release)> held(&view, &PyBuffer_Release);
  return append(self, {static_cast<const char*>(view.buf), static_cast<std::size_t>(view.len)});
}

PyObject* write(PyObject* object, PyObject* part) {
  suspended_job& self = self_of(object);
  if (!is_here(self)) {
    PyErr_SetString(PyExc_RuntimeError, "this stream is closed, or its last part not yet taken");
    return nullptr;
  }
  try {
    if (!append_object(self, part)) return nullptr;
  } catch (const std::bad_alloc&) {
    return PyErr_NoMemory();
  }
  Py_RETURN_NONE;
}

PyMethodDef methods[] = {
    {"write", write, METH_O, "Adds a part (bytes or str) to the stream."},
    {"flush", flush, METH_NOARGS, "Hands what was written to the connection."},
    {"away", away, METH_NOARGS, "A future to await before the next write, or None."},
    {nullptr, nullptr, 0, nullptr},
};

} // namespace

py_ref make_suspended_type(PyObject* module) {
  return kind::make(module, "_fasterapi.SuspendedJob", Py_TPFLAGS_DISALLOW_INSTANTIATION,
                    {{Py_tp_call, reinterpret_cast<void*>(call)}, {Py_tp_methods, methods}});
}

py_ref make_suspended_job(PyObject* type, job_loop& loop) {
  py_ref object = py_ref::steal(kind::allocate(reinterpret_cast<PyTypeObject*>(type)));
  if (object) self_of(object.get()).loop = &loop;
  return object;
}

bool suspended_job::plan_flush() {
  if (is_flush_planned) return true;
  const py_ref method = py_ref::steal(PyObject_GetAttrString(object(), "flush"));
  if (!method) return false;
  const py_ref handle =
      py_ref::steal(PyObject_CallMethod(loop->event_loop(), "call_soon", "O", method.get()));
  is_flush_planned = static_cast<bool>(handle);
  return is_flush_planned;
}

void suspended_job::reset() noexcept {
  of = nullptr;
  kept = references{};
  is_stream = is_away = is_flush_planned = is_cancelled = is_over = is_broken = false;
}

} // namespace fasterapi::python
