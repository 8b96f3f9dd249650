#include "python/dump_choice.hpp"

#include "python/py_ref.hpp"

namespace fasterapi::python {

namespace {

// What a selection says of a key: borrowed, null where it does not name it, or with an exception.
PyObject* at_all(PyObject* selection) {
  const py_ref key = py_ref::steal(PyUnicode_FromString("__all__"));
  return key ? PyDict_GetItemWithError(selection, key.get()) : nullptr;
}

PyObject* at_key(PyObject* selection, PyObject* key) {
  PyObject* const found = PyDict_GetItemWithError(selection, key);
  return found != nullptr || PyErr_Occurred() != nullptr ? found : at_all(selection);
}

PyObject* at_index(PyObject* selection, Py_ssize_t index, Py_ssize_t size) {
  for (const Py_ssize_t place : {index, index - size}) {
    const py_ref key = py_ref::steal(PyLong_FromSsize_t(place));
    PyObject* const found = key ? PyDict_GetItemWithError(selection, key.get()) : nullptr;
    if (found != nullptr || PyErr_Occurred() != nullptr) return found;
  }
  return at_all(selection);
}

PyObject* below_all(PyObject* found) noexcept { return found == Py_Ellipsis ? nullptr : found; }

} // namespace

template <class Find>
int dump_choice::choose(Find find, dump_choice& into) const {
  PyObject* const wanted = include != nullptr ? find(include) : nullptr;
  if (wanted == nullptr && include != nullptr) return PyErr_Occurred() != nullptr ? -1 : 0;
  PyObject* const unwanted = exclude != nullptr ? find(exclude) : nullptr;
  if (unwanted == nullptr && PyErr_Occurred() != nullptr) return -1;
  if (unwanted == Py_Ellipsis) return 0;
  into = {below_all(wanted), unwanted};
  return 1;
}

int dump_choice::below(PyObject* key, dump_choice& into) const {
  return choose([key](PyObject* selection) { return at_key(selection, key); }, into);
}

int dump_choice::below(Py_ssize_t index, Py_ssize_t size, dump_choice& into) const {
  return choose([=](PyObject* selection) { return at_index(selection, index, size); }, into);
}

} // namespace fasterapi::python
