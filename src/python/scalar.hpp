#pragma once

#include "python/py_ref.hpp"

#include <string_view>

namespace fasterapi::python {

/// Why a value is not taken: `type` and `msg` of a 422's entry, in pydantic's words.
struct refusal {
  std::string_view type;
  std::string_view message;
};

inline constexpr refusal missing{"missing", "Field required"};
inline constexpr refusal int_parsing{
    "int_parsing", "Input should be a valid integer, unable to parse string as an integer"};
inline constexpr refusal int_parsing_size{
    "int_parsing_size", "Unable to parse input string as an integer, exceeded maximum size"};
inline constexpr refusal float_parsing{
    "float_parsing", "Input should be a valid number, unable to parse string as a number"};
inline constexpr refusal bool_parsing{"bool_parsing",
                                      "Input should be a valid boolean, unable to interpret input"};
inline constexpr refusal dict_type{"dict_type", "Input should be a valid dictionary"};
inline constexpr refusal list_type{"list_type", "Input should be a valid list"};

/// Text to Python values as pydantic v2 reads strings in its lax mode; fasterapi._scalars does the
/// same in Python. Null: `why` says what is wrong with the text, or a Python exception is set.
py_ref read_int(std::string_view text, const refusal*& why);
py_ref read_float(std::string_view text, const refusal*& why);
py_ref read_bool(std::string_view text, const refusal*& why);
/// UTF-8; what is none becomes U+FFFD, as in Python's parse_qsl.
py_ref read_text(std::string_view text);

/// Without Unicode white space (the property White_Space) around it.
std::string_view trim_unicode(std::string_view text) noexcept;

} // namespace fasterapi::python
