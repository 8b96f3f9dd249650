#include "http/request.hpp"

#include <catch2/catch_test_macros.hpp>

#include <string>

using namespace fasterapi::http;

TEST_CASE("request: methods and their names, case-sensitive") {
  for (const auto name :
       {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT"}) {
    CHECK(to_method(name) != method::unknown);
    CHECK(to_string(to_method(name)) == name);
  }
  for (const auto name : {"", "get", "GETS", "GE", "Post", "PROPFIND"}) {
    CHECK(to_method(name) == method::unknown);
  }
  CHECK(to_string(method::unknown).empty());
}

TEST_CASE("request: iequals folds ASCII letters and nothing else") {
  CHECK(iequals("Content-Length", "cONTENT-lENGTH"));
  CHECK(iequals("", ""));
  CHECK_FALSE(iequals("a", "ab"));
  CHECK_FALSE(iequals("@", "`")); // differ in the bit that cases differ in
  CHECK_FALSE(iequals("[", "{"));
  CHECK_FALSE(iequals("\xc0", "\xe0"));
  CHECK_FALSE(iequals("a-b", "a\rb"));
}

TEST_CASE("request: find gives the first field of that name") {
  request r;
  r.fields = {{"A", "1"}, {"B", "2"}, {"a", "3"}};
  CHECK(r.find("a") == "1");
  CHECK(r.find("b") == "2");
  CHECK_FALSE(r.find("c"));
}

TEST_CASE("request: clear forgets everything but the memory") {
  request r;
  r.fields.assign(20, {"A", "1"});
  r.trailers.assign(3, {"A", "1"});
  r.decoded_path = std::string(100, 'x');
  r.path = r.decoded_path;
  r.body = "b";
  r.content_length = 1;
  r.is_chunked = r.expects_continue = r.is_asterisk_form = r.is_http_1_0 = true;
  r.keep_alive = false;
  const auto capacity = r.fields.capacity();
  r.clear();
  CHECK(r.fields.empty());
  CHECK(r.trailers.empty());
  CHECK(r.path.empty());
  CHECK(r.body.empty());
  CHECK_FALSE(r.has_body());
  CHECK_FALSE(r.content_length);
  CHECK_FALSE(r.expects_continue);
  CHECK_FALSE(r.is_asterisk_form);
  CHECK_FALSE(r.is_http_1_0);
  CHECK(r.keep_alive);
  CHECK(r.fields.capacity() == capacity);
}
