#include "python/subscription_object.hpp"

#include "python/shared_module.hpp"
#include "python/shared_value.hpp"

#include <memory>
#include <system_error>
#include <utility>

namespace fasterapi::python {

namespace {

struct subscription_object {
  PyObject_HEAD module_state* state;
  std::shared_ptr<store::hub> hub;
  std::shared_ptr<store::subscription> held;
  std::uint64_t number;
};

subscription_object& self_of(PyObject* object) noexcept {
  return *reinterpret_cast<subscription_object*>(object);
}

// The oldest message; None: there is none now.
PyObject* take(PyObject* object, PyObject*) {
  subscription_object& self = self_of(object);
  const auto message = self.held->take();
  if (!message) Py_RETURN_NONE;
  return from_shared(*message, *self.state).release();
}

PyObject* close(PyObject* object, PyObject*) {
  subscription_object& self = self_of(object);
  self.hub->unsubscribe(self.held);
  Py_RETURN_NONE;
}

PyObject* is_over(PyObject* object, void*) {
  return PyBool_FromLong(self_of(object).held->is_over() ? 1 : 0);
}

PyObject* dropped(PyObject* object, void*) {
  return PyLong_FromUnsignedLongLong(self_of(object).held->dropped());
}

PyObject* number(PyObject* object, void*) {
  return PyLong_FromUnsignedLongLong(self_of(object).number);
}

void dealloc(PyObject* object) {
  const py_ref type = py_ref::steal(reinterpret_cast<PyObject*>(Py_TYPE(object)));
  subscription_object& self = self_of(object);
  if (self.held) self.hub->unsubscribe(self.held);
  std::destroy_at(&self.held);
  std::destroy_at(&self.hub);
  PyObject_Free(object);
}

PyMethodDef methods[] = {
    {"take", take, METH_NOARGS, "The oldest message that is left, or None."},
    {"close", close, METH_NOARGS, "Nothing comes any more."},
    {nullptr, nullptr, 0, nullptr},
};

PyGetSetDef attributes[] = {
    {"is_over", is_over, nullptr, "The server stops, and everything was taken.", nullptr},
    {"dropped", dropped, nullptr, "Messages that made way for later ones.", nullptr},
    {"number", number, nullptr, "What shared_ready() names it by.", nullptr},
    {nullptr, nullptr, nullptr, nullptr, nullptr},
};

PyType_Slot slots[] = {
    {Py_tp_dealloc, reinterpret_cast<void*>(dealloc)},
    {Py_tp_methods, methods},
    {Py_tp_getset, attributes},
    {0, nullptr},
};

PyType_Spec spec = {
    "_fasterapi.Subscription",
    sizeof(subscription_object),
    0,
    Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION | Py_TPFLAGS_IMMUTABLETYPE,
    slots,
};

} // namespace

py_ref make_subscription_type(PyObject* module) {
  return py_ref::steal(PyType_FromModuleAndSpec(module, &spec, nullptr));
}

store::mailbox* mailbox_of(module_state& state) {
  try {
    if (!state.mailbox) state.mailbox = std::make_shared<store::mailbox>();
  } catch (const std::system_error& error) {
    errno = error.code().value();
    PyErr_SetFromErrno(PyExc_OSError);
  }
  return state.mailbox.get();
}

py_ref make_subscription(module_state& state, std::string channel, std::size_t most) {
  if (mailbox_of(state) == nullptr) return {};
  auto* const type = reinterpret_cast<PyTypeObject*>(state.subscription_type.get());
  py_ref object = py_ref::steal(PyType_GenericAlloc(type, 0)); // all zero: nothing to unsubscribe
  if (!object) return object;
  subscription_object& made = self_of(object.get());
  made.state = &state;
  made.number = ++state.subscriptions;
  std::construct_at(&made.hub, state.services.hub);
  std::construct_at(&made.held);
  made.held = state.services.hub->subscribe(std::move(channel), most, state.mailbox, made.number);
  return object;
}

} // namespace fasterapi::python
