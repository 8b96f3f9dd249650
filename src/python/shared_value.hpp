#pragma once

#include "python/module_state.hpp"
#include "python/py_ref.hpp"
#include "store/value.hpp"

#include <chrono>
#include <optional>
#include <string_view>

namespace fasterapi::python {

/// bytes, str and integers of 64 bits as they are, all else as JSON. None is a TypeError: it is
/// what a missing key gives. Without a value: with an exception set.
std::optional<store::value> to_shared(PyObject* object, module_state& state);
py_ref from_shared(const store::value& value, module_state& state);

/// Text of a str; false: with an exception set.
bool to_text(PyObject* object, std::string_view& text);

/// Seconds of a life, None: no end. False: with an exception set.
bool to_life(PyObject* seconds, std::optional<std::chrono::steady_clock::duration>& life);

} // namespace fasterapi::python
