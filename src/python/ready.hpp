#pragma once

#include "python/py_ref.hpp"

namespace fasterapi::python {

/// The type _fasterapi.Ready, for one module: an awaitable that has its value and never suspends.
py_ref make_ready_type(PyObject* module);

/// One with that value; null with a Python exception set, as where `value` is null.
py_ref make_ready(py_ref value, PyObject* type);

} // namespace fasterapi::python
