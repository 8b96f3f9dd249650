#pragma once

#include <string>
#include <string_view>

namespace fasterapi::http {

/// Well-formed UTF-8 as RFC 3629, section 4, has it: no overlong forms, surrogates, or code points
/// above U+10FFFF.
bool is_utf8(std::string_view text) noexcept;

/// Appends text with U+FFFD for each part that is no UTF-8, as Python's "replace" does: a part is
/// what a sequence could begin with (Unicode, section 3.9), or one byte.
void append_replaced(std::string& into, std::string_view text);
/// Appends ISO 8859-1, as header fields are, in UTF-8.
void append_latin_as_utf8(std::string& into, std::string_view text);
/// Appends UTF-8 in ISO 8859-1. Throws std::invalid_argument where that has no such character.
void append_utf8_as_latin(std::string& into, std::string_view text);

} // namespace fasterapi::http
