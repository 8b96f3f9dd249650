#pragma once

#include <cstdint>
#include <string>

namespace fasterapi::net {

/// A listening socket and where it listens.
struct listening_socket {
  int fd = -1;         // the caller's, then the reactor's
  std::string address; // "127.0.0.1"
  std::uint16_t port = 0;
};

/// Binds and listens with SO_REUSEPORT, so that each reactor has a queue of its own. Port 0: the
/// system chooses. The first socket of a server makes sure that the port is nobody else's.
/// TCP_NODELAY is set here and inherited by what is accepted. Throws std::runtime_error that says
/// host, port and why.
listening_socket listen_tcp(const std::string& host, std::uint16_t port, int backlog,
                            bool is_first);

/// What a listening socket that was opened elsewhere listens on; makes it fit for a reactor. Throws
/// std::runtime_error where it is none.
listening_socket adopt(int fd);

/// "http://127.0.0.1:8000" or "unix:/run/app.sock".
std::string describe(const listening_socket& of);

/// A Unix socket at `path`; a left-over one that nobody listens on is replaced. Throws likewise.
listening_socket listen_unix(const std::string& path, int backlog);

} // namespace fasterapi::net
