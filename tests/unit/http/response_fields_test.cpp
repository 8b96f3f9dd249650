#include "unit/http/answer.hpp"

#include <catch2/catch_test_macros.hpp>

#include <stdexcept>

using namespace fasterapi::http;
using namespace std::string_literals;

namespace {

// The fields between Content-Length, the last of ours, and the end of the head.
std::string fields(auto&& build) {
  const auto text = answer(build);
  const std::string_view last = "Content-Length: 0\r\n";
  const auto from = text.find(last) + last.size();
  return text.substr(from, text.size() - from - 2);
}

void refuses(std::string_view name, std::string_view value) {
  byte_buffer out;
  response made;
  made.start(out, {});
  CHECK_THROWS_AS(made.header(name, value), std::invalid_argument);
  made.finish();
  CHECK(without_dates(out.view()) == "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
}

} // namespace

TEST_CASE("response: no byte of a value ends the line") {
  for (int byte = 0; byte != 256; ++byte) {
    const auto value = "a"s + static_cast<char>(byte) + "b";
    const bool is_control = (byte < 0x20 && byte != '\t') || byte == 0x7f;
    if (is_control)
      refuses("X", value);
    else
      CHECK(fields([&](response& made) { made.header("X", value); }) == "X: " + value + "\r\n");
  }
  refuses("X", "a\r\nSet-Cookie: b=c");
  refuses("Content-Type", "text/csv\r\nX: y");
  refuses("Content-Type", "text/csv\0"s);
}

TEST_CASE("response: a name is a token") {
  for (const auto& name : {""s, "a b"s, "a:"s, "a\r"s, "\xc3\xa9"s, "a\0b"s, "(a)"s, "a,b"s})
    refuses(name, "v");
  CHECK(fields([](response& made) { made.header("X-a.b_c~1", ""); }) == "X-a.b_c~1: \r\n");
}

TEST_CASE("response: white space around a value is taken off") {
  CHECK(fields([](response& made) { made.header("X", " \t a b \t"); }) == "X: a b\r\n");
}

TEST_CASE("response: a field may be repeated, as Set-Cookie must be") {
  CHECK(fields([](response& made) {
          made.header("Set-Cookie", "a=1");
          made.header("Set-Cookie", "b=2");
        }) == "Set-Cookie: a=1\r\nSet-Cookie: b=2\r\n");
}

TEST_CASE("response: Content-Type is replaced, whichever way it is set") {
  const auto text = answer([](response& made) {
    made.content_type("application/json");
    made.header("content-TYPE", "text/csv");
    CHECK(made.content_type() == "text/csv");
  });
  CHECK(text == "HTTP/1.1 200 OK\r\nContent-Type: text/csv\r\nContent-Length: 0\r\n\r\n");
  for (const auto* known : {"application/json", "text/plain; charset=utf-8",
                            "text/html; charset=utf-8", "application/xml"}) {
    CHECK(answer([=](response& made) {
            made.content_type(known);
            CHECK(made.content_type() == known);
          }).find("Content-Type: "s + known + "\r\n") != std::string::npos);
  }
}

TEST_CASE("response: a Date of the handler's replaces ours, once") {
  byte_buffer out;
  response made;
  made.start(out, {});
  made.header("X", "1");
  made.header("Date", "Sun, 06 Nov 1994 08:49:37 GMT");
  made.header("date", "Mon, 07 Nov 1994 08:49:37 GMT");
  made.finish();
  CHECK(out.view() == "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nX: 1\r\n"
                      "date: Mon, 07 Nov 1994 08:49:37 GMT\r\n\r\n");
}

TEST_CASE("response: of Connection only close is taken") {
  CHECK(fields([](response& made) {
          made.header("Connection", "keep-alive, X-Mine");
          made.header("Keep-Alive", "timeout=5");
          made.header("Proxy-Connection", "close");
          CHECK(made.keep_alive());
        }).empty());
  CHECK(fields([](response& made) {
          made.header("connection", "x , Close");
          CHECK_FALSE(made.keep_alive());
        }) == "Connection: close\r\n");
}

TEST_CASE("response: Upgrade is named by Connection") {
  const auto upgrade = [](response& made) { made.header("upgrade", "foo/2"); };
  const std::string head = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nupgrade: foo/2\r\nConnection: ";
  CHECK(answer(upgrade) == head + "upgrade\r\n\r\n");
  CHECK(answer(upgrade, {.keep_alive = false}) == head + "close, upgrade\r\n\r\n");
  CHECK(answer(upgrade, {.is_http_1_0 = true}) == head + "keep-alive, upgrade\r\n\r\n");
}

TEST_CASE("response: framing is the server's") {
  CHECK(answer([](response& made) {
          made.header("Content-Length", "17");
          made.header("Transfer-Encoding", "chunked");
          made.set_body("four");
        }) == "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nfour");
  for (const auto* length : {"", "-1", "+1", "0x1", "1,1", "99999999999999999999"}) {
    refuses("Content-Length", length);
  }
  refuses("Transfer-Encoding", "gzip");
  refuses("Transfer-Encoding", "gzip, chunked");
  byte_buffer out;
  response made;
  made.start(out, {});
  made.header("Content-Length", "1");
  made.header("Content-Length", "1");
  CHECK_THROWS_AS(made.header("Content-Length", "2"), std::invalid_argument);
}
