#pragma once

#include <array>
#include <cstdint>
#include <ctime>
#include <string_view>

namespace fasterapi::http {

/// "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110, section 5.6.7) into 29 bytes, whatever the locale.
/// For years 0 to 9999.
inline constexpr std::size_t imf_fixdate_size = 29;
void format_imf_fixdate(std::time_t time, char* into) noexcept;

/// The start of most answers, "HTTP/1.1 200 OK\r\nDate: ...\r\n", and its second line alone. Each
/// thread has its own text, renewed when the second changes; valid until the thread's next call.
std::string_view ok_and_date_lines() noexcept;
std::string_view date_line() noexcept;

} // namespace fasterapi::http
