#include "unit/net/client.hpp"
#include "unit/net/serving.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace fasterapi::net::test;
using namespace std::chrono_literals;

namespace {

const std::string get_lent = "GET /lent HTTP/1.1\r\nHost: a\r\n\r\n";

} // namespace

TEST_CASE("session: a body that stays with its worker is sent whole, and given back") {
  serving server;
  client peer{server.port()};
  for (int turn = 1; turn <= 3; ++turn) {
    peer.send(get_lent);
    CHECK(body_of(peer.read_answer()) == serving::lent_text());
    CHECK(server.are_back(turn));
  }
}

TEST_CASE("session: a body that stays with its worker keeps its place among pipelined answers") {
  serving server;
  client peer{server.port()};
  peer.send(get_cpp + get_lent + get_lent + get_cpp);
  CHECK(body_of(peer.read_answer()) == "cpp");
  CHECK(body_of(peer.read_answer()) == serving::lent_text());
  CHECK(body_of(peer.read_answer()) == serving::lent_text());
  CHECK(body_of(peer.read_answer()) == "cpp");
  CHECK(server.are_back(2));
}

TEST_CASE("session: HEAD has the length of a body that stays with its worker") {
  serving server;
  client peer{server.port()};
  peer.send("HEAD /lent HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  const auto answer = peer.read_all();
  CHECK(answer.find("Content-Length: " + std::to_string(serving::lent_text().size())) !=
        std::string::npos);
  CHECK(answer.ends_with("\r\n\r\n"));
  CHECK(server.are_back(1));
}

TEST_CASE("session: a worker gets its body back when the client leaves before it is sent") {
  serving server;
  for (int turn = 1; turn <= 3; ++turn) {
    {
      client peer{server.port()};
      peer.send(get_lent); // more than the sockets' buffers hold
    }
    CHECK(server.are_back(turn));
  }
}

TEST_CASE("session: a worker gets the body back that came too late for its deadline") {
  fasterapi::net::session_settings settings;
  settings.handler_timeout = 100ms;
  serving server{settings};
  client peer{server.port()};
  peer.send("GET /lent?gated HTTP/1.1\r\nHost: a\r\n\r\n");
  CHECK(peer.read_answer().starts_with("HTTP/1.1 504 "));
  server.open_gate();
  CHECK(server.are_back(1));
}
