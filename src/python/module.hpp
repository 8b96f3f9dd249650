#pragma once

#include <Python.h>

namespace fasterapi::python {

/// The built-in module _fasterapi, for PyImport_AppendInittab: multi-phase init (PEP 489), state
/// per interpreter, own GIL supported. docs/boundary.md lists what is in it.
PyObject* init_module();

} // namespace fasterapi::python
