#include "server/listening_sockets.hpp"

#include <fcntl.h>
#include <unistd.h>
#include <utility>

namespace fasterapi::server {

listening_sockets::listening_sockets(const config::settings& settings, std::vector<int> given)
    : settings_(settings), given_(std::move(given)) {}

listening_sockets::list listening_sockets::open() {
  if (first_.empty()) return first_ = open_first();
  const auto& where = settings_.listen;
  if (given_.empty() && where.unix_socket.empty())
    return {net::listen_tcp(where.host, first_.front().port, where.backlog, false)};
  list made = first_;
  for (auto& each : made) each.fd = ::fcntl(each.fd, F_DUPFD_CLOEXEC, 0);
  return made;
}

listening_sockets::list listening_sockets::open_first() const {
  const auto& where = settings_.listen;
  list made;
  for (const int fd : given_) made.push_back(net::adopt(fd));
  if (!made.empty()) return made;
  if (!where.unix_socket.empty()) return {net::listen_unix(where.unix_socket, where.backlog)};
  return {net::listen_tcp(where.host, where.port, where.backlog, true)};
}

void listening_sockets::remove_file() const noexcept {
  const std::string& file = settings_.listen.unix_socket;
  if (!first_.empty() && given_.empty() && !file.empty()) ::unlink(file.c_str());
}

} // namespace fasterapi::server
