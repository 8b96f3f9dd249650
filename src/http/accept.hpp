#pragma once

#include <string_view>

namespace fasterapi::http {

/// Whether an Accept field (RFC 9110, section 12.5.1) prefers text/plain or text/html over
/// application/json. JSON wins where there is no field, a tie, or neither is acceptable; at equal
/// weight a type that is named beats one that a wildcard covers.
bool prefers_text(std::string_view accept) noexcept;

/// Likewise whether it prefers text/html over both text/plain and application/json, as browsers do.
bool prefers_html(std::string_view accept) noexcept;

/// The value of the first Accept line in what came of a head, which was refused before its fields
/// were read; empty: none.
std::string_view find_accept(std::string_view head) noexcept;

} // namespace fasterapi::http
