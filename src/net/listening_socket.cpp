#include "net/listening_socket.hpp"

#include <arpa/inet.h>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <memory>
#include <netdb.h>
#include <netinet/tcp.h>
#include <stdexcept>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>
#include <utility>

namespace fasterapi::net {

namespace {

/// Closes the socket unless it is released: binding fails in many places.
class socket_guard {
public:
  explicit socket_guard(int fd) : fd_(fd) {}
  ~socket_guard() {
    if (fd_ >= 0) ::close(fd_);
  }
  socket_guard(const socket_guard&) = delete;
  socket_guard& operator=(const socket_guard&) = delete;
  int get() const { return fd_; }
  int release() { return std::exchange(fd_, -1); }

private:
  int fd_;
};

[[noreturn]] void fail(const std::string& where, const std::string& why) {
  throw std::runtime_error("cannot listen on " + where + ": " + why);
}

std::uint16_t bound_port(int fd) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  ::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size);
  return ntohs(address.ss_family == AF_INET6 ? reinterpret_cast<sockaddr_in6&>(address).sin6_port
                                             : reinterpret_cast<sockaddr_in&>(address).sin_port);
}

std::string numeric_host(const sockaddr* of, socklen_t size) {
  char text[NI_MAXHOST] = {};
  ::getnameinfo(of, size, text, sizeof text, nullptr, 0, NI_NUMERICHOST);
  return text;
}

sockaddr_un unix_address(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path)
    fail(path, "the path of a Unix socket has at most 107 bytes");
  std::memcpy(address.sun_path, path.data(), path.size());
  return address;
}

/// A socket file whose server is gone refuses connections.
void remove_stale(const std::string& path, const sockaddr_un& address) {
  struct stat found {};
  if (::lstat(path.c_str(), &found) != 0) return;
  if (!S_ISSOCK(found.st_mode)) fail(path, "a file that is no socket is in the way");
  const socket_guard probe{::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)};
  if (::connect(probe.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 ||
      errno == EAGAIN) {
    fail(path, "another server listens there");
  }
  ::unlink(path.c_str());
}

/// SO_REUSEPORT would let two servers share a port unnoticed: bind once without it.
void ensure_free(const addrinfo& at, const std::string& where) {
  const int on = 1;
  const socket_guard probe{::socket(at.ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0)};
  ::setsockopt(probe.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (::bind(probe.get(), at.ai_addr, at.ai_addrlen) != 0) fail(where, std::strerror(errno));
}

} // namespace

listening_socket listen_tcp(const std::string& host, std::uint16_t port, int backlog,
                            bool is_first) {
  const std::string where = host + ":" + std::to_string(port);
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE;
  addrinfo* found = nullptr;
  if (const int error = ::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found)) {
    fail(where, ::gai_strerror(error));
  }
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> list{found, &::freeaddrinfo};
  if (is_first && port != 0) ensure_free(*found, where);
  socket_guard socket{::socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)};
  if (socket.get() < 0) fail(where, std::strerror(errno));
  const int on = 1;
  ::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  ::setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEPORT, &on, sizeof on) != 0 ||
      ::bind(socket.get(), found->ai_addr, found->ai_addrlen) != 0 ||
      ::listen(socket.get(), backlog) != 0) {
    fail(where, std::strerror(errno));
  }
  const std::uint16_t chosen = bound_port(socket.get());
  return {socket.release(), numeric_host(found->ai_addr, found->ai_addrlen), chosen};
}

listening_socket adopt(int fd) {
  const std::string where = "descriptor " + std::to_string(fd);
  int listens = 0;
  socklen_t size = sizeof listens;
  if (::getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listens, &size) != 0)
    fail(where, std::strerror(errno));
  if (listens == 0) fail(where, "it is no listening socket");
  ::fcntl(fd, F_SETFL, ::fcntl(fd, F_GETFL) | O_NONBLOCK);
  sockaddr_storage address{};
  size = sizeof address;
  ::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size);
  if (address.ss_family == AF_UNIX)
    return {fd, reinterpret_cast<const sockaddr_un&>(address).sun_path, 0};
  const int on = 1;
  ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return {fd, numeric_host(reinterpret_cast<const sockaddr*>(&address), size), bound_port(fd)};
}

std::string describe(const listening_socket& of) {
  if (of.port == 0) return "unix:" + of.address;
  const bool is_v6 = of.address.find(':') != std::string::npos;
  return "http://" + (is_v6 ? "[" + of.address + "]" : of.address) + ":" + std::to_string(of.port);
}

listening_socket listen_unix(const std::string& path, int backlog) {
  const sockaddr_un address = unix_address(path);
  remove_stale(path, address);
  socket_guard socket{::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)};
  if (socket.get() < 0 ||
      ::bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
      ::listen(socket.get(), backlog) != 0) {
    fail(path, std::strerror(errno));
  }
  return {socket.release(), path, 0};
}

} // namespace fasterapi::net
