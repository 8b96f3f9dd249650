#include "unit/http/answer.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace fasterapi::http;

namespace {

std::string streamed(const response_context& context, auto&& prepare) {
  byte_buffer out;
  std::string sent;
  response made;
  made.start(out, context);
  prepare(made);
  made.stream_start();
  CHECK(made.is_streaming());
  for (const std::string_view part : {"hello", "", "0123456789abcdefg"}) {
    sent += without_dates(out.view());
    out.consume(out.size()); // flushed between the parts
    made.stream_part(part);
  }
  made.stream_end();
  CHECK_FALSE(made.is_streaming());
  CHECK(made.is_finished());
  sent += out.view();
  return sent;
}

const auto nothing = [](response&) {};

} // namespace

TEST_CASE("response: a stream is chunked, and an empty part is no last chunk") {
  CHECK(streamed({}, nothing) == "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                                 "5\r\nhello\r\n11\r\n0123456789abcdefg\r\n0\r\n\r\n");
}

TEST_CASE("response: to HTTP/1.0 a stream ends with the connection") {
  CHECK(streamed({.is_http_1_0 = true}, nothing) ==
        "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nhello0123456789abcdefg");
}

TEST_CASE("response: a stream of known length is sent as it is") {
  const auto known = [](response& made) { made.header("Content-Length", "22"); };
  CHECK(streamed({}, known) ==
        "HTTP/1.1 200 OK\r\nContent-Length: 22\r\n\r\nhello0123456789abcdefg");
  CHECK(streamed({.is_http_1_0 = true}, known) ==
        "HTTP/1.1 200 OK\r\nContent-Length: 22\r\nConnection: keep-alive\r\n\r\n"
        "hello0123456789abcdefg");
}

TEST_CASE("response: more than announced is cut off, less ends the connection") {
  CHECK(streamed({}, [](response& made) {
          made.header("Content-Length", "7");
        }).ends_with("\r\n\r\nhello01"));
  byte_buffer out;
  response made;
  made.start(out, {});
  made.header("Content-Length", "7");
  made.stream_start();
  made.stream_part("four");
  CHECK(made.keep_alive());
  made.finish();
  CHECK_FALSE(made.keep_alive());
  CHECK(made.body_size() == 4);
}

TEST_CASE("response: a stream without body sends its head alone") {
  CHECK(streamed({.is_head = true}, nothing) ==
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
  CHECK(streamed({}, [](response& made) { made.status(204); }) ==
        "HTTP/1.1 204 No Content\r\n\r\n");
  CHECK(streamed({}, [](response& made) { made.status(304); }) ==
        "HTTP/1.1 304 Not Modified\r\n\r\n");
  CHECK(streamed({}, [](response& made) { made.status(205); }) ==
        "HTTP/1.1 205 Reset Content\r\nContent-Length: 0\r\n\r\n");
}

TEST_CASE("response: what stood in the body before a stream is dropped") {
  CHECK(streamed({}, [](response& made) {
          made.set_body("forgotten");
        }).starts_with("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello"));
}
