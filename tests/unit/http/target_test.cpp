#include "http/target.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace fasterapi::http;
using namespace std::string_literals;

namespace {

struct parsed_target {
  request into;
  unsigned status = 0;
};

parsed_target parse(std::string_view target, method verb = method::get) {
  parsed_target parsed;
  parsed.into.verb = verb;
  parsed.status = parse_target(target, parsed.into).status;
  return parsed;
}

} // namespace

TEST_CASE("target: origin-form is path and query") {
  const auto parsed = parse("/a/b?c=d?e");
  REQUIRE(parsed.status == 0);
  CHECK(parsed.into.target == "/a/b?c=d?e");
  CHECK(parsed.into.raw_path == "/a/b");
  CHECK(parsed.into.path == "/a/b");
  CHECK(parsed.into.path.data() == parsed.into.raw_path.data()); // nothing to decode, no copy
  CHECK(parsed.into.query == "c=d?e");
  CHECK(parse("/").into.path == "/");
  CHECK(parse("/?").into.query.empty());
  CHECK(parse("//a//b/").into.path == "//a//b/");
  CHECK(parse("/-._~!$&'()*+,;=:@").status == 0);
}

TEST_CASE("target: a path is percent-decoded once") {
  const auto decoded = [](std::string_view target) { return std::string(parse(target).into.path); };
  CHECK(decoded("/a%20b") == "/a b");
  CHECK(decoded("/%41%7e%7E") == "/A~~");
  CHECK(decoded("/a%2Fb") == "/a/b");
  CHECK(decoded("/a%252Fb") == "/a%2Fb");
  CHECK(decoded("/a+b") == "/a+b");
  CHECK(decoded("/%c3%a9?%20") == "/\xc3\xa9");
  CHECK(parse("/a%20b").into.raw_path == "/a%20b");
  for (const auto malformed : {"/%", "/%4", "/%zz", "/%4g", "/%%41", "/a%", "/% 41", "/%u0041"}) {
    INFO(malformed);
    CHECK(parse(malformed).status == 400);
  }
}

TEST_CASE("target: dot segments are refused, however they are written") {
  for (const auto path : {"/.", "/..", "/./a", "/../a", "/a/.", "/a/..", "/a/../b", "/a/./b",
                          "/%2e", "/%2E%2e/a", "/.%2e/a", "/a/%2e%2e", "/a%2f..", "/a/..%2fb",
                          "/a%2F%2E%2E%2Fb", "/..?a", "/.well-known/../a"}) {
    INFO(path);
    CHECK(parse(path).status == 400);
  }
  for (const auto path : {"/...", "/.a", "/a.", "/..a", "/a..", "/a/.well-known/b", "/a.b/c",
                          "/a/...", "/%252e%252e/a", "/?/../"}) {
    INFO(path);
    CHECK(parse(path).status == 0);
  }
}

TEST_CASE("target: a decoded path has no NUL and is UTF-8") {
  for (const auto path : {"/%00", "/a%00b", "/%ff", "/%c3", "/%c3%28", "/%c0%af", "/%ed%a0%80",
                          "/%f4%90%80%80", "/%80", "/%e2%82", "/%e0%80%af", "/%f0%80%80%af"}) {
    INFO(path);
    CHECK(parse(path).status == 400);
  }
  CHECK(parse("/%e2%82%ac/%f0%9f%98%80/%ef%bf%bf/%f4%8f%bf%bf").status == 0);
  CHECK(parse("/?a=%00%ff").status == 0); // the query is decoded where it is used
}

TEST_CASE("target: absolute-form is routed by its path, and names the host") {
  const auto parsed = parse("http://example.com:8000/a%20b?c");
  REQUIRE(parsed.status == 0);
  CHECK(parsed.into.host == "example.com:8000");
  CHECK(parsed.into.path == "/a b");
  CHECK(parsed.into.query == "c");
  CHECK(parse("HTTPS://[::1]:1/").into.host == "[::1]:1");
  CHECK(parse("http://h").into.path == "/");
  CHECK(parse("http://h?a=b").into.path == "/");
  CHECK(parse("http://h?a=b").into.query == "a=b");
  CHECK(parse("http://h?a=b/c").into.query == "a=b/c");
  CHECK(parse("http://h", method::options).into.is_asterisk_form);
  CHECK_FALSE(parse("http://h/", method::options).into.is_asterisk_form);
  for (const auto target :
       {"http://", "http:///a", "http://u@h/", "http://u:p@h/", "http://h:x/", "http://h:99999/",
        "http://:80/", "http://[::1/", "ftp://h/", "://h/", "http:/h", "http:h", "file:///etc",
        "http://a b/", "http://h/../a", "javascript:alert", "http://h\\a/"}) {
    INFO(target);
    CHECK(parse(target).status == 400);
  }
}

TEST_CASE("target: the other forms have their methods") {
  CHECK(parse("*", method::options).into.is_asterisk_form);
  CHECK(parse("*", method::options).into.path == "*");
  CHECK(parse("*").status == 400);
  CHECK(parse("**", method::options).status == 400);
  CHECK(parse("/*", method::options).into.path == "/*");
  CHECK(parse("h:443", method::connect).status == 501);
  CHECK(parse("/", method::connect).status == 501);
  for (const auto target : {"", "a", "a/b", "?a", "h:443", "..", "../a", "%2f"}) {
    INFO(target);
    CHECK(parse(target).status == 400);
  }
}

TEST_CASE("target: nothing of the target before remains") {
  request into;
  into.verb = method::options;
  REQUIRE_FALSE(parse_target("*", into));
  REQUIRE_FALSE(parse_target("/a%20b?c", into));
  REQUIRE_FALSE(parse_target("/d", into));
  CHECK(into.path == "/d");
  CHECK(into.query.empty());
  CHECK_FALSE(into.is_asterisk_form);
}

TEST_CASE("is_valid_host: host and port of RFC 3986") {
  for (const auto host : {"",
                          "a",
                          "example.com",
                          "example.com.",
                          "a:80",
                          "a:",
                          "a:0",
                          "a:65535",
                          "127.0.0.1:8000",
                          "[::1]",
                          "[::1]:80",
                          "[2001:db8::1]",
                          "[::ffff:1.2.3.4]",
                          "[v1.a:b]",
                          "[vF.~]",
                          "a_b",
                          "a%41",
                          "xn--bcher-kva.example",
                          "a,b",
                          "a;b=c",
                          "1.2.3.4.5",
                          "!$&'()*+,;="}) {
    INFO(host);
    CHECK(is_valid_host(host));
  }
  for (const auto& host : {" "s,
                           "a b"s,
                           "a:b"s,
                           "a:65536"s,
                           "a:80:80"s,
                           "a:+80"s,
                           "a: 80"s,
                           ":80"s,
                           ":"s,
                           "::1"s,
                           "[::1"s,
                           "::1]"s,
                           "[]"s,
                           "[::1]a"s,
                           "[::1]80"s,
                           "[::1]:x"s,
                           "[1.2.3.4]"s,
                           "[::g]"s,
                           "[::1%25eth0]"s,
                           "[1:2:3:4:5:6:7:8:9]"s,
                           "[v.a]"s,
                           "[v1.]"s,
                           "[v1a]"s,
                           "[vg.a]"s,
                           "[a]"s,
                           "a%"s,
                           "a%4"s,
                           "a%zz"s,
                           "a/b"s,
                           "a?b"s,
                           "a#b"s,
                           "u@h"s,
                           "a\\b"s,
                           "a\tb"s,
                           "\xc3\xa9"s,
                           "a\0"s,
                           "a\"b"s,
                           "<a>"s,
                           "a^b"s,
                           "a|b"s,
                           "{a}"s,
                           "a`b"s,
                           "[::1\0]"s,
                           "a:00000000000000000000000000080a"s,
                           "[" + std::string(200, ':') + "]"}) {
    INFO(host);
    CHECK_FALSE(is_valid_host(host));
  }
}

TEST_CASE("percent_decode: strict, and a plus is a plus unless asked") {
  std::string text;
  CHECK(percent_decode("a%2Bb+c", text, false));
  CHECK(text == "a+b+c");
  text = "x";
  CHECK(percent_decode("a%2Bb+c", text, true));
  CHECK(text == "xa+b c");
  text.clear();
  CHECK_FALSE(percent_decode("ab%4", text, true));
  CHECK(text == "ab");
}

TEST_CASE("form_decode: a malformed escape stands for itself") {
  for (const auto& [encoded, decoded] : {std::pair{"a+b%20c"s, "a b c"s},
                                         {"100%"s, "100%"s},
                                         {"%zz%41"s, "%zzA"s},
                                         {"%%41"s, "%A"s},
                                         {"%4"s, "%4"s},
                                         {"%00"s, "\0"s},
                                         {""s, ""s}}) {
    std::string text;
    form_decode(encoded, text);
    CHECK(text == decoded);
  }
}

TEST_CASE("query_value: the last pair of that name, decoded") {
  CHECK(query_value("a=1&b=2&a=3", "a") == "3");
  CHECK(query_value("a=1&b=2", "b") == "2");
  CHECK(query_value("a+b=c%26d", "a b") == "c&d");
  CHECK(query_value("a", "a") == "");
  CHECK(query_value("a=", "a") == "");
  CHECK(query_value("a=b=c", "a") == "b=c");
  CHECK(query_value("&&a=1&", "a") == "1");
  CHECK(query_value("=1", "") == "1");
  CHECK_FALSE(query_value("a=1", "A"));
  CHECK_FALSE(query_value("", "a"));
}
