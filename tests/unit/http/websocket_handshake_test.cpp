#include "unit/http/head_parsing.hpp"

#include "http/websocket_handshake.hpp"

#include <catch2/catch_test_macros.hpp>

#include <string>

using namespace fasterapi::http;

namespace {

const std::string upgrade = "Upgrade: websocket\r\nConnection: Upgrade\r\n";
const std::string key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
const std::string version = "Sec-WebSocket-Version: 13\r\n";

parsed_head get(const std::string& fields, const std::string& line = "GET / HTTP/1.1") {
  parsed_head parsed = parse_whole(line + "\r\nHost: a\r\n" + fields + "\r\n");
  REQUIRE(parsed.is_done());
  return parsed;
}

bool asks(const std::string& fields, const std::string& line = "GET / HTTP/1.1") {
  return asks_for_websocket(get(fields, line).request);
}

unsigned status(const std::string& fields) {
  const parsed_head parsed = get(upgrade + fields);
  REQUIRE(asks_for_websocket(parsed.request));
  return check_websocket_handshake(parsed.request).status;
}

} // namespace

TEST_CASE("websocket_handshake: GET with Upgrade and Connection asks for one") {
  CHECK(asks(upgrade));
  CHECK(asks("upgrade: h2c, WebSocket\r\nCONNECTION: keep-alive, upgrade\r\n"));
  CHECK(asks("Upgrade: h2c\r\nUpgrade: websocket\r\nConnection: close\r\nConnection: upgrade\r\n"));
  CHECK_FALSE(asks("Upgrade: websocket\r\n"));
  CHECK_FALSE(asks("Connection: Upgrade\r\n"));
  CHECK_FALSE(asks("Upgrade: websockets\r\nConnection: Upgrade\r\n"));
  CHECK_FALSE(asks(upgrade, "POST / HTTP/1.1"));
  CHECK_FALSE(asks(upgrade, "GET / HTTP/1.0"));
}

TEST_CASE("websocket_handshake: what RFC 6455 wants of it") {
  CHECK(status(key + version) == 0);
  CHECK(status(key) == 400);
  CHECK(status(version) == 400);
  CHECK(status(key + version + version) == 400);
  CHECK(status(key + key + version) == 400);
  CHECK(status("Sec-WebSocket-Key:\r\n" + key + version) == 400);
  CHECK(status(key + "Sec-WebSocket-Version: 12\r\n") == 426);
  CHECK(status(key + "Sec-WebSocket-Version: 013\r\n") == 426);
  CHECK(status("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=\r\n" + version) == 400);
  CHECK(status("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQabcd==\r\n" + version) == 400);
  CHECK(status("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25j!Q==\r\n" + version) == 400);
  CHECK(status(key + version + "Content-Length: 1\r\n") == 400);
  CHECK(status(key + version + "Content-Length: 0\r\n") == 0);
}

TEST_CASE("websocket_handshake: subprotocols are tokens, each once, and not without end") {
  const auto with = [](const std::string& value) {
    return status(key + version + "Sec-WebSocket-Protocol: " + value + "\r\n");
  };
  CHECK(with("chat") == 0);
  CHECK(with("chat ,\tsuperchat") == 0);
  CHECK(with("") == 400);
  CHECK(with("chat,") == 400);
  CHECK(with("chat, chat") == 400);
  CHECK(with("super chat") == 400);
  CHECK(with("a\r\nSec-WebSocket-Protocol: b") == 0);
  CHECK(with("a\r\nSec-WebSocket-Protocol: a") == 400);
  std::string many = "p0";
  for (int i = 1; i < 64; ++i) many += ",p" + std::to_string(i);
  CHECK(with(many) == 0);
  CHECK(with(many + ",p64") == 400);
}

TEST_CASE("websocket_handshake: extensions are read as their grammar has them") {
  CHECK(is_extension_list("permessage-deflate"));
  CHECK(is_extension_list("a; b=1 ;c , d;e=\"2\""));
  CHECK_FALSE(is_extension_list(""));
  CHECK_FALSE(is_extension_list("a,"));
  CHECK_FALSE(is_extension_list("a;"));
  CHECK_FALSE(is_extension_list("a; b="));
  CHECK_FALSE(is_extension_list("a; b=\"\""));
  CHECK_FALSE(is_extension_list("a; b=\"c"));
  CHECK_FALSE(is_extension_list("a; b=\"c d\""));
  CHECK_FALSE(is_extension_list("a b"));
  CHECK(status(key + version + "Sec-WebSocket-Extensions: a; b=\"\r\n") == 400);
}
