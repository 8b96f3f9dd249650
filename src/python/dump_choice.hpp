#pragma once

#include <Python.h>

namespace fasterapi::python {

/// What of a value is written: include and exclude of pydantic, as fasterapi._schema._dump has
/// them, dicts of keys and indices to what is chosen below, ... for all of it. Borrowed.
struct dump_choice {
  PyObject* include = nullptr; // null: everything
  PyObject* exclude = nullptr; // null: nothing

  bool is_all() const noexcept { return include == nullptr && exclude == nullptr; }
  /// The choice for the value at a key, or at an index of a sequence of that size. 1: something of
  /// it is chosen, 0: nothing, -1: a Python exception is set.
  int below(PyObject* key, dump_choice& into) const;
  int below(Py_ssize_t index, Py_ssize_t size, dump_choice& into) const;

private:
  template <class Find>
  int choose(Find find, dump_choice& into) const;
};

} // namespace fasterapi::python
