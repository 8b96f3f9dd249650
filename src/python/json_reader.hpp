#pragma once

#include "python/module_state.hpp"
#include "python/py_ref.hpp"

#include <string_view>

namespace fasterapi::python {

/// JSON text in UTF-8 to Python values, equal to json.loads for text that RFC 8259 allows (big
/// integers included; duplicate keys: the last wins; a byte order mark is skipped); NaN and
/// Infinity are refused, and so is nesting deeper than 1024 levels. `text` has byte_buffer::padding
/// readable bytes behind it. On failure: null with json.JSONDecodeError, UnicodeDecodeError,
/// RecursionError or ValueError (an integer of over 4300 digits) set.
py_ref read_json(std::string_view text, module_state& state);

} // namespace fasterapi::python
