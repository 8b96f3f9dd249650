#include "config/suggestion.hpp"

#include <catch2/catch_test_macros.hpp>

using fasterapi::config::suggestion;

TEST_CASE("suggestion: the nearest candidate is named") {
  CHECK(suggestion("prt", {"host", "port"}) == "; did you mean 'port'?");
  CHECK(suggestion("prot", {"host", "port"}, "--") == "; did you mean '--port'?");
}

TEST_CASE("suggestion: the end of a name is near, the whole nearer") {
  CHECK(suggestion("max_body_bytes", {"limits.max_body_bytes"}) ==
        "; did you mean 'limits.max_body_bytes'?");
  CHECK(suggestion("level", {"log.level", "level"}) == "; did you mean 'level'?");
  CHECK(suggestion("listen-port", {"port", "log-level"}) == "; did you mean 'port'?");
}

TEST_CASE("suggestion: nothing is made up") {
  CHECK(suggestion("x", {"app", "port"}).empty());
  CHECK(suggestion("qqqqqq", {"app", "port"}).empty());
  CHECK(suggestion("", {"app"}).empty());
  CHECK(suggestion("port", {}).empty());
  CHECK(suggestion(std::string(1'000'000, 'p'), {"port"}).empty());
}
