#include "http/accept.hpp"
#include "unit/http/answer.hpp"

#include <catch2/catch_test_macros.hpp>

#include <ctime>

using namespace fasterapi::http;
using namespace std::string_literals;

namespace {

std::string error(unsigned status, std::string_view detail, std::string_view accept) {
  return answer([&](response& made) { write_error(made, status, detail, accept); });
}

} // namespace

TEST_CASE("error_answer: JSON in FastAPI's shape") {
  CHECK(error(404, "Not Found", "") ==
        "HTTP/1.1 404 Not Found\r\nContent-Type: application/json\r\nContent-Length: 22\r\n\r\n"
        R"({"detail":"Not Found"})");
}

TEST_CASE("error_answer: plain text for those who prefer it, the reason where nothing is said") {
  CHECK(error(503, "", "text/html,application/xml;q=0.9,*/*;q=0.8") ==
        "HTTP/1.1 503 Service Unavailable\r\nContent-Type: text/plain; charset=utf-8\r\n"
        "Content-Length: 19\r\n\r\nService Unavailable");
}

TEST_CASE("error_answer: the detail is escaped") {
  CHECK(error(400, "a\"b\\c\n\x01 \xc3\xa9"s, "")
            .ends_with("{\"detail\":\"a\\u0022b\\u005cc\\u000a\\u0001 \xc3\xa9\"}"));
}

TEST_CASE("error_answer: replaces body and type, and leaves fields") {
  CHECK(answer([](response& made) {
          made.header("Allow", "GET");
          made.content_type("text/csv");
          made.set_body("a,b");
          write_error(made, 405, "no", "");
        }) == "HTTP/1.1 405 Method Not Allowed\r\nContent-Type: application/json\r\n"
              "Content-Length: 15\r\nAllow: GET\r\n\r\n{\"detail\":\"no\"}");
}

TEST_CASE("accept: JSON wins unless text is preferred") {
  for (const auto* accept :
       {"", "*/*", "application/json", "application/json, text/plain, */*", "text/html;q=0.5, */*",
        "text/plain;q=0.9, application/json", "image/png", "text/csv", "text/html;q=0",
        "text/html;q=x", "text/html;q=2", "application/*, text/*", ",;,=", "text", "*/html",
        "text/plain; q=0.001, */*; q=0.002"})
    CHECK_FALSE(prefers_text(accept));
  for (const auto* accept :
       {"text/html", "text/plain", "text/*", "TEXT/Plain", "text/plain, */*", " text/html ; q=0.3 ",
        "application/json;q=0.1, text/*", "text/html;level=1;q=0.7, application/json;Q=0.6",
        "text/plain, application/json;q=0", "text/plain; q=0.002, */*; q=0.001",
        "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"})
    CHECK(prefers_text(accept));
}

TEST_CASE("reason_phrase: what IANA lists") {
  CHECK(reason_phrase(200) == "OK");
  CHECK(reason_phrase(413) == "Content Too Large");
  CHECK(reason_phrase(422) == "Unprocessable Content");
  CHECK(reason_phrase(511) == "Network Authentication Required");
  CHECK(reason_phrase(299) == "Unknown");
}
