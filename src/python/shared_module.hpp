#pragma once

#include "python/py_ref.hpp"

namespace fasterapi::python {

/// Functions shared_... of _fasterapi: see fasterapi/_shared_server.py, which alone calls them. The
/// list ends with an empty entry.
PyMethodDef* shared_functions() noexcept;
/// _fasterapi.Subscription
py_ref make_subscription_type(PyObject* module);

} // namespace fasterapi::python
