#pragma once

#include "python/py_ref.hpp"

namespace fasterapi::python {

/// The type _fasterapi.LoopTurns, for one module: call_soon() and the turn of an
/// asyncio.SelectorEventLoop, as fasterapi._worker_loop puts them in the place of asyncio's own.
/// Same order, same Handle objects, same errors; without a Python frame for each step.
///
/// One difference: the done callback of a suspended handler is called right behind the callback in
/// which its task ended, not in another turn.
py_ref make_loop_turns_type(PyObject* module);

} // namespace fasterapi::python
