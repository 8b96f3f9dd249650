#include "support/allocation_count.hpp"
#include "unit/http/answer.hpp"

#include <catch2/catch_test_macros.hpp>

#include <random>

using namespace fasterapi;
using namespace fasterapi::http;

namespace {

std::string some_bytes(std::mt19937& random, std::size_t most) {
  std::string bytes(random() % (most + 1), ' ');
  for (char& byte : bytes) byte = static_cast<char>('a' + random() % 26);
  return bytes;
}

// Builds an answer by random verbs, and beside it what its body and fields should be.
void build(response& made, byte_buffer& out, std::mt19937& random, std::string& body,
           std::string& fields) {
  const std::size_t most = random() % 4 == 0 ? 3000 : 40;
  for (auto verbs = random() % 6; verbs != 0; --verbs) {
    const auto bytes = some_bytes(random, most);
    switch (random() % 6) {
    case 0:
      made.append_body(bytes);
      body += bytes;
      break;
    case 1:
      made.set_body(bytes);
      body = bytes;
      break;
    case 2: {
      char* const place = made.body_tail(bytes.size());
      bytes.copy(place, bytes.size());
      const auto offset = bytes.empty() ? 0 : random() % bytes.size();
      made.set_body({place + offset, bytes.size() - offset});
      body = bytes.substr(offset);
      break;
    }
    case 3:
      bytes.copy(made.body_tail(bytes.size() + 7), bytes.size());
      made.commit_body(bytes.size());
      body += bytes;
      break;
    case 4: {
      const auto own = out.view().substr(out.size() - body.size());
      const auto part = own.substr(0, body.empty() ? 0 : random() % body.size());
      const std::string copy{part};
      made.append_body(part);
      body += copy;
      break;
    }
    default:
      made.header("X", bytes);
      fields += "X: " + bytes + "\r\n";
    }
  }
}

} // namespace

TEST_CASE("response: random verbs give the bytes that a plain model gives") {
  std::mt19937 random{20261123};
  for (int connection = 0; connection != 3000; ++connection) {
    byte_buffer out;
    response made;
    std::string expected;
    for (auto answers = 1 + random() % 6; answers != 0; --answers) {
      if (random() % 3 == 0) { // some of it is written meanwhile
        const auto sent = random() % (out.size() + 1);
        out.consume(sent);
        expected.erase(0, sent);
      }
      std::string body;
      std::string fields;
      made.start(out, {});
      made.header("Date", "D");
      build(made, out, random, body, fields);
      made.finish();
      expected += "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) +
                  "\r\nDate: D\r\n" + fields + "\r\n" + body;
      REQUIRE(out.view() == expected);
    }
  }
}

TEST_CASE("response: a warm answer allocates nothing") {
  byte_buffer out;
  response made;
  std::size_t before = 0;
  for (int i = 0; i != 10; ++i) {
    if (i == 2) before = tests::allocation_count();
    for (int pipelined = 0; pipelined != 16; ++pipelined) {
      made.start(out, {});
      made.status(201);
      made.content_type("application/vnd.api+json");
      made.header("Location", "/somewhere/that/is/longer/than/a/short/string");
      made.set_body("{\"message\":\"Hello, world\"}");
      made.finish();
      made.start(out, {});
      write_error(made, 404, "Not Found", "text/html, */*;q=0.8");
      made.finish();
      made.start(out, {});
      made.stream_start();
      made.stream_part("part");
      made.stream_end();
    }
    out.consume(out.size());
  }
  CHECK(tests::allocation_count() == before);
}
