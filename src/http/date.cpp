#include "http/date.hpp"

#include "http/response.hpp"

#include <cstring>

namespace fasterapi::http {

namespace {

constexpr std::string_view ok_line = "HTTP/1.1 200 OK\r\n";
constexpr std::size_t date_at = ok_line.size() + 6; // behind "Date: "

struct dated_lines {
  std::time_t second = -1;
  char text[ok_line.size() + 6 + imf_fixdate_size + 2 + 1] =
      "HTTP/1.1 200 OK\r\nDate: Thu, 01 Jan 1970 00:00:00 GMT\r\n";
};
constinit thread_local dated_lines lines;

void put_two(char* into, int number) noexcept {
  into[0] = static_cast<char>('0' + number / 10 % 10);
  into[1] = static_cast<char>('0' + number % 10);
}

const char* current_lines() noexcept {
  timespec now;
  clock_gettime(CLOCK_REALTIME_COARSE, &now); // a tick of precision, a quarter of the price
  if (now.tv_sec != lines.second) {
    lines.second = now.tv_sec;
    format_imf_fixdate(now.tv_sec, lines.text + date_at);
  }
  return lines.text;
}

} // namespace

void format_imf_fixdate(std::time_t time, char* into) noexcept {
  constexpr const char* days = "SunMonTueWedThuFriSat";
  constexpr const char* months = "JanFebMarAprMayJunJulAugSepOctNovDec";
  std::tm utc{};
  gmtime_r(&time, &utc);
  std::memcpy(into, "Sun, 06 Nov 1994 08:49:37 GMT", imf_fixdate_size);
  std::memcpy(into, days + 3 * utc.tm_wday, 3);
  put_two(into + 5, utc.tm_mday);
  std::memcpy(into + 8, months + 3 * utc.tm_mon, 3);
  put_two(into + 12, (utc.tm_year + 1900) / 100);
  put_two(into + 14, utc.tm_year + 1900);
  put_two(into + 17, utc.tm_hour);
  put_two(into + 20, utc.tm_min);
  put_two(into + 23, utc.tm_sec);
}

std::string_view ok_and_date_lines() noexcept { return {current_lines(), sizeof lines.text - 1}; }

std::string_view date_line() noexcept { return ok_and_date_lines().substr(ok_line.size()); }

std::string_view http_date() noexcept { return {current_lines() + date_at, imf_fixdate_size}; }

} // namespace fasterapi::http
