#include "unit/net/client.hpp"
#include "unit/net/serving.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace fasterapi::net::test;
using namespace std::chrono_literals;

namespace {

const std::string get_lent = "GET /lent HTTP/1.1\r\nHost: a\r\n\r\n";
const std::string get_cpp = "GET /cpp HTTP/1.1\r\nHost: a\r\n\r\n";

std::string body_of(const std::string& answer) {
  return answer.substr(answer.find("\r\n\r\n") + 4);
}

/// The worker has let go of as many bodies as it lent.
bool are_all_back(const serving& server, int lent) {
  for (int i = 0; i < 500 && server.returned() != lent; ++i) std::this_thread::sleep_for(10ms);
  return server.returned() == lent;
}

} // namespace

TEST_CASE("session: a body that stays with its worker is sent whole, and given back") {
  serving server;
  client peer{server.port()};
  for (int turn = 1; turn <= 3; ++turn) {
    peer.send(get_lent);
    CHECK(body_of(peer.read_answer()) == serving::lent_text());
    CHECK(are_all_back(server, turn));
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
  CHECK(are_all_back(server, 2));
}

TEST_CASE("session: HEAD has the length of a body that stays with its worker") {
  serving server;
  client peer{server.port()};
  peer.send("HEAD /lent HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  const auto answer = peer.read_all();
  CHECK(answer.find("Content-Length: " + std::to_string(serving::lent_text().size())) !=
        std::string::npos);
  CHECK(answer.ends_with("\r\n\r\n"));
  CHECK(are_all_back(server, 1));
}

TEST_CASE("session: a worker gets its body back when the client leaves before it is sent") {
  serving server;
  for (int turn = 1; turn <= 3; ++turn) {
    {
      client peer{server.port()};
      peer.send(get_lent); // more than the sockets' buffers hold
    }
    CHECK(are_all_back(server, turn));
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
  CHECK(are_all_back(server, 1));
}
