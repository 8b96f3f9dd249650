#pragma once

#include "python/py_ref.hpp"

#include <initializer_list>

namespace fasterapi::python {

/// Attribute names, interned once per interpreter.
struct names {
  py_ref add_note, as_tuple, body, dataclass_fields, detail, exponent, file_part, headers,
      isoformat, model_dump, native_schema, pairs, parts, raw_headers, sends_itself, status_code,
      total_seconds, value;

  bool intern(); // false: with a Python exception set
};

struct interned_name {
  py_ref& into;
  const char* text;
};
/// False: with a Python exception set.
bool intern(std::initializer_list<interned_name> all);

/// The attribute, or null: with a Python exception set where it is no AttributeError.
py_ref find_attribute(PyObject* of, PyObject* name);

/// An attribute of a module, which is imported where it is not yet.
py_ref import_attribute(const char* module, const char* name);

/// For the __class__ of what libraries are to take for one of Starlette's: that class where its
/// module is imported, else the object's own. A new reference; null with a Python exception set.
PyObject* class_shown(PyObject* object, const char* module, const char* name);

} // namespace fasterapi::python
