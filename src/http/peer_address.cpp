#include "http/peer_address.hpp"

#include <arpa/inet.h>
#include <cstring>
#include <netinet/in.h>
#include <sys/socket.h>

namespace fasterapi::http {

peer_address peer_address::from(const sockaddr_storage& address) noexcept {
  peer_address made;
  if (address.ss_family == AF_INET) {
    const auto& v4 = reinterpret_cast<const sockaddr_in&>(address);
    made.of = family::v4;
    made.port = ntohs(v4.sin_port);
    std::memcpy(made.bytes.data(), &v4.sin_addr, sizeof v4.sin_addr);
  } else if (address.ss_family == AF_INET6) {
    const auto& v6 = reinterpret_cast<const sockaddr_in6&>(address);
    made.of = family::v6;
    made.port = ntohs(v6.sin6_port);
    std::memcpy(made.bytes.data(), &v6.sin6_addr, sizeof v6.sin6_addr);
  }
  return made;
}

std::string peer_address::host() const {
  if (of == family::local) return {};
  char text[INET6_ADDRSTRLEN];
  ::inet_ntop(of == family::v4 ? AF_INET : AF_INET6, bytes.data(), text, sizeof text);
  return text;
}

std::string peer_address::text() const {
  if (of == family::local) return "unix";
  const std::string name = of == family::v6 ? "[" + host() + "]" : host();
  return name + ":" + std::to_string(port);
}

} // namespace fasterapi::http
