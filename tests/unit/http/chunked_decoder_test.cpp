#include "http/chunked_decoder.hpp"
#include "support/allocation_count.hpp"

#include <catch2/catch_test_macros.hpp>

#include <memory>
#include <string>

using namespace fasterapi::http;
using namespace std::string_literals;

namespace {

using outcome = chunked_decoder::outcome;

struct decoded {
  outcome state = outcome::need_more;
  std::size_t consumed = 0;
  std::string body;
  unsigned status = 0;
  std::string_view reason;
  std::string trailers; // "name=value;"
};

/// Feeds `piece` until it needs more or ends. The bytes stand in memory of exactly their size.
void feed(chunked_decoder& decoder, std::string_view piece, decoded& into) {
  const std::unique_ptr<char[]> memory{new char[piece.size()]};
  piece.copy(memory.get(), piece.size());
  std::string_view rest{memory.get(), piece.size()};
  for (;;) {
    const auto step = decoder.feed(rest);
    REQUIRE(step.consumed <= rest.size());
    into.state = step.state;
    into.consumed += step.consumed;
    into.body += step.payload;
    into.status = step.error.status;
    into.reason = step.error.reason;
    if (step.state != outcome::payload) {
      if (step.state == outcome::need_more) REQUIRE(step.consumed == rest.size());
      return;
    }
    REQUIRE_FALSE(step.payload.empty());
    rest.remove_prefix(step.consumed);
  }
}

decoded decode(std::string_view text, std::size_t first, std::size_t step,
               const body_limits& limits) {
  chunked_decoder decoder(limits);
  decoded result;
  feed(decoder, text.substr(0, first), result);
  for (auto at = first; at < text.size() && result.state == outcome::need_more; at += step) {
    feed(decoder, text.substr(at, step), result);
  }
  std::vector<field> trailers;
  if (result.state == outcome::done) decoder.trailers(trailers);
  for (const field& each : trailers) {
    result.trailers += std::string(each.name) + "=" + std::string(each.value) + ";";
  }
  return result;
}

void check_same(const decoded& left, const decoded& right) {
  CHECK(left.state == right.state);
  CHECK(left.status == right.status);
  CHECK(left.reason == right.reason);
  CHECK(left.body == right.body);
  CHECK(left.trailers == right.trailers);
  if (left.state != outcome::failed) CHECK(left.consumed == right.consumed);
}

/// Whole, in two pieces split at every byte, and byte by byte: all must agree.
decoded decode_split(std::string_view text, const body_limits& limits = {}) {
  const auto whole = decode(text, text.size(), 1, limits);
  for (std::size_t split = 0; split < text.size(); ++split) {
    INFO("split at " << split);
    check_same(whole, decode(text, split, text.size(), limits));
  }
  check_same(whole, decode(text, 0, 1, limits));
  return whole;
}

unsigned status_of(std::string_view text, const body_limits& limits = {}) {
  const auto result = decode_split(text, limits);
  CHECK((result.state == outcome::failed) == (result.status != 0));
  return result.status;
}

} // namespace

TEST_CASE("chunked_decoder: chunks become a body, and what is behind it stays") {
  const auto text = "5\r\nhello\r\n1\r\n \r\n00A\r\n0123456789\r\n0\r\n\r\n"s;
  const auto result = decode_split(text + "GET / HTTP/1.1\r\n");
  CHECK(result.state == outcome::done);
  CHECK(result.consumed == text.size());
  CHECK(result.body == "hello 0123456789");
  CHECK(result.trailers.empty());
  CHECK(decode_split("0\r\n\r\n").state == outcome::done);
  CHECK(decode_split("000\r\n\r\n").state == outcome::done);
  CHECK(decode_split("3\r\n\r\n\0\r\n0\r\n\r\n"s).body == "\r\n\0"s);
  CHECK(decode_split("1f\r\n"s + std::string(31, 'x') + "\r\n0\r\n\r\n").body.size() == 31);
}

TEST_CASE("chunked_decoder: a body that stops short is not done") {
  const auto text = "5;a=\"b\"\r\nhello\r\n0\r\nX: y\r\n\r\n"s;
  for (std::size_t size = 0; size < text.size(); ++size) {
    INFO(size);
    CHECK(decode_split(text.substr(0, size)).state == outcome::need_more);
  }
  CHECK(decode_split(text).state == outcome::done);
}

TEST_CASE("chunked_decoder: a size is hexadecimal digits and nothing else") {
  for (const auto& line : {""s,    " 5"s,  "5 "s,  "\t5"s,   "5\t"s, "+5"s,           "-5"s, "-0"s,
                           "0x5"s, "5h"s,  "g"s,   "5,5"s,   "5.0"s, "5 5"s,          "_5"s, "5_0"s,
                           "\v5"s, "5\v"s, "5\0"s, "\"5\""s, "5\r"s, "\xef\xbc\x95"s, "5="s}) {
    INFO(line);
    CHECK(status_of(line + "\r\nhello\r\n0\r\n\r\n") == 400);
  }
  CHECK(decode_split("0000000000000005\r\nhello\r\n0\r\n\r\n").body == "hello");
  CHECK(status_of("00000000000000005\r\nhello\r\n0\r\n\r\n") == 400); // 17 digits
  CHECK(status_of("10000000000000005\r\nhello\r\n0\r\n\r\n") == 400); // 2^64 and more
  CHECK(status_of("ffffffffffffffff\r\n") == 413);
}

TEST_CASE("chunked_decoder: lines end with CRLF") {
  for (const auto& text : {"5\nhello\r\n0\r\n\r\n"s,   "5\r\nhello\n0\r\n\r\n"s,
                           "5\r\nhello\r\n0\n\r\n"s,   "5\r\nhello\r\n0\r\n\n"s,
                           "5\rhello\r\n0\r\n\r\n"s,   "5\rXhello\r\n0\r\n\r\n"s,
                           "5\r\nhello\r0\r\n\r\n"s,   "5\r\nhello\r\n0\r\n\rX\r\n\r\n"s,
                           "5\r\nhello0\r\n\r\n"s,     "5\r\nhello!\r\n0\r\n\r\n"s,
                           "5\r\nhell\r\n0\r\n\r\n"s,  "\r\n5\r\nhello\r\n0\r\n\r\n"s,
                           "5;a\nhello\r\n0\r\n\r\n"s, "5;a=b\nhello\r\n"s,
                           "5;a=\"\n\"\r\nhello\r\n"s, "5\r\n\r\nhello\r\n"s,
                           "5\r\r\nhello\r\n"s,        "1\r\na\r\r\n"s,
                           "5;a\rb\r\nhello\r\n"s,     "5;\nhello"s}) {
    INFO(text);
    CHECK(status_of(text) == 400);
  }
}

TEST_CASE("chunked_decoder: well-formed extensions are passed over") {
  for (const auto extension :
       {";a", ";a=b", ";a=\"b\"", ";a=\"\"", ";a=\"b;c\\\"d\\\\\"", ";a;b;c=d", ";a=\"\t \x80\"",
        " ;a", "\t; a\t=\t\"b\" ;c", ";a = b", ";a ;b", " ; a = b ; c", ";!#$%&'*+-.^_`|~=1"}) {
    INFO(extension);
    CHECK(decode_split("5"s + extension + "\r\nhello\r\n0" + extension + "\r\n\r\n").body ==
          "hello");
  }
}

TEST_CASE("chunked_decoder: malformed extensions are refused") {
  for (const auto& extension :
       {";"s,         ";;a"s,       ";a;"s,       ";=b"s,         ";a="s,           ";a=\"b"s,
        ";a=\"b\"c"s, ";a=b\"c\""s, ";a=b=c"s,    " a"s,          ";a b"s,          ";a=b c"s,
        ";a "s,       ";a=b "s,     ";a=\"b\" "s, " ;"s,          ";a="s,           ";a,b"s,
        ";(a)"s,      ";a=\0"s,     ";a=\"\0\""s, ";a=\"\x01\""s, ";a=\"\\\x01\""s, ";a=\"\x7f\""s,
        ";\x80"s,     ";a=\x80"s,   ";a=[b]"s,    ";a=\"b\\"s}) {
    INFO(extension);
    CHECK(status_of("5" + extension + "\r\nhello\r\n0\r\n\r\n") == 400);
  }
}

TEST_CASE("chunked_decoder: a chunk line may be as long as the limit and no longer") {
  body_limits limits;
  limits.max_chunk_line_bytes = 10;
  CHECK(decode_split("1;" + std::string(8, 'a') + "\r\nx\r\n0\r\n\r\n", limits).body == "x");
  CHECK(status_of("1;" + std::string(9, 'a') + "\r\nx\r\n0\r\n\r\n", limits) == 400);
}

TEST_CASE("chunked_decoder: extensions are bounded in all chunks together") {
  body_limits limits;
  limits.max_chunk_extension_bytes = 9;
  const auto chunk = "1;aa\r\nx\r\n"s; // three bytes of extension
  CHECK(decode_split(chunk + chunk + "0;aa\r\n\r\n", limits).state == outcome::done);
  CHECK(status_of(chunk + chunk + chunk + "0;a\r\n\r\n", limits) == 400);
}

TEST_CASE("chunked_decoder: a body may be as long as the limit and no longer") {
  body_limits limits;
  limits.max_body_bytes = 8;
  CHECK(decode_split("8\r\n01234567\r\n0\r\n\r\n", limits).body == "01234567");
  CHECK(decode_split("5\r\n01234\r\n3\r\n567\r\n0\r\n\r\n", limits).body == "01234567");
  CHECK(status_of("9\r\n012345678\r\n0\r\n\r\n", limits) == 413);
  CHECK(status_of("9\r\n", limits) == 413); // before a byte of it is read
  CHECK(status_of("8\r\n01234567\r\n1\r\n8\r\n0\r\n\r\n", limits) == 413);
  CHECK(status_of("8\r\n01234567\r\nffffffffffffffff\r\n", limits) == 413);
  limits.max_body_bytes = 0;
  CHECK(decode_split("0\r\n\r\n", limits).state == outcome::done);
}

TEST_CASE("chunked_decoder: trailers come as fields") {
  const auto text = "1\r\nx\r\n0\r\nExpires: never\r\nX-Sum:\t abc \r\nX-Empty:\r\n\r\n"s;
  const auto result = decode_split(text + "GET");
  CHECK(result.state == outcome::done);
  CHECK(result.consumed == text.size());
  CHECK(result.trailers == "Expires=never;X-Sum=abc;X-Empty=;");
}

TEST_CASE("chunked_decoder: trailers are as strict as header fields") {
  for (const auto& lines :
       {"X : a\r\n"s, " X: a\r\n"s, "X: a\r\n b\r\n"s, "X: a\n"s, "X: a\rb\r\n"s, "X: a\0\r\n"s,
        ": a\r\n"s, "X\r\n"s, "X(): a\r\n"s, "X: \x7f\r\n"s, "X\xc3\xa9: a\r\n"s, "\nX: a\r\n"s,
        "X: a\r\n\t\r\n"s, "GET / HTTP/1.1\r\n"s, "\rX: a\r\n"s}) {
    INFO(lines);
    CHECK(status_of("0\r\n" + lines + "\r\n") == 400);
  }
}

TEST_CASE("chunked_decoder: fields that frame or route a message are no trailers") {
  for (const auto line :
       {"Content-Length: 5", "Transfer-Encoding: chunked", "Transfer-Encoding: gzip", "Host: a",
        "Trailer: X", "Connection: close", "TE: trailers", "Upgrade: h2c", "Expect: 100-continue",
        "content-length: 0", "transfer-encoding: x", "Proxy-Connection: close"}) {
    INFO(line);
    CHECK(status_of("0\r\nX: y\r\n"s + line + "\r\n\r\n") == 400);
  }
}

TEST_CASE("chunked_decoder: a trailer section may be as long as the limit and no longer") {
  body_limits limits;
  limits.max_trailer_bytes = 10;
  CHECK(decode_split("0\r\nX: 3456\r\n\r\n"s, limits).state == outcome::done); // 9
  CHECK(decode_split("0\r\nX: 34567\r\n\r\n"s, limits).state == outcome::done);
  CHECK(status_of("0\r\nX: 345678\r\n\r\n", limits) == 431);
  CHECK(status_of("0\r\nX: 3\r\nY: 3\r\n\r\n", limits) == 431);
  CHECK(status_of("0\r\nX: " + std::string(50, 'x'), limits) == 431); // without an end in sight
  limits.max_trailer_bytes = 0;
  CHECK(decode_split("0\r\n\r\n", limits).state == outcome::done);
}

TEST_CASE("chunked_decoder: reset makes it ready for the next body") {
  const body_limits limits;
  chunked_decoder decoder(limits);
  decoded first, second, third;
  feed(decoder, "5;a\r\nhello\r\n0\r\nX: y\r\n\r\n", first);
  CHECK(first.state == outcome::done);
  feed(decoder, "more", second);
  CHECK(second.state == outcome::done);
  CHECK(second.consumed == 0);
  decoder.reset();
  feed(decoder, "g", second);
  CHECK(second.state == outcome::failed);
  decoder.reset();
  feed(decoder, "2\r\nab\r\n0\r\n\r\n", third);
  CHECK(third.state == outcome::done);
  CHECK(third.body == "ab");
  std::vector<field> trailers;
  decoder.trailers(trailers);
  CHECK(trailers.empty());
}

TEST_CASE("chunked_decoder: the second body of a connection allocates nothing") {
  const body_limits limits;
  chunked_decoder decoder(limits);
  std::size_t before = 0;
  auto last = outcome::need_more;
  for (int i = 0; i < 4; ++i) {
    if (i == 1) before = fasterapi::tests::allocation_count();
    decoder.reset();
    std::string_view rest = "5;a=b\r\nhello\r\n0\r\nX-One: 1\r\nX-Two: 2\r\n\r\n";
    do {
      const auto step = decoder.feed(rest);
      rest.remove_prefix(step.consumed);
      last = step.state;
    } while (last == outcome::payload);
  }
  CHECK(fasterapi::tests::allocation_count() == before);
  CHECK(last == outcome::done);
}
