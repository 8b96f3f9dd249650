#include "unit/http/head_parsing.hpp"

using namespace fasterapi::http;
using namespace std::string_literals;

TEST_CASE("head_parser: a target may be as long as the limit and no longer") {
  head_limits limits;
  limits.max_target_bytes = 20;
  const auto with_target = [&](std::size_t size) {
    return parse_split("GET /" + std::string(size - 1, 'a') + " HTTP/1.1\r\nHost: a\r\n\r\n",
                       limits);
  };
  CHECK(with_target(20).is_done());
  CHECK(with_target(21).status() == 414);
  CHECK(with_target(200).status() == 414);
}

TEST_CASE("head_parser: a head may be as long as the limit and no longer") {
  head_limits limits;
  const auto text = with_fields("X: 0123456789\r\n");
  limits.max_head_bytes = text.size();
  CHECK(parse_split(text, limits).is_done());
  CHECK(parse_split(text + "body", limits).is_done());
  limits.max_head_bytes = text.size() - 1;
  CHECK(parse_split(text, limits).status() == 431);
  limits.max_head_bytes = 20; // within the first field line
  CHECK(parse_split(text, limits).status() == 431);
  limits.max_head_bytes = 8; // within the request line
  CHECK(parse_split(text, limits).status() == 431);
}

TEST_CASE("head_parser: an endless head is refused when the limit is reached, not later") {
  head_limits limits;
  limits.max_head_bytes = 64;
  const auto text = "GET / HTTP/1.1\r\nX: " + std::string(100, 'x');
  CHECK(parse_whole(text.substr(0, 63), limits).result.state == head_parser::outcome::need_more);
  CHECK(parse_whole(text.substr(0, 64), limits).status() == 431);
}

TEST_CASE("head_parser: there may be as many fields as the limit and no more") {
  head_limits limits;
  limits.max_fields = 3;
  CHECK(parse_split(with_fields("A: 1\r\nB: 2\r\n"), limits).is_done());
  CHECK(parse_split(with_fields("A: 1\r\nB: 2\r\nC: 3\r\n"), limits).status() == 431);
  CHECK(parse_whole("GET / HTTP/1.1\r\nA:\r\nB:\r\nC:\r\nD:\r\n", limits).status() == 431);
}

TEST_CASE("head_parser: bytes that were scanned are not scanned again for more") {
  const head_limits limits;
  head_parser parser(limits);
  request into;
  const std::string head = "GET /aaaaaaaa HTTP/1.1\r\nHost: a\r\nX: bbbbbbbb\r\n\r\n";
  std::string seen;
  for (const char c : head) {
    seen.push_back(c);
    const auto result = parser.parse(seen, into);
    if (seen.size() == head.size()) {
      CHECK(result.state == head_parser::outcome::done);
    } else {
      REQUIRE(result.state == head_parser::outcome::need_more);
    }
    // A second look at these would end in a refusal; but the head must be whole at its end.
    if (seen.size() + 1 < head.size() && c != '\r') seen.back() = '\n';
    if (seen.size() + 1 == head.size()) seen = head.substr(0, head.size() - 1);
  }
}
