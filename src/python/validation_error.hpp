#pragma once

#include "http/response.hpp"
#include "python/module_state.hpp"
#include "python/scalar.hpp"

#include <cstddef>
#include <string_view>

namespace fasterapi::python {

/// The answer to arguments that do not fit: 422 in FastAPI's shape, {"detail": [entry, ...]},
/// written as text into the answer. Starting one drops what the answer held.
class validation_error {
public:
  explicit validation_error(http::response& into);

  /// An entry for a path or query parameter; `input` is its text, none: null.
  void add(const refusal& why, std::string_view source, std::string_view name,
           const std::string_view* input);
  /// An entry for the body; false with a Python exception set where `input` has no JSON form.
  bool add_body(const refusal& why, PyObject* input, module_state& state);
  /// What a schema says of the body: a list of dicts, or bytes of JSON without the brackets.
  bool add_entries(PyObject* entries, module_state& state);
  /// A body that is no JSON, with json.JSONDecodeError's place and message.
  void add_no_json(std::size_t place, std::string_view message);
  void finish();

private:
  void open(const refusal& why);
  void put_string(std::string_view text); // quoted; malformed UTF-8 becomes U+FFFD

  http::response& into_;
  bool is_first_ = true;
};

} // namespace fasterapi::python
