#include "server/port_file.hpp"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <stdexcept>

namespace fasterapi::server {

void write_port_file(const std::string& path, std::uint16_t port) {
  const std::string fresh = path + ".new";
  std::ofstream file{fresh, std::ios::trunc};
  file << port << '\n';
  file.close();
  if (file && std::rename(fresh.c_str(), path.c_str()) == 0) return;
  const std::string why = std::strerror(errno);
  std::remove(fresh.c_str());
  throw std::runtime_error("listen.port_file: cannot write " + path + ": " + why);
}

} // namespace fasterapi::server
