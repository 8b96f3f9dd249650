#pragma once

#include "python/names.hpp"
#include "python/py_ref.hpp"

namespace fasterapi::python {

/// Where a value stands in what is being serialised: a chain on the C++ stack, as deep as the
/// value.
struct value_path {
  const value_path* parent = nullptr;
  PyObject* container = nullptr; // borrowed, as is the key
  PyObject* key = nullptr;       // of a dict
  Py_ssize_t index = -1;         // of a sequence; without both the step has no name of its own
  int depth = 0;

  /// Whether `value` is one of the containers around this place.
  bool holds(PyObject* value) const noexcept;
  /// "$.items[3].price" as str; null with a Python exception set.
  py_ref text() const;
};

/// Raises `type` with "<message> at $.items[3]". Always false.
bool raise_at(const value_path& at, PyObject* type, const char* message);
bool raise_at(const value_path& at, PyObject* type, py_ref message);
/// Adds the path as a note (PEP 678) to the exception that foreign code left. Always false.
bool note_at(const value_path& at, const names& names);

} // namespace fasterapi::python
