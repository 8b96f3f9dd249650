#pragma once

#include "http/byte_scan.hpp"
#include "http/error.hpp"
#include "http/field_syntax.hpp"
#include "http/known_field.hpp"

#include <cstddef>
#include <string_view>

namespace fasterapi::http {

/// What stopped read_fields: the section's empty line, the end of the bytes, or a field.
struct section_end {
  std::size_t at = 0; // behind the empty line; 0: the bytes end before it, or refused
  error refused;
};

/// Reads the field lines of a head or a trailer section (RFC 9112, section 5), from `at` to the
/// empty line:
///   field-line = token ":" OWS field-value OWS CRLF
/// Each goes to `take(known_field, name, value)`, as views into `bytes`, until that returns an
/// error. A folded line shows as an invalid name.
template <class Take>
section_end read_fields(std::string_view bytes, std::size_t at, Take&& take) {
  const char* const begin = bytes.data();
  for (;;) {
    const std::size_t name_begin = at;
    at = find_byte<no_letter_bytes>(bytes, at);
    while (at != bytes.size() && is_in(begin[at], token_character)) ++at;
    if (at + 1 >= bytes.size()) return {};
    const std::string_view name{begin + name_begin, at - name_begin};
    if (begin[at] != ':' || name.empty()) {
      if (begin[at] != '\r' || !name.empty()) return {0, {400, "invalid field name"}};
      if (begin[at + 1] != '\n') return {0, {400, "bare CR"}};
      return {at + 2, {}};
    }
    const std::size_t value_begin = ++at;
    for (;; ++at) {
      at = find_byte<control_bytes>(bytes, at);
      if (at + 1 >= bytes.size()) return {};
      if (begin[at] != '\t') break;
    }
    if (begin[at] != '\r') return {0, {400, "invalid field value"}};
    if (begin[at + 1] != '\n') return {0, {400, "bare CR"}};
    const auto value = trim({begin + value_begin, at - value_begin});
    if (const error refused = take(to_known_field(name), name, value)) return {0, refused};
    at += 2;
  }
}

} // namespace fasterapi::http
