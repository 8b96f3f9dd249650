#pragma once

#include "http/response.hpp"
#include "python/module_state.hpp"
#include "python/py_ref.hpp"

namespace fasterapi::python {

/// Serialises a Python value as JSON (RFC 8259) straight into the answer's body.
///
/// The bytes equal json.dumps(value, separators=(",", ":"), ensure_ascii=False) in UTF-8 for dict
/// (str, int, float, bool, None keys), list, tuple, str, int, float, bool, None and their
/// subclasses; beyond json.dumps: dataclasses, datetime, date, time, UUID, Enum, Decimal as
/// FastAPI's jsonable_encoder has them. NaN and infinities, lone surrogates, cycles, depth over
/// 200, and other types are a Python exception (ValueError, TypeError, RecursionError) with the
/// path to the value in its message, and false: what was appended is then to be dropped by the
/// caller (response::restart).
bool write_json(PyObject* value, http::response& into, module_state& state);

} // namespace fasterapi::python
