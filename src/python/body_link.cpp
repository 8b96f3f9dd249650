#include "python/body_link.hpp"

#include "python/job_loop.hpp"

#include <string_view>

namespace fasterapi::python {

namespace {

using kind = collected_type<body_link>;

PyObject* break_off(const char* why) {
  PyErr_SetString(PyExc_ConnectionResetError, why);
  return nullptr;
}

// take(): the next piece; b"" behind the last; None where there is none yet.
PyObject* take(PyObject* object, PyObject*) {
  body_link& self = kind::self_of(object);
  if (!self.kept.channel) return break_off("the request of this body has its answer");
  dispatch::body_channel& channel = *self.kept.channel;
  // Before the look for a piece: what came before the end is seen first.
  const bool is_over = channel.is_whole();
  const bool is_broken = channel.has_reactor_left();
  if (const auto piece = channel.pieces.take()) {
    const std::string_view bytes = piece->bytes.view();
    PyObject* const made =
        PyBytes_FromStringAndSize(bytes.data(), static_cast<Py_ssize_t>(bytes.size()));
    self.is_reading = false;
    if (channel.pieces.give_back(piece->cost())) channel.tell_reactor();
    return made;
  }
  self.is_reading = self.is_reading && !is_over;
  if (is_over) return PyBytes_FromStringAndSize(nullptr, 0);
  if (is_broken) return break_off("the body of this request has broken off");
  channel.want();
  Py_RETURN_NONE;
}

// arrival(): a future for the next word of the connection, after take() gave None.
PyObject* arrival(PyObject* object, PyObject*) {
  body_link& self = kind::self_of(object);
  py_ref future = self.kept.waiting.add(self.loop->event_loop());
  self.is_reading = self.is_reading || future;
  return future.release();
}

PyMethodDef methods[] = {
    {"take", take, METH_NOARGS,
     "The next piece; b\"\" behind the last, None before the next. ConnectionResetError where "
     "there will be none."},
    {"arrival", arrival, METH_NOARGS, "A future to await before the next take()."},
    {nullptr, nullptr, 0, nullptr},
};

} // namespace

void body_link::leave() noexcept {
  if (!kept.channel) return;
  kept.channel->handler = nullptr;
  kept.channel->leave_worker();
  kept.channel.reset();
  wake();
}

py_ref make_body_link_type(PyObject* module) {
  return kind::make(module, "_fasterapi.BodyLink", Py_TPFLAGS_DISALLOW_INSTANTIATION,
                    {{Py_tp_methods, methods}});
}

py_ref make_body_link(PyObject* type, job_loop& loop, dispatch::job& of) {
  py_ref object = py_ref::steal(kind::allocate(reinterpret_cast<PyTypeObject*>(type)));
  if (!object) return object;
  body_link& made = kind::self_of(object.get());
  made.loop = &loop;
  made.kept.channel = of.body;
  of.body->handler = &made;
  of.body->attach(of);
  return object;
}

} // namespace fasterapi::python
