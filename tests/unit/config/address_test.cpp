#include "config/address.hpp"

#include <catch2/catch_test_macros.hpp>

using fasterapi::config::parse_address;

TEST_CASE("address: host and port, with brackets or without a host") {
  const auto check = [](const char* text, const char* host, int port) {
    INFO(text);
    const auto read = parse_address(text);
    REQUIRE(read);
    CHECK(read->host == host);
    CHECK(read->port == port);
  };
  check("127.0.0.1:9090", "127.0.0.1", 9090);
  check("[::1]:9090", "::1", 9090);
  check("localhost:0", "localhost", 0);
  check(":65535", "::", 65535);
}

TEST_CASE("address: anything else is none") {
  for (const char* text : {"", "foo", "foo:bar", "9090", "127.0.0.1:", "127.0.0.1:65536", "a:-1",
                           "a:+1", "a:80x", "a: 80", "[::1]"}) {
    INFO(text);
    CHECK_FALSE(parse_address(text));
  }
}
