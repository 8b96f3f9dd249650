#include "http/date.hpp"
#include "http/response.hpp"

#include <catch2/catch_test_macros.hpp>

#include <string>
#include <thread>

using namespace fasterapi::http;

namespace {

std::string format(std::time_t time) {
  std::string text(imf_fixdate_size, '?');
  format_imf_fixdate(time, text.data());
  return text;
}

} // namespace

TEST_CASE("date: IMF-fixdate of known moments") {
  CHECK(format(0) == "Thu, 01 Jan 1970 00:00:00 GMT");
  CHECK(format(784111777) == "Sun, 06 Nov 1994 08:49:37 GMT");
  CHECK(format(951782400) == "Tue, 29 Feb 2000 00:00:00 GMT");
  CHECK(format(4102444799) == "Thu, 31 Dec 2099 23:59:59 GMT");
}

TEST_CASE("date: agrees with strftime on every day of some years") {
  for (std::time_t time = 1704067199; time < 1704067199 + 3 * 366 * 86400; time += 86400 + 61) {
    char expected[64];
    std::strftime(expected, sizeof expected, "%a, %d %b %Y %H:%M:%S GMT", std::gmtime(&time));
    REQUIRE(format(time) == expected);
  }
}

TEST_CASE("date: the current one is within a second of the clock, in every thread") {
  const auto check = [] {
    const auto before = std::time(nullptr) - 1;
    const std::string now{http_date()};
    const auto after = std::time(nullptr);
    bool is_one_of_them = false;
    for (auto time = before; time <= after; ++time) is_one_of_them |= now == format(time);
    return is_one_of_them;
  };
  CHECK(check());
  bool is_right_elsewhere = false;
  std::thread{[&] { is_right_elsewhere = check(); }}.join();
  CHECK(is_right_elsewhere);
}
