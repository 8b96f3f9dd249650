#include "net/connection.hpp"
#include "net/ready_set.hpp"

#include <boost/asio/executor_work_guard.hpp>

#include <catch2/catch_test_macros.hpp>

#include <sys/socket.h>

#include <array>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <unistd.h>

using namespace fasterapi::net;

namespace {

struct pair_of_connections {
  static std::array<int, 2> make() {
    std::array<int, 2> ends{};
    REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends.data()) == 0);
    return ends;
  }
  std::array<int, 2> ends = make();
  connection ours{ends[0]};
  connection theirs{ends[1]};

  void send(std::string_view bytes) {
    boost::system::error_code error;
    REQUIRE(theirs.send(bytes, 0, error) == bytes.size());
  }
};

struct told {
  ready_set& ready;
  /// What was said of the one owner; none: nothing.
  std::optional<readiness> look() {
    std::optional<readiness> said;
    ready.look([&](void* owner, readiness now) {
      REQUIRE(owner == this);
      said = now;
    });
    return said;
  }
};

} // namespace

TEST_CASE("ready_set: what came is told once, and again when there is more") {
  boost::asio::io_context context;
  ready_set ready{context};
  pair_of_connections sockets;
  told us{ready};
  ready.add(sockets.ours.fd(), &us);
  REQUIRE_FALSE(us.look().value().has_bytes); // there is room only
  REQUIRE_FALSE(us.look().has_value());

  sockets.send("one");
  REQUIRE(us.look().value().has_bytes);
  REQUIRE_FALSE(us.look().has_value());
  std::array<char, 16> into{};
  REQUIRE(sockets.ours.receive(into.data(), into.size()) == 3);
  sockets.send("two");
  const auto said = us.look().value();
  REQUIRE(said.has_bytes);
  REQUIRE_FALSE(said.has_ended);
}

TEST_CASE("ready_set: the end of the peer is told with the bytes before it") {
  boost::asio::io_context context;
  ready_set ready{context};
  pair_of_connections sockets;
  told us{ready};
  ready.add(sockets.ours.fd(), &us);
  sockets.send("last");
  sockets.theirs.end_sending();
  const auto said = us.look().value();
  REQUIRE(said.has_bytes);
  REQUIRE(said.has_ended);
}

TEST_CASE("ready_set: room is told after there was none") {
  boost::asio::io_context context;
  ready_set ready{context};
  pair_of_connections sockets;
  told us{ready};
  ready.add(sockets.ours.fd(), &us);
  us.look();
  const std::string much(16 * 1024 * 1024, 'x');
  boost::system::error_code error;
  REQUIRE(sockets.ours.send(much, 0, error) < much.size());
  REQUIRE(error == boost::system::errc::operation_would_block);
  REQUIRE_FALSE(us.look().has_value());
  std::string into(much.size(), '\0');
  while (sockets.theirs.receive(into.data(), into.size()) > 0) {
  }
  REQUIRE(us.look().value().has_room);
}

TEST_CASE("ready_set: one that was removed is told no more, though its socket is open") {
  boost::asio::io_context context;
  ready_set ready{context};
  pair_of_connections sockets;
  told us{ready};
  ready.add(sockets.ours.fd(), &us);
  const connection copy{::dup(sockets.ours.fd())}; // as in a process that was forked
  ready.remove(sockets.ours.fd());
  sockets.ours.close();
  sockets.send("late");
  REQUIRE_FALSE(us.look().has_value());
  REQUIRE_THROWS_AS(ready.add(-1, &us), std::system_error);
}

TEST_CASE("ready_set: it ends Asio's wait, also by what came before that") {
  boost::asio::io_context context;
  const boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work{
      context.get_executor()};
  ready_set ready{context};
  pair_of_connections sockets;
  told us{ready};
  ready.add(sockets.ours.fd(), &us);
  us.look();
  for (int turn = 0; turn < 2; ++turn) {
    sockets.send("now");
    ready.arm();
    REQUIRE(context.run_one_for(std::chrono::seconds{5}) == 1);
    REQUIRE(us.look().value().has_bytes);
    ready.arm();
    REQUIRE(context.poll_one() == 0); // nothing new
    sockets.send("later");
    REQUIRE(context.run_one_for(std::chrono::seconds{5}) == 1);
    REQUIRE(us.look().value().has_bytes);
  }
}
