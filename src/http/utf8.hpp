#pragma once

#include <string_view>

namespace fasterapi::http {

/// Well-formed UTF-8 as RFC 3629, section 4, has it: no overlong forms, surrogates, or code points
/// above U+10FFFF.
bool is_utf8(std::string_view text) noexcept;

} // namespace fasterapi::http
