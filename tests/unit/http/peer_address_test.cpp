#include "http/peer_address.hpp"

#include <catch2/catch_test_macros.hpp>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

using fasterapi::http::peer_address;

TEST_CASE("peer_address: IPv4, IPv6 and a Unix socket") {
  sockaddr_storage storage{};
  auto& v4 = reinterpret_cast<sockaddr_in&>(storage);
  v4.sin_family = AF_INET;
  v4.sin_port = htons(8080);
  ::inet_pton(AF_INET, "192.0.2.1", &v4.sin_addr);
  CHECK(peer_address::from(storage).host() == "192.0.2.1");
  CHECK(peer_address::from(storage).text() == "192.0.2.1:8080");

  storage = {};
  auto& v6 = reinterpret_cast<sockaddr_in6&>(storage);
  v6.sin6_family = AF_INET6;
  v6.sin6_port = htons(443);
  ::inet_pton(AF_INET6, "2001:db8::1", &v6.sin6_addr);
  CHECK(peer_address::from(storage).host() == "2001:db8::1");
  CHECK(peer_address::from(storage).text() == "[2001:db8::1]:443");

  storage = {};
  storage.ss_family = AF_UNIX;
  CHECK(peer_address::from(storage).host().empty());
  CHECK(peer_address::from(storage).text() == "unix");
}
