#include "unit/net/serving.hpp"
#include "unit/net/websocket_client.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <functional>

using namespace fasterapi;
using namespace fasterapi::net::test;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::StartsWith;
using namespace std::chrono_literals;

namespace {

using codes = std::vector<std::uint16_t>;

void wait_until(const std::function<bool()>& condition) {
  const auto end = std::chrono::steady_clock::now() + 5s;
  while (!condition()) {
    REQUIRE(std::chrono::steady_clock::now() < end);
    std::this_thread::sleep_for(1ms);
  }
}

net::session_settings with(std::function<void(net::websocket_settings&)> change) {
  net::session_settings settings;
  change(settings.websocket);
  return settings;
}

void check_ends(serving& server, const codes& expected) {
  wait_until([&] { return server.sockets().ends().size() >= expected.size(); });
  CHECK(server.sockets().ends() == expected);
}

} // namespace

TEST_CASE("websocket_session: a handshake is answered as in RFC 6455, section 1.3") {
  serving server;
  const websocket_client peer{server.port(), "/ws?chat"};
  CHECK_THAT(peer.head, StartsWith("HTTP/1.1 101 Switching Protocols\r\n"));
  CHECK_THAT(peer.head,
             ContainsSubstring("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"));
  CHECK_THAT(peer.head, ContainsSubstring("Sec-WebSocket-Protocol: chat\r\n"));
  CHECK_THAT(peer.head, ContainsSubstring("X-Mode: chat\r\n"));
  CHECK_THAT(peer.head, ContainsSubstring("Date: "));
  CHECK_THAT(peer.head, !ContainsSubstring("Beast"));
}

TEST_CASE("websocket_session: messages come back, whole and in order") {
  serving server;
  websocket_client peer{server.port()};
  for (const std::size_t size : {0, 1, 125, 126, 65535, 65536, 300000}) {
    const std::string sent(size, 'x');
    peer.send(opcode::binary, sent);
    std::string received;
    frame part;
    do {
      part = peer.read();
      received += part.payload;
    } while ((part.first & 0x80) == 0);
    CHECK(received == sent);
  }
  for (int i = 0; i < 500; ++i) peer.send(opcode::text, std::to_string(i));
  for (int i = 0; i < 500; ++i)
    REQUIRE(peer.read() == final_frame(opcode::text, std::to_string(i)));
}

TEST_CASE("websocket_session: fragments are one message, with a ping between them") {
  serving server;
  websocket_client peer{server.port()};
  peer.send(opcode::text, "Hel", false);
  peer.send(opcode::ping, "are you there");
  peer.send(opcode::continuation, "lo", true);
  CHECK(peer.read() == final_frame(opcode::pong, "are you there"));
  CHECK(peer.read() == final_frame(opcode::text, "Hello"));
}

TEST_CASE("websocket_session: the client closes, and its code reaches the handler") {
  serving server;
  websocket_client peer{server.port()};
  peer.send(opcode::close, close_payload(4001, "enough"));
  CHECK(peer.read() == final_frame(opcode::close, close_payload(4001)));
  CHECK(peer.read().first == 0);
  check_ends(server, {4001});
}

TEST_CASE("websocket_session: a close without code is 1005 for the handler") {
  serving server;
  websocket_client peer{server.port()};
  peer.send(opcode::close, "");
  CHECK(peer.read().first == 0x88);
  check_ends(server, {1005});
}

TEST_CASE("websocket_session: the handler closes, with code and reason") {
  serving server;
  websocket_client peer{server.port()};
  peer.send(opcode::text, "bye");
  CHECK(peer.read() == final_frame(opcode::close, close_payload(4000, "bye")));
  peer.send(opcode::close, close_payload(4000));
  CHECK(peer.read().first == 0);
  check_ends(server, {4000});
}

TEST_CASE("websocket_session: a client that vanishes is 1006 for the handler") {
  serving server;
  {
    websocket_client peer{server.port()};
    peer.reset();
  }
  check_ends(server, {1006});
  websocket_client half{server.port()};
  half.half_close();
  CHECK(half.read().first == 0);
  check_ends(server, {1006, 1006});
}

TEST_CASE("websocket_session: what the protocol forbids ends it with its code") {
  serving server;
  const auto refusal = [&](const std::string& bytes) {
    websocket_client peer{server.port()};
    peer.client::send(bytes);
    return peer.read();
  };
  const frame violation = final_frame(opcode::close, close_payload(1002));
  CHECK(refusal(client_frame(0x80 | 3, "reserved opcode")) == violation);
  CHECK(refusal(client_frame(0xC0 | 1, "reserved bit")) == violation);
  CHECK(refusal("\x81\x05Hello") == violation); // not masked
  CHECK(refusal(client_frame(0x80, "continues nothing")) == violation);
  CHECK(refusal(client_frame(0x09, "a fragment of a ping")) == violation);
  CHECK(refusal(client_frame(0x88, "x")) == violation);
  CHECK(refusal(client_frame(0x88, close_payload(1005))) == violation);
  CHECK(refusal(client_frame(0x81, "\xce\xba\xe1\xbd\xb9\xcf\x83\xce\xbc\xce\xb5\xed\xa0\x80")) ==
        final_frame(opcode::close, close_payload(1007)));
  check_ends(server, {1002, 1002, 1002, 1002, 1002, 1002, 1002, 1007});
}

TEST_CASE("websocket_session: a message beyond the limit is 1009, in one frame or in many") {
  serving server{with([](auto& of) { of.max_message_bytes = 1000; })};
  for (const bool is_in_parts : {false, true}) {
    websocket_client peer{server.port()};
    peer.send(opcode::binary, std::string(1000, 'x'));
    CHECK(peer.read().payload.size() == 1000);
    if (is_in_parts) {
      peer.send(opcode::binary, std::string(600, 'x'), false);
      peer.send(opcode::continuation, std::string(401, 'x'));
    } else {
      peer.send(opcode::binary, std::string(1001, 'x'));
    }
    CHECK(peer.read() == final_frame(opcode::close, close_payload(1009)));
  }
  check_ends(server, {1009, 1009});
}

TEST_CASE("websocket_session: a handler may refuse, and the connection goes on") {
  serving server;
  client peer{server.port()};
  peer.send(handshake("/ws?deny"));
  CHECK_THAT(peer.read_answer(), StartsWith("HTTP/1.1 401 Unauthorized\r\n"));
  peer.send("GET /cpp HTTP/1.1\r\nHost: a\r\n\r\n");
  CHECK_THAT(peer.read_answer(), StartsWith("HTTP/1.1 200 OK\r\n"));
  peer.send(handshake("/cpp"));
  CHECK_THAT(peer.read_answer(), StartsWith("HTTP/1.1 403 Forbidden\r\n"));
  peer.send("GET /ws HTTP/1.1\r\nHost: a\r\n\r\n");
  CHECK_THAT(peer.read_answer(), StartsWith("HTTP/1.1 404 Not Found\r\n"));
  peer.send(handshake("/ws"));
  CHECK_THAT(peer.read_head(), StartsWith("HTTP/1.1 101 "));
}

TEST_CASE("websocket_session: answers of pipelined requests come before that of the handshake") {
  serving server;
  client peer{server.port()};
  peer.send("GET /cpp HTTP/1.1\r\nHost: a\r\n\r\n" + handshake());
  CHECK_THAT(peer.read_answer(), StartsWith("HTTP/1.1 200 OK\r\n"));
  CHECK_THAT(peer.read_head(), StartsWith("HTTP/1.1 101 "));
}

TEST_CASE("websocket_session: a handler that does not receive stops the client") {
  serving server{with([](auto& of) { of.buffer_bytes = 4096; })};
  websocket_client peer{server.port(), "/ws?hold"};
  const std::string sent = client_frame(0x82, std::string(60000, 'x'));
  std::size_t bytes = 0;
  const std::size_t endless = 64 * 1024 * 1024;
  std::string stream;
  int blocked = 0;
  // Blocked twice with a pause between: the sockets are full, and stay so.
  while (bytes < endless && blocked < 50) {
    while (stream.size() < sent.size()) stream += sent;
    std::size_t now = 0;
    if (peer.send_would_block(stream, now)) {
      ++blocked;
      std::this_thread::sleep_for(2ms);
    } else {
      blocked = 0;
    }
    stream.erase(0, now);
    bytes += now;
  }
  REQUIRE(blocked == 50);
  std::thread rest{[&] { peer.client::send(stream); }};
  websocket_client other{server.port(), "/ws?release"};
  for (std::size_t i = 0; i < (bytes + stream.size()) / sent.size(); ++i)
    REQUIRE(peer.read().payload.size() == 60000);
  rest.join();
}

TEST_CASE("websocket_session: a client that does not read stops the handler") {
  serving server{with([](auto& of) { of.buffer_bytes = 4096; })};
  websocket_client peer{server.port(), "/ws?flood"};
  for (int i = 0; i < 2000; ++i) REQUIRE(peer.read().payload.size() == 1000);
}

TEST_CASE("websocket_session: a silent client is pinged, and one that does not answer is dropped") {
  serving server{with([](auto& of) {
    of.ping_interval = 100ms;
    of.ping_timeout = 300ms;
  })};
  websocket_client peer{server.port()};
  CHECK(peer.read() == final_frame(opcode::ping, ""));
  peer.send(opcode::pong, "");
  CHECK(peer.read() == final_frame(opcode::ping, ""));
  CHECK(peer.read().first == 0);
  check_ends(server, {1006});
}

TEST_CASE("websocket_session: a client that does not answer a close is dropped") {
  serving server{with([](auto& of) { of.close_timeout = 200ms; })};
  websocket_client peer{server.port()};
  peer.send(opcode::text, "bye");
  CHECK(peer.read().first == 0x88);
  CHECK(peer.read().first == 0);
  websocket_client stays{server.port()}; // does not end the connection
  stays.send(opcode::close, close_payload(1000));
  CHECK(stays.read().first == 0x88);
  CHECK(stays.read().first == 0);
  wait_until([&] { return server.counters().connections_open == 0; });
}

TEST_CASE("websocket_session: a drain closes with 1012") {
  serving server;
  websocket_client peer{server.port()};
  std::thread drain{[&] { server.drain(); }};
  CHECK(peer.read() == final_frame(opcode::close, close_payload(1012)));
  peer.send(opcode::close, close_payload(1012));
  CHECK(peer.read().first == 0);
  drain.join();
  check_ends(server, {1012});
}

TEST_CASE("websocket_session: compressed messages are what they were before") {
  serving server;
  websocket_client peer{server.port(), "/ws", "Sec-WebSocket-Extensions: permessage-deflate\r\n"};
  CHECK_THAT(peer.head, ContainsSubstring("Sec-WebSocket-Extensions: permessage-deflate"));
  const std::string hello = "\xf2\x48\xcd\xc9\xc9\x07"; // RFC 7692, section 7.2.3.1
  peer.client::send(client_frame(0xC1, hello + '\0'));
  CHECK(peer.read() == final_frame(opcode::text, "Hello"));
}

TEST_CASE("websocket_session: what is compressed counts by what it becomes") {
  serving server{with([](auto& of) { of.max_message_bytes = 1000; })};
  websocket_client peer{server.port(), "/ws", "Sec-WebSocket-Extensions: permessage-deflate\r\n"};
  // 2000 times 'x'.
  const std::string bomb{"\xaa\xa8\x18\x05\xa3\x60\x14\x8c\x82\x51\x30\x0a\x46\xc1\x50\x07\x00\x00",
                         18};
  peer.client::send(client_frame(0xC2, bomb));
  CHECK(peer.read() == final_frame(opcode::close, close_payload(1009)));
}

TEST_CASE("websocket_session: many connections, each with one worker") {
  serving server{{}, 2};
  std::vector<std::thread> clients;
  for (int i = 0; i < 8; ++i) {
    clients.emplace_back([&server, i] {
      for (int turn = 0; turn < 5; ++turn) {
        websocket_client peer{server.port()};
        for (int sent = 0; sent < 50; ++sent) peer.send(opcode::text, std::to_string(i * sent));
        for (int sent = 0; sent < 50; ++sent)
          if (peer.read().payload != std::to_string(i * sent)) throw std::runtime_error("lost");
        if (turn % 2 == 0) peer.send(opcode::close, close_payload(1000));
      }
    });
  }
  for (auto& each : clients) each.join();
  wait_until([&] { return server.sockets().ends().size() == 40; });
}
