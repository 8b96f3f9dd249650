#pragma once

#include <string>
#include <string_view>

namespace fasterapi::observe {

/// Appends `bytes` as the inside of a JSON string (RFC 8259, section 7); what is not UTF-8 becomes
/// U+FFFD, so that the line is valid JSON whatever was logged.
void append_json_escaped(std::string& to, std::string_view bytes);

/// Appends a message for people: control characters, which could move a terminal's cursor, as \x1b;
/// lines behind the first indented, so that none can pass for a record of its own.
void append_message(std::string& to, std::string_view bytes);

/// Appends the inside of a quoted text field as nginx does: \x22 for quotes, backslashes, control
/// characters and everything beyond ASCII.
void append_quoted(std::string& to, std::string_view bytes);

} // namespace fasterapi::observe
