#pragma once

#include <string>
#include <string_view>

namespace fasterapi::http {

/// Text between the quotes of a JSON string (RFC 8259, section 7). What is no UTF-8 counts as
/// ISO 8859-1, as header fields do.
void append_json_escaped(std::string& into, std::string_view text);

} // namespace fasterapi::http
