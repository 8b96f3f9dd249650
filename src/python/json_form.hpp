#pragma once

#include "python/codec.hpp"
#include "python/py_ref.hpp"

namespace fasterapi::python {

/// What a value that JSON does not know is written as, in the ways of FastAPI's jsonable_encoder:
/// a dataclass as the dict of its fields, date and time as ISO 8601 text, timedelta as seconds,
/// UUID, path and IP address as text, an Enum as its value, Decimal as int or float, bytes as the
/// text that they hold, an object with model_dump as what that returns.
struct json_form {
  py_ref value;             // one step nearer to JSON; null: see below
  bool is_iterable = false; // set, frozenset, deque, generator: its items, as a list
  bool is_unknown = false;  // no JSON form. Otherwise, without value: an exception is set
};

/// May call foreign code.
json_form find_form(PyObject* value, codec& codec);

} // namespace fasterapi::python
