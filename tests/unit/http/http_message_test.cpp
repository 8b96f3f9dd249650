#include "fasterapi/http_request.hpp"
#include "fasterapi/http_response.hpp"
#include "http/exchange.hpp"
#include "unit/http/answer.hpp"

#include <catch2/catch_test_macros.hpp>

#include <cstring>
#include <stdexcept>

using namespace fasterapi;
using namespace fasterapi::http;

namespace {

std::string handled(auto&& handler) {
  exchange held;
  held.response.start(held.output, {});
  HttpResponse res{held};
  handler(res);
  held.response.finish();
  return without_dates(held.output.view());
}

} // namespace

TEST_CASE("HttpResponse: the verbs chain") {
  CHECK(handled([](HttpResponse& res) {
          res.status(418).header("X-A", "1").content_type("text/csv").body("a,b");
        }) == "HTTP/1.1 418 I'm a Teapot\r\nContent-Type: text/csv\r\nContent-Length: 3\r\n"
              "X-A: 1\r\n\r\na,b");
}

TEST_CASE("HttpResponse: JSON from elsewhere is copied, from the write buffer it is not") {
  const std::string expected =
      "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 7\r\n\r\n{\"a\":1}";
  CHECK(handled([](HttpResponse& res) { res.set_json("{\"a\":1}"); }) == expected);
  CHECK(handled([](HttpResponse& res) {
          const std::string json = "{\"a\":1}";
          res.set_json_direct(json.data(), json.size());
        }) == expected);
  CHECK(handled([](HttpResponse& res) {
          char* const place = res.get_write_buffer(1000);
          std::memcpy(place, "{\"a\":1}", 7);
          res.set_json_direct(place, 7);
        }) == expected);
}

TEST_CASE("HttpResponse: get_write_buffer is the place of the body that is sent") {
  exchange held;
  held.response.start(held.output, {});
  HttpResponse res{held};
  char* const place = res.get_write_buffer(64);
  std::memcpy(place, "[1]", 3);
  res.set_json_direct(place, 3);
  held.response.finish();
  CHECK(held.output.view().data() + held.output.size() - 3 == place);
}

TEST_CASE("HttpResponse: a wrong value throws and leaves the answer") {
  CHECK(handled([](HttpResponse& res) {
          CHECK_THROWS_AS(res.status(99), std::invalid_argument);
          CHECK_THROWS_AS(res.header("X", "a\nb"), std::invalid_argument);
          CHECK_THROWS_AS(res.content_type("a\r\nb"), std::invalid_argument);
        }) == "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
}

TEST_CASE("HttpRequest: views of what was received") {
  exchange held;
  held.request.verb = method::get;
  held.request.method_text = "GET";
  held.request.target = "/a%20b?x=1";
  held.request.path = "/a b";
  held.request.query = "x=1";
  held.request.body = "body";
  held.request.fields = {{"Host", "h"}, {"X-A", "1"}, {"x-a", "2"}};
  held.params.values[0] = "seven";
  held.params.count = 1;
  const HttpRequest req{held};
  CHECK(req.method() == "GET");
  CHECK(req.target() == "/a%20b?x=1");
  CHECK(req.path() == "/a b");
  CHECK(req.query() == "x=1");
  CHECK(req.body() == "body");
  CHECK(req.header("x-A") == "1");
  CHECK_FALSE(req.header("x-b"));
  CHECK(req.path_param(0) == "seven");
  CHECK(req.path_param(1).empty());
  CHECK(req.path_param(99).empty());
}

TEST_CASE("HttpRequest: query parameters are decoded, names as well; the last counts") {
  exchange held;
  held.request.query = "a=1+2&a=3+4&b%20c=%C3%A9&flag&bad=%zz";
  const HttpRequest req{held};
  CHECK(req.query_param("a") == "3 4");
  CHECK(req.query_param("b c") == "\xc3\xa9");
  CHECK(req.query_param("flag") == "");
  CHECK(req.query_param("bad") == "%zz");
  CHECK_FALSE(req.query_param("c"));
}
