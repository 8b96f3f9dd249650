#include "python/ready.hpp"

namespace fasterapi::python {

namespace {

struct ready {
  PyObject_HEAD py_ref value;
};

py_ref& value_of(PyObject* object) noexcept { return reinterpret_cast<ready*>(object)->value; }

int traverse(PyObject* object, visitproc visit, void* arg) {
  Py_VISIT(Py_TYPE(object));
  Py_VISIT(value_of(object).get());
  return 0;
}

int clear(PyObject* object) {
  value_of(object).reset();
  return 0;
}

void dealloc(PyObject* object) {
  const py_ref type = py_ref::steal(reinterpret_cast<PyObject*>(Py_TYPE(object)));
  PyObject_GC_UnTrack(object);
  value_of(object).~py_ref();
  PyObject_GC_Del(object);
}

PyObject* await(PyObject* object) { return Py_NewRef(object); }

// `await` of native code comes here: no exception is made to carry the value.
PySendResult send(PyObject* object, PyObject*, PyObject** result) {
  *result = Py_NewRef(value_of(object).get());
  return PYGEN_RETURN;
}

PyObject* next(PyObject* object) {
  // An instance: PyErr_SetObject would take a tuple for the arguments.
  const py_ref stop =
      py_ref::steal(PyObject_CallOneArg(PyExc_StopIteration, value_of(object).get()));
  if (stop) PyErr_SetObject(PyExc_StopIteration, stop.get());
  return nullptr;
}

PyType_Slot slots[] = {
    {Py_tp_dealloc, reinterpret_cast<void*>(dealloc)},
    {Py_tp_traverse, reinterpret_cast<void*>(traverse)},
    {Py_tp_clear, reinterpret_cast<void*>(clear)},
    {Py_am_await, reinterpret_cast<void*>(await)},
    {Py_am_send, reinterpret_cast<void*>(send)},
    {Py_tp_iter, reinterpret_cast<void*>(PyObject_SelfIter)},
    {Py_tp_iternext, reinterpret_cast<void*>(next)},
    {0, nullptr},
};

PyType_Spec spec = {
    "_fasterapi.Ready",
    sizeof(ready),
    0,
    Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_DISALLOW_INSTANTIATION |
        Py_TPFLAGS_IMMUTABLETYPE,
    slots,
};

} // namespace

py_ref make_ready_type(PyObject* module) {
  return py_ref::steal(PyType_FromModuleAndSpec(module, &spec, nullptr));
}

py_ref make_ready(py_ref value, PyObject* type) {
  if (!value) return {};
  PyObject* const made = PyType_GenericAlloc(reinterpret_cast<PyTypeObject*>(type), 0);
  if (made != nullptr) new (&value_of(made)) py_ref{std::move(value)};
  return py_ref::steal(made);
}

} // namespace fasterapi::python
