#pragma once

#include "hosting/worker.hpp"
#include "python/error_text.hpp"
#include "python/py_ref.hpp"

#include <Python.h>

#include <optional>
#include <string>

namespace fasterapi::hosting {

/// The current Python exception becomes the app_error that start-up reports.
[[noreturn]] inline void throw_app_error() { throw app_error(python::take_error_text()); }

/// A new reference, or app_error where a call failed.
inline python::py_ref expect(PyObject* result) {
  if (result == nullptr) throw_app_error();
  return python::py_ref::steal(result);
}

inline python::py_ref import(const char* module) { return expect(PyImport_ImportModule(module)); }

inline python::py_ref get(const python::py_ref& object, const char* name) {
  return expect(PyObject_GetAttrString(object.get(), name));
}

inline std::string to_string(PyObject* text) {
  Py_ssize_t size = 0;
  const char* bytes = PyUnicode_AsUTF8AndSize(text, &size);
  if (bytes == nullptr) throw_app_error();
  return {bytes, static_cast<std::size_t>(size)};
}

/// None and a missing key are nothing.
inline std::optional<std::size_t> find_size(PyObject* dict, const char* key) {
  PyObject* found = PyDict_GetItemString(dict, key);
  if (found == nullptr || found == Py_None) return std::nullopt;
  const std::size_t value = PyLong_AsSize_t(found);
  if (PyErr_Occurred() != nullptr) throw_app_error();
  return value;
}

} // namespace fasterapi::hosting
