#include "support/beast_head.hpp"
#include "unit/http/head_parsing.hpp"

#include <array>
#include <random>

using namespace fasterapi;
using namespace fasterapi::http;
using namespace std::string_literals;

namespace {

const std::string sample = "POST /a%20b?c=d HTTP/1.1\r\n"
                           "Host: example.com:8000\r\n"
                           "X-Empty:\r\n"
                           "Accept_1:\t text/html \t\r\n"
                           "connection: keep-alive, Upgrade\r\n"
                           "Content-Length: 12\r\n"
                           "\r\n";

/// What we take, Beast takes, and reads in the same way. True: we took it.
bool check_agreement(const std::string& text) {
  const auto ours = parse_whole(text);
  if (!ours.is_done()) return false;
  const auto head = tests::with_version_for_beast(text.substr(0, ours.result.consumed));
  const bool agrees = tests::beast_head{head}.agrees_with(ours.request);
  if (!agrees) {
    INFO(text);
    CHECK(agrees);
  }
  return true;
}

template <std::size_t Size>
const std::string& pick(const std::array<std::string, Size>& from, std::mt19937& random) {
  return from[random() % Size];
}

/// Of pieces that are good, nearly good, and bad.
std::string make_head(std::mt19937& random) {
  static const std::array lines{"GET / HTTP/1.1"s, "POST /a HTTP/1.1"s, "PUT /b?c HTTP/1.0"s,
                                "GET http://a/b HTTP/1.1"s, "OPTIONS * HTTP/1.1"s};
  static const std::array names{"Host"s,
                                "Content-Length"s,
                                "Transfer-Encoding"s,
                                "Connection"s,
                                "Expect"s,
                                "Proxy-Connection"s,
                                "Upgrade"s,
                                "X-Other"s,
                                "content-LENGTH"s,
                                "Content-Lengt"s,
                                "X_\x7f"s,
                                "Content\rLength"s,
                                "Hos^"s,
                                ""s,
                                "X Y"s};
  static const std::array values{"a"s,       "5"s,          "05"s,           "5, 5"s,
                                 "chunked"s, "gzip"s,       "Chunked "s,     "gzip,chunked"s,
                                 "close"s,   "keep-alive"s, "100-continue"s, "a,,b"s,
                                 ""s,        "a\tb"s,       "a b"s,          "\x80\xff"s,
                                 "a\0b"s,    "a\x01"s,      "a\rb"s,         "h2c;q=1"s};
  static const std::array spaces{" "s, ""s, "\t "s, " "s};
  static const std::array ends{"\r\n"s, "\r\n"s, "\r\n"s, "\r\n"s, "\r\n"s, "\n"s, "\r"s, "\r\n "s};
  std::string head = pick(lines, random) + "\r\n";
  if (random() % 4 != 0) head += "Host: a\r\n";
  for (auto count = random() % 4; count != 0; --count) {
    head += pick(names, random) + ":" + pick(spaces, random) + pick(values, random) +
            pick(spaces, random) + pick(ends, random);
  }
  return head + "\r\n";
}

} // namespace

TEST_CASE("head_parser: what Beast is asked is whether it reads the same request") {
  auto ours = parse_whole(sample);
  REQUIRE(ours.is_done());
  CHECK(tests::beast_head{sample}.agrees_with(ours.request));
  ours.request.fields[2].value.remove_suffix(1);
  CHECK_FALSE(tests::beast_head{sample}.agrees_with(ours.request));
  CHECK_FALSE(tests::beast_head{"GET / HTTP/1.1\r\nHost : a\r\n\r\n"}.is_accepted());
}

TEST_CASE("head_parser: with any byte of a head changed, Beast takes what we take") {
  CHECK(check_agreement(sample));
  std::size_t taken = 0;
  for (std::size_t at = 0; at < sample.size(); ++at) {
    for (int byte = 0; byte < 256; ++byte) {
      std::string changed = sample;
      changed[at] = static_cast<char>(byte);
      taken += check_agreement(changed);
    }
  }
  CHECK(taken > sample.size() * 20); // most bytes of names, values and path may be others
}

TEST_CASE("head_parser: with any byte of a head left out or twice, Beast takes what we take") {
  for (std::size_t at = 0; at < sample.size(); ++at) {
    check_agreement(sample.substr(0, at) + sample.substr(at + 1));
    check_agreement(sample.substr(0, at + 1) + sample.substr(at));
    for (const char c : "\r\n\t :,;\0"s) {
      check_agreement(sample.substr(0, at) + c + sample.substr(at));
    }
  }
}

TEST_CASE("head_parser: of heads put together at random, Beast takes what we take") {
  std::mt19937 random{20261127};
  std::size_t taken = 0;
  for (int i = 0; i < 20000; ++i) taken += check_agreement(make_head(random));
  CHECK(taken > 1000);
}
