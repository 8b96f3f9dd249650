#pragma once

#include "python/py_ref.hpp"

namespace fasterapi::python {

/// The type _fasterapi.TaskSet(weak_set), for one module: its add(task) is what that of a
/// weakref.WeakSet is, and what it adds leaves the set as it would, without Python frames. For
/// asyncio's set of tasks that have suspended, before CPython 3.14, which has a list in C.
py_ref make_task_set_type(PyObject* module);

} // namespace fasterapi::python
