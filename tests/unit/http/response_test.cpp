#include "unit/http/answer.hpp"

#include <catch2/catch_test_macros.hpp>

#include <stdexcept>

using namespace fasterapi::http;
using namespace std::string_literals;

TEST_CASE("response: head and body stand in the buffer, once") {
  byte_buffer out;
  response made;
  made.start(out, {});
  made.content_type("application/json");
  made.set_body("{}");
  made.finish();
  const std::string date{http_date()};
  CHECK(out.view() == "HTTP/1.1 200 OK\r\nDate: " + date +
                          "\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}");
  made.finish();
  CHECK(out.view().ends_with("\r\n\r\n{}"));
}

TEST_CASE("response: status and fields may be set before and after the body") {
  const auto before = answer([](response& made) {
    made.status(201);
    made.header("X-A", "1");
    made.append_body("body");
  });
  const auto after = answer([](response& made) {
    made.append_body("bo");
    made.append_body("dy");
    made.header("X-A", "1");
    made.status(201);
  });
  CHECK(before == "HTTP/1.1 201 Created\r\nContent-Length: 4\r\nX-A: 1\r\n\r\nbody");
  CHECK(after == before);
}

TEST_CASE("response: a head that outgrows its gap moves the body") {
  for (const std::size_t size : {100U, 200U, 5000U}) {
    const std::string value(size, 'v');
    CHECK(answer([&](response& made) {
            made.set_body("body");
            made.header("X", value);
          }) == "HTTP/1.1 200 OK\r\nContent-Length: 4\r\nX: " + value + "\r\n\r\nbody");
  }
}

TEST_CASE("response: earlier answers of the connection stay before it") {
  for (const std::size_t before : {1U, 50U, 5000U}) {
    for (const std::size_t body : {0U, 1U, 300U, 9000U}) {
      for (const std::size_t field : {1U, 2000U}) {
        byte_buffer out;
        out.append("dropped");
        out.append(std::string(before, 'e'));
        out.consume(7);
        response made;
        made.start(out, {});
        made.append_body(std::string(body, 'b'));
        made.header("X", std::string(field, 'f'));
        made.finish();
        CHECK(without_dates(out.view()) ==
              std::string(before, 'e') +
                  "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body) +
                  "\r\nX: " + std::string(field, 'f') + "\r\n\r\n" + std::string(body, 'b'));
        CHECK(made.body_size() == body);
      }
    }
  }
}

TEST_CASE("response: HEAD is told the length of what GET would get") {
  const auto text = answer([](response& made) { made.set_body("four"); }, {.is_head = true});
  CHECK(text == "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n");
  CHECK(answer([](response& made) { made.header("Content-Length", "99"); }, {.is_head = true}) ==
        "HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n");
}

TEST_CASE("response: 204 and 304 have neither body nor length, 205 says zero") {
  const auto with = [](unsigned status) {
    return answer([=](response& made) {
      made.set_body("x");
      made.status(status);
    });
  };
  CHECK(with(204) == "HTTP/1.1 204 No Content\r\n\r\n");
  CHECK(with(304) == "HTTP/1.1 304 Not Modified\r\n\r\n");
  CHECK(with(205) == "HTTP/1.1 205 Reset Content\r\nContent-Length: 0\r\n\r\n");
  CHECK(answer([](response& made) {
          made.status(304);
          made.header("Content-Length", "7");
        }) == "HTTP/1.1 304 Not Modified\r\nContent-Length: 7\r\n\r\n");
}

TEST_CASE("response: the connection's end is said, and for HTTP/1.0 its life") {
  const auto nothing = [](response&) {};
  CHECK(answer(nothing, {.keep_alive = false}) ==
        "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
  CHECK(answer(nothing, {.is_http_1_0 = true}) ==
        "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: keep-alive\r\n\r\n");
  CHECK(answer(nothing, {.is_http_1_0 = true, .keep_alive = false})
            .ends_with("\r\nConnection: close\r\n\r\n"));
}

TEST_CASE("response: set_body replaces, also by bytes of the buffer itself") {
  const std::string head = "HTTP/1.1 200 OK\r\nContent-Length: ";
  CHECK(answer([](response& made) {
          made.set_body("long body");
          made.set_body("short");
        }) == head + "5\r\n\r\nshort");
  CHECK(answer([](response& made) { // get_write_buffer, filled, committed without a copy
          char* const place = made.body_tail(10);
          std::memcpy(place, "0123456789", 10);
          made.set_body({place, 5});
        }) == head + "5\r\n\r\n01234");
  CHECK(answer([](response& made) { // from the middle of the place
          char* const place = made.body_tail(10);
          std::memcpy(place, "0123456789", 10);
          made.set_body({place + 3, 7});
        }) == head + "7\r\n\r\n3456789");
  CHECK(answer([](response& made) { // behind a body that is there already
          made.append_body("abc");
          char* const place = made.body_tail(10);
          std::memcpy(place, "0123456789", 10);
          made.set_body({place, 10});
        }) == head + "10\r\n\r\n0123456789");
}

TEST_CASE("response: a body appended to itself survives that the buffer grows") {
  byte_buffer out;
  response made;
  made.start(out, {});
  made.append_body("0123456789abcdef");
  std::string expected = "0123456789abcdef";
  while (expected.size() < 100000) {
    const auto body = out.view().substr(out.size() - expected.size());
    made.append_body(body);
    expected += expected;
  }
  made.finish();
  CHECK(out.view().substr(out.size() - expected.size()) == expected);
}

TEST_CASE("response: restart leaves nothing of a half-built answer") {
  byte_buffer out;
  out.append("earlier");
  response made;
  made.start(out, {});
  made.status(201);
  made.header("X-Secret", "1");
  made.header("Date", "never");
  made.content_type("text/csv");
  made.append_body("half");
  made.restart();
  made.finish();
  CHECK(without_dates(out.view()) == "earlierHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
  made.restart();
  CHECK(out.view() == "earlier");
}

TEST_CASE("response: only final statuses are accepted") {
  response made;
  byte_buffer out;
  made.start(out, {});
  for (const unsigned status : {0U, 100U, 199U, 600U, 1000U})
    CHECK_THROWS_AS(made.status(status), std::invalid_argument);
  made.status(599);
  made.finish();
  CHECK(out.view().starts_with("HTTP/1.1 599 Unknown\r\n"));
}

TEST_CASE("response: a warm answer keeps its memory") {
  byte_buffer out;
  response made;
  const void* storage = nullptr;
  for (int i = 0; i != 100; ++i) {
    made.start(out, {});
    made.header("X-A", "value");
    made.append_body(std::string(500, 'b'));
    made.finish();
    out.consume(out.size());
    if (i == 0) storage = out.tail();
  }
  CHECK(out.tail() == storage);
}
