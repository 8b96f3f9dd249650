#include "unit/net/client.hpp"
#include "unit/net/serving.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

using namespace fasterapi;
using namespace fasterapi::net::test;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::EndsWith;
using Catch::Matchers::StartsWith;
using namespace std::chrono_literals;

namespace {

const std::string get_gated = "GET /gated HTTP/1.1\r\nHost: a\r\n\r\n";

std::string post_echo(const std::string& body) {
  return "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(body.size()) +
         "\r\n\r\n" + body;
}

std::string post_chunked(const std::string& chunks) {
  return "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks;
}

std::string last_line(const std::string& answer) { return answer.substr(answer.rfind('\n') + 1); }

} // namespace

TEST_CASE("session: a request is not lost that comes with a tick after a pause") {
  serving server;
  client peer{server.port()};
  client other{server.port()};
  for (int turn = 0; turn < 3; ++turn) {
    peer.send(get_cpp);
    REQUIRE_THAT(peer.read_answer(), EndsWith("cpp"));
    std::this_thread::sleep_for(350ms); // three ticks: it is idle for long
    other.send("GET /blocks HTTP/1.1\r\nHost: a\r\n\r\n");
    std::this_thread::sleep_for(50ms);
    peer.send(get_cpp); // and finds a tick due as well, once the reactor looks
    REQUIRE_THAT(other.read_answer(), EndsWith("blocked"));
    REQUIRE_THAT(peer.read_answer(), EndsWith("cpp"));
  }
}

TEST_CASE("session: a request that fills what is received at once, and more of them") {
  serving server;
  client peer{server.port()};
  for (const std::size_t size : {4095u, 4096u, 4097u, 8192u}) {
    const std::string begin = "GET /cpp HTTP/1.1\r\nHost: a\r\nX: ";
    const std::string padded = begin + std::string(size - begin.size() - 4, 'x') + "\r\n\r\n";
    peer.send(padded);
    REQUIRE_THAT(peer.read_answer(), EndsWith("cpp"));
    peer.send(padded + padded + padded);
    for (int turn = 0; turn < 3; ++turn) REQUIRE_THAT(peer.read_answer(), EndsWith("cpp"));
  }
  peer.send(get_cpp);
  peer.half_close();
  REQUIRE_THAT(peer.read_answer(), EndsWith("cpp"));
  REQUIRE(peer.read_answer().empty());
}

TEST_CASE("session: one connection serves many requests") {
  serving server;
  client peer{server.port()};
  for (int turn = 0; turn < 3; ++turn) {
    peer.send(get_cpp);
    REQUIRE_THAT(peer.read_answer(), StartsWith("HTTP/1.1 200 OK\r\n") && EndsWith("\r\n\r\ncpp"));
    peer.send(post_echo("hello"));
    REQUIRE_THAT(peer.read_answer(), EndsWith("\r\n\r\nhello"));
  }
}

TEST_CASE("session: pipelined requests of both kinds are answered in order") {
  serving server{{}, 1, 2};
  client peer{server.port()};
  std::string burst;
  for (int i = 0; i < 50; ++i) {
    burst += post_echo("a" + std::to_string(i)) + get_cpp + post_chunked("2\r\nok\r\n0\r\n\r\n");
  }
  peer.send(burst);
  for (int i = 0; i < 50; ++i) {
    REQUIRE(last_line(peer.read_answer()) == "a" + std::to_string(i));
    REQUIRE(last_line(peer.read_answer()) == "cpp");
    REQUIRE(last_line(peer.read_answer()) == "ok");
  }
}

TEST_CASE("session: a message may arrive split at any byte") {
  serving server;
  for (const std::string& message :
       {post_echo("hello"), post_chunked("3;x=\"y\"\r\nhel\r\n2\r\nlo\r\n0\r\nA: b\r\n\r\n")}) {
    client peer{server.port()};
    for (std::size_t at = 1; at < message.size(); ++at) {
      peer.send(message.substr(0, at));
      std::this_thread::yield();
      peer.send(message.substr(at));
      REQUIRE(last_line(peer.read_answer()) == "hello");
    }
  }
}

TEST_CASE("session: a large body arrives whole, of known length and chunked") {
  serving server;
  client peer{server.port()};
  std::string body(3'000'000, 'x');
  for (std::size_t i = 0; i < body.size(); i += 1000)
    body[i] = static_cast<char>('a' + i / 1000 % 26);
  std::thread sender{[&] { peer.send(post_echo(body)); }};
  const auto known = peer.read_answer();
  sender.join();
  REQUIRE(known.substr(known.find("\r\n\r\n") + 4) == body);

  std::string chunks;
  for (std::size_t i = 0; i < body.size(); i += 10000) {
    chunks += "2710\r\n" + body.substr(i, 10000) + "\r\n";
  }
  std::thread chunk_sender{[&] { peer.send(post_chunked(chunks + "0\r\n\r\n") + get_cpp); }};
  const auto chunked = peer.read_answer();
  chunk_sender.join();
  REQUIRE(chunked.substr(chunked.find("\r\n\r\n") + 4) == body);
  REQUIRE(last_line(peer.read_answer()) == "cpp"); // what came behind is not lost
}

TEST_CASE("session: answers to good pipelined requests come before the refusal") {
  serving server;
  client peer{server.port()};
  peer.send(get_cpp + post_echo("b") + "GET / HTTP/1.1\nHost: a\r\n\r\n" + get_cpp);
  REQUIRE(last_line(peer.read_answer()) == "cpp");
  REQUIRE(last_line(peer.read_answer()) == "b");
  const auto refusal = peer.read_all();
  REQUIRE_THAT(refusal, StartsWith("HTTP/1.1 400 Bad Request\r\n"));
  REQUIRE_THAT(refusal, ContainsSubstring("Connection: close\r\n"));
  REQUIRE_THAT(refusal, !ContainsSubstring("cpp"));
  REQUIRE(server.counters().refused[observe::refusal_place(400)] == 1);
}

TEST_CASE("session: a half-closed client still gets its answers") {
  serving server;
  client peer{server.port()};
  peer.send(post_echo("one") + get_cpp);
  peer.half_close();
  const auto all = peer.read_all();
  REQUIRE_THAT(all, ContainsSubstring("\r\n\r\none") && EndsWith("\r\n\r\ncpp"));
}

TEST_CASE("session: 100 Continue is sent for a body that is wanted, and only then") {
  serving server;
  client peer{server.port()};
  peer.send("POST /echo HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
  REQUIRE(peer.read_answer() == "HTTP/1.1 100 Continue\r\n\r\n");
  peer.send("ok");
  REQUIRE(last_line(peer.read_answer()) == "ok");
  peer.send("POST /none HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
  REQUIRE_THAT(peer.read_all(), StartsWith("HTTP/1.1 404 "));
}

TEST_CASE("session: the body of a request that no route takes is skipped") {
  serving server;
  client peer{server.port()};
  peer.send("POST /none HTTP/1.1\r\nHost: a\r\nContent-Length: 50000\r\n\r\n" +
            std::string(50000, 'x') + get_cpp);
  REQUIRE_THAT(peer.read_answer(), StartsWith("HTTP/1.1 404 "));
  REQUIRE(last_line(peer.read_answer()) == "cpp");
}

TEST_CASE("session: a body over the limit is refused before it is read") {
  net::session_settings settings;
  settings.body.max_body_bytes = 10;
  serving server{settings};
  client known{server.port()};
  known.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\n\r\n");
  REQUIRE_THAT(known.read_all(), StartsWith("HTTP/1.1 413 "));
  client chunked{server.port()};
  chunked.send(post_chunked("b\r\n12345678901\r\n0\r\n\r\n"));
  REQUIRE_THAT(chunked.read_all(), StartsWith("HTTP/1.1 413 "));
}

TEST_CASE("session: a C++ handler that throws is a 500, and the connection goes on") {
  serving server;
  client peer{server.port()};
  peer.send("GET /throws HTTP/1.1\r\nHost: a\r\n\r\n" + get_cpp);
  REQUIRE_THAT(peer.read_answer(), StartsWith("HTTP/1.1 500 "));
  REQUIRE(last_line(peer.read_answer()) == "cpp");
}

TEST_CASE("session: a streamed answer comes part by part") {
  serving server;
  client peer{server.port()};
  peer.send("GET /parts HTTP/1.1\r\nHost: a\r\n\r\n" + get_cpp);
  REQUIRE_THAT(peer.read_answer(),
               EndsWith("\r\n\r\n5\r\npart1\r\n5\r\npart2\r\n5\r\npart3\r\n0\r\n\r\n"));
  REQUIRE(last_line(peer.read_answer()) == "cpp");
}

TEST_CASE("session: slow heads and bodies get 408, silent connections are closed") {
  net::session_settings settings;
  settings.header_timeout = settings.body_timeout = settings.keep_alive_timeout = 150ms;
  serving server{settings};
  client head{server.port()}, body{server.port()}, silent{server.port()}, idle{server.port()};
  head.send("GET /cpp HTTP/1.1\r\nHo");
  body.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nab");
  idle.send(get_cpp);
  REQUIRE(last_line(idle.read_answer()) == "cpp");
  REQUIRE_THAT(head.read_all(), StartsWith("HTTP/1.1 408 "));
  REQUIRE_THAT(body.read_all(), StartsWith("HTTP/1.1 408 "));
  REQUIRE(silent.read_all().empty());
  REQUIRE(idle.read_all().empty());
}

TEST_CASE("session: a request that waits too long for a worker gets 503, C++ routes answer on") {
  net::session_settings settings;
  settings.queue_timeout = 150ms;
  serving server{settings, 1, 1, 2};
  client busy{server.port()};
  busy.send(get_gated);
  std::vector<std::unique_ptr<client>> waiting;
  for (int i = 0; i < 6; ++i) { // two in the ring, the others before it
    waiting.push_back(std::make_unique<client>(server.port()));
    waiting.back()->send(get_gated);
  }
  client other{server.port()};
  other.send(get_cpp);
  REQUIRE(last_line(other.read_answer()) == "cpp");
  int refused = 0;
  for (auto& each : waiting) {
    const auto answer = each->read_answer();
    if (answer.find(" 503 ") == std::string::npos) continue;
    REQUIRE_THAT(answer, ContainsSubstring("Retry-After: 1\r\n"));
    ++refused;
  }
  REQUIRE(refused == 6);
  server.open_gate();
  REQUIRE(last_line(busy.read_answer()) == "gated");
}

TEST_CASE("session: a handler over its deadline gets 504 and its late answer is dropped") {
  net::session_settings settings;
  settings.handler_timeout = 150ms;
  serving server{settings};
  {
    client peer{server.port()};
    peer.send(get_gated);
    REQUIRE_THAT(peer.read_all(), StartsWith("HTTP/1.1 504 "));
  }
  server.open_gate();
  client next{server.port()};
  next.send(post_echo("fresh"));
  REQUIRE(last_line(next.read_answer()) == "fresh");
}

TEST_CASE("session: draining finishes what is in flight and closes what is idle") {
  serving server;
  client idle{server.port()}, busy{server.port()};
  idle.send(get_cpp);
  REQUIRE(last_line(idle.read_answer()) == "cpp");
  busy.send(get_gated);
  std::thread opener{[&] {
    REQUIRE(idle.read_all().empty()); // the drain has begun
    server.open_gate();
  }};
  server.drain();
  opener.join();
  REQUIRE_THAT(busy.read_all(), EndsWith("\r\n\r\ngated"));
}

TEST_CASE("session: who waits for a worker when the reactor is stopped gets 503") {
  serving server{{}, 1, 1, 2};
  std::vector<std::unique_ptr<client>> waiting;
  for (int i = 0; i < 6; ++i) { // one runs, two are in the ring, the others before it
    waiting.push_back(std::make_unique<client>(server.port()));
    waiting.back()->send(get_gated + get_cpp);
  }
  client other{server.port()};
  other.send(get_cpp);
  REQUIRE(last_line(other.read_answer()) == "cpp");
  std::thread stopper{[&] { server.cut_off(); }};
  for (auto& each : waiting) {
    const auto answer = each->read_all();
    REQUIRE_THAT(answer, StartsWith("HTTP/1.1 503 "));
    REQUIRE_THAT(answer, ContainsSubstring("Connection: close\r\n"));
    REQUIRE(answer.find("HTTP/1.1", 1) == std::string::npos);
  }
  stopper.join();
}

TEST_CASE("session: many connections over several reactors and workers") {
  serving server{{}, 2, 2, 8};
  std::vector<std::thread> clients;
  std::atomic<int> wrong{0};
  for (int i = 0; i < 8; ++i) {
    clients.emplace_back([&, i] {
      client peer{server.port()};
      for (int turn = 0; turn < 100; ++turn) {
        const std::string body = std::to_string(i) + ":" + std::to_string(turn);
        peer.send(turn % 3 == 0 ? get_cpp : post_echo(body));
        if (last_line(peer.read_answer()) != (turn % 3 == 0 ? "cpp" : body)) ++wrong;
      }
    });
  }
  for (auto& each : clients) each.join();
  REQUIRE(wrong == 0);
}
