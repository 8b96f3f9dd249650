#include "python/shared_value.hpp"

#include "python/json_bytes.hpp"

#include <cmath>
#include <string>

namespace fasterapi::python {

namespace {

using kind = store::value::kind;

constexpr double longest_life_seconds = 1e9; // thirty years

std::optional<store::value> to_integer(PyObject* object) {
  int overflow = 0;
  const long long number = PyLong_AsLongLongAndOverflow(object, &overflow);
  if (overflow != 0 || (number == -1 && PyErr_Occurred() != nullptr)) return std::nullopt;
  return store::value{number};
}

std::optional<store::value> to_json(PyObject* object, module_state& state) {
  std::string text;
  if (!to_json_bytes(object, text, state)) return std::nullopt;
  return store::value{kind::json, std::move(text)};
}

std::optional<store::value> to_bytes(PyObject* object) {
  Py_buffer view;
  if (PyObject_GetBuffer(object, &view, PyBUF_SIMPLE) != 0) return std::nullopt;
  store::value made{kind::bytes,
                    {static_cast<const char*>(view.buf), static_cast<std::size_t>(view.len)}};
  PyBuffer_Release(&view);
  return made;
}

} // namespace

std::optional<store::value> to_shared(PyObject* object, module_state& state) {
  if (PyLong_CheckExact(object)) {
    auto made = to_integer(object);
    return made || PyErr_Occurred() != nullptr ? made : to_json(object, state);
  }
  if (PyUnicode_CheckExact(object)) {
    std::string_view text;
    if (!to_text(object, text)) return std::nullopt;
    return store::value{kind::text, std::string{text}};
  }
  if (PyBytes_Check(object) || PyByteArray_Check(object) || PyMemoryView_Check(object))
    return to_bytes(object);
  if (object == Py_None) {
    PyErr_SetString(PyExc_TypeError, "None is no value: it is what a missing key gives");
    return std::nullopt;
  }
  return to_json(object, state);
}

py_ref from_shared(const store::value& value, module_state& state) {
  if (value.what() == kind::integer) return py_ref::steal(PyLong_FromLongLong(value.number()));
  const std::string& text = value.text();
  const auto size = static_cast<Py_ssize_t>(text.size());
  if (value.what() == kind::bytes)
    return py_ref::steal(PyBytes_FromStringAndSize(text.data(), size));
  if (value.what() == kind::text)
    return py_ref::steal(PyUnicode_FromStringAndSize(text.data(), size));
  return from_json_bytes(text, state);
}

bool to_text(PyObject* object, std::string_view& text) {
  Py_ssize_t size = 0;
  const char* const bytes = PyUnicode_AsUTF8AndSize(object, &size);
  if (bytes != nullptr) text = {bytes, static_cast<std::size_t>(size)};
  return bytes != nullptr;
}

bool to_life(PyObject* seconds, std::optional<std::chrono::steady_clock::duration>& life) {
  if (seconds == Py_None) return true;
  const double given = PyFloat_AsDouble(seconds);
  if (given == -1.0 && PyErr_Occurred() != nullptr) return false;
  if (!(given > 0)) {
    PyErr_SetString(PyExc_ValueError, "ttl is a number of seconds above 0, or None");
    return false;
  }
  if (given < longest_life_seconds)
    life = std::chrono::duration_cast<std::chrono::steady_clock::duration>(
        std::chrono::duration<double>{given});
  return true;
}

} // namespace fasterapi::python
