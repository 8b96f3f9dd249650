#pragma once

#include "http/response.hpp"
#include "python/codec.hpp"
#include "python/py_ref.hpp"

#include <string>
#include <utility>
#include <vector>

namespace fasterapi::python {

/// Header fields that Python code gives to an answer: a list of (name, value) that a
/// fasterapi.datastructures.MutableHeaders may share.
struct response_fields {
  py_ref pairs;   // list; null: none yet
  py_ref headers; // MutableHeaders over it, once asked for

  /// In place of those of that name. False with ValueError set on characters that split a response.
  bool set(PyObject* name, PyObject* value);
  py_ref as_headers(codec& codec);
  /// False with a Python exception set.
  bool add_to(http::response& into) const;

private:
  bool open();
};

/// Adds the fields of a list or tuple of (name, value), both str (Latin-1, RFC 9110, section 5.5)
/// or bytes. False with a Python exception set.
bool add_fields(http::response& into, PyObject* pairs);
/// The same fields as text, for who sends them otherwise. False with a Python exception set.
bool read_fields(PyObject* pairs, std::vector<std::pair<std::string, std::string>>& into);
bool add_field(http::response& into, PyObject* name, PyObject* value);

} // namespace fasterapi::python
