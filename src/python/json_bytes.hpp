#pragma once

#include "python/module_state.hpp"
#include "python/py_ref.hpp"

#include <string>
#include <string_view>

namespace fasterapi::python {

/// JSON in memory of its own; see write_json and read_json. False, null: with an exception set.
bool to_json_bytes(PyObject* value, std::string& into, module_state& state);
py_ref from_json_bytes(std::string_view text, module_state& state);

} // namespace fasterapi::python
