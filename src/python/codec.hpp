#pragma once

#include "python/key_cache.hpp"
#include "python/names.hpp"
#include "python/py_ref.hpp"

#include <array>
#include <cstddef>
#include <memory>
#include <string>

namespace simdjson::dom {
class parser;
}

namespace fasterapi::python {

struct free_parser {
  void operator()(simdjson::dom::parser* parser) const noexcept;
};

/// What conversions between Python values and text keep from one request to the next: names, the
/// JSON parser with its memory, key strings, and types of the standard library. One per
/// interpreter.
struct codec {
  static constexpr std::size_t form_count = 9; // rows of json_form's table

  python::names names;
  key_cache keys;
  std::unique_ptr<simdjson::dom::parser, free_parser> parser;
  std::string scratch; // for decoding; its capacity is what is kept

  py_ref schema_type, shaped_type; // _fasterapi.Schema, _fasterapi.Shaped

  // Filled on first use.
  py_ref loads, decode_error, refuse_constant; // json.loads, JSONDecodeError, its parse_constant
  py_ref dataclass_fields;                     // dataclasses.fields
  std::array<py_ref, form_count> forms;        // types beyond JSON's own, by row
  // Of the package: in fasterapi.datastructures, fasterapi.requests and fasterapi.responses.
  py_ref headers_type, mutable_headers_type, query_params_type, state_type, address_type;
  py_ref read_cookies, cookie_fields;

  /// All but the names, which are strings and needed to the last.
  void clear() noexcept;
};

/// Every reference of it to what may refer back, for the garbage collector.
inline auto references_of(codec& codec) noexcept {
  return std::array{&codec.loads,
                    &codec.decode_error,
                    &codec.refuse_constant,
                    &codec.dataclass_fields,
                    &codec.headers_type,
                    &codec.mutable_headers_type,
                    &codec.query_params_type,
                    &codec.state_type,
                    &codec.address_type,
                    &codec.read_cookies,
                    &codec.cookie_fields,
                    &codec.schema_type,
                    &codec.shaped_type};
}

} // namespace fasterapi::python
