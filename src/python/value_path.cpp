#include "python/value_path.hpp"

namespace fasterapi::python {

bool value_path::holds(PyObject* value) const noexcept {
  for (const value_path* step = this; step != nullptr; step = step->parent)
    if (step->container == value) return true;
  return false;
}

py_ref value_path::text() const {
  py_ref before = parent != nullptr ? parent->text() : py_ref::steal(PyUnicode_FromString("$"));
  if (!before) return before;
  if (index >= 0) return py_ref::steal(PyUnicode_FromFormat("%U[%zd]", before.get(), index));
  if (key == nullptr) return before;
  const bool is_name = PyUnicode_Check(key) && PyUnicode_IsIdentifier(key) == 1;
  return py_ref::steal(PyUnicode_FromFormat(is_name ? "%U.%S" : "%U[%R]", before.get(), key));
}

bool raise_at(const value_path& at, PyObject* type, py_ref message) {
  const py_ref path = message ? at.text() : py_ref{};
  if (path) PyErr_Format(type, "%U at %U", message.get(), path.get());
  return false;
}

bool raise_at(const value_path& at, PyObject* type, const char* message) {
  return raise_at(at, type, py_ref::steal(PyUnicode_FromString(message)));
}

bool note_at(const value_path& at, const names& names) {
  const py_ref raised = py_ref::steal(PyErr_GetRaisedException());
  const py_ref path = at.text();
  const py_ref note =
      path ? py_ref::steal(PyUnicode_FromFormat("while serialising %U", path.get())) : py_ref{};
  const py_ref added =
      note
          ? py_ref::steal(PyObject_CallMethodOneArg(raised.get(), names.add_note.get(), note.get()))
          : py_ref{};
  PyErr_Clear();
  PyErr_SetRaisedException(Py_XNewRef(raised.get()));
  return false;
}

} // namespace fasterapi::python
