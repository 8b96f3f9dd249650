#include "server/listening_sockets.hpp"

#include "unit/server/temporary_folder.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_exception.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <arpa/inet.h>
#include <fcntl.h>
#include <fstream>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

using namespace fasterapi;
using namespace fasterapi::server;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::MessageMatches;
using fasterapi::test::temporary_folder;
namespace fs = std::filesystem;

namespace {

/// What a server that listens opens for two reactors; closed at the end.
class opened {
public:
  explicit opened(listening_sockets& from) : first(from.open()), second(from.open()) {}
  ~opened() {
    for (const auto& list : {first, second})
      for (const auto& each : list) ::close(each.fd);
  }
  opened(const opened&) = delete;
  opened& operator=(const opened&) = delete;

  const listening_sockets::list first;
  const listening_sockets::list second;
};

config::settings tcp() {
  config::settings made;
  made.listen.host = "127.0.0.1";
  made.listen.port = 0;
  return made;
}

config::settings unix_at(const fs::path& path) {
  config::settings made;
  made.listen.unix_socket = path.string();
  return made;
}

ino_t socket_behind(int fd) {
  struct stat found {};
  REQUIRE(::fstat(fd, &found) == 0);
  return found.st_ino;
}

bool is_inherited(int fd) { return (::fcntl(fd, F_GETFD) & FD_CLOEXEC) == 0; }

bool connects_to(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const bool is_connected =
      ::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  ::close(fd);
  return is_connected;
}

} // namespace

TEST_CASE("listening_sockets: over TCP each reactor has a queue of its own, at one port") {
  const config::settings settings = tcp();
  listening_sockets sockets{settings, {}};
  CHECK(sockets.first().empty());
  const opened made{sockets};
  REQUIRE(made.first.size() == 1);
  REQUIRE(made.second.size() == 1);
  CHECK(made.first.front().port != 0);
  CHECK(made.second.front().port == made.first.front().port);
  CHECK(socket_behind(made.first.front().fd) != socket_behind(made.second.front().fd));
  CHECK(sockets.first().front().fd == made.first.front().fd);
  CHECK(connects_to(made.first.front().port));
}

TEST_CASE("listening_sockets: a port that another server has is refused") {
  config::settings settings = tcp();
  listening_sockets sockets{settings, {}};
  const opened made{sockets};
  settings.listen.port = made.first.front().port;
  listening_sockets others{settings, {}};
  CHECK_THROWS_MATCHES(others.open(), std::runtime_error,
                       MessageMatches(ContainsSubstring(std::to_string(settings.listen.port)) &&
                                      ContainsSubstring("in use")));
  CHECK(others.first().empty());
}

TEST_CASE("listening_sockets: a Unix socket has one queue, which every reactor takes from") {
  const temporary_folder folder;
  const config::settings settings = unix_at(folder.path() / "socket");
  listening_sockets sockets{settings, {}};
  const opened made{sockets};
  CHECK(made.first.front().fd != made.second.front().fd);
  CHECK(socket_behind(made.first.front().fd) == socket_behind(made.second.front().fd));
  CHECK_FALSE(is_inherited(made.first.front().fd));
  CHECK_FALSE(is_inherited(made.second.front().fd));
  sockets.remove_file();
  CHECK(folder.names().empty());
}

TEST_CASE("listening_sockets: a file that it has not made stays") {
  const temporary_folder folder;
  const fs::path path = folder.path() / "socket";
  std::ofstream{path} << "somebody's";
  const config::settings settings = unix_at(path);
  listening_sockets sockets{settings, {}};
  CHECK_THROWS_AS(sockets.open(), std::runtime_error);
  sockets.remove_file();
  CHECK(fs::exists(path));
}

TEST_CASE("listening_sockets: those that were given are served in the place of one's own") {
  const temporary_folder folder;
  const config::settings elsewhere = unix_at(folder.path() / "given");
  const config::settings settings = unix_at(folder.path() / "own");
  listening_sockets outside{elsewhere, {}};
  const config::settings over_tcp = tcp();
  listening_sockets outside_tcp{over_tcp, {}};
  const int given_unix = outside.open().front().fd;
  const net::listening_socket given_tcp = outside_tcp.open().front();

  listening_sockets sockets{settings, {given_unix, given_tcp.fd}};
  const opened made{sockets};
  REQUIRE(made.first.size() == 2);
  REQUIRE(made.second.size() == 2);
  CHECK(made.first[0].fd == given_unix);
  CHECK(made.first[0].address == (folder.path() / "given").string());
  CHECK(made.first[1].port == given_tcp.port);
  for (const std::size_t i : {0U, 1U})
    CHECK(socket_behind(made.second[i].fd) == socket_behind(made.first[i].fd));
  sockets.remove_file();
  CHECK(folder.names() == std::vector<std::string>{"given"});
}

TEST_CASE("listening_sockets: what was given and does not listen is refused") {
  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  const config::settings settings = tcp();
  listening_sockets sockets{settings, {ends[0]}};
  CHECK_THROWS_AS(sockets.open(), std::runtime_error);
  ::close(ends[0]);
  ::close(ends[1]);
}
