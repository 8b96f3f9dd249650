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

struct ready_connection {
  static std::array<int, 2> make() {
    std::array<int, 2> ends{};
    REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends.data()) == 0);
    return ends;
  }
  boost::asio::io_context context;
  ready_set ready{context};
  std::array<int, 2> ends = make();
  connection ours{ends[0]};
  connection theirs{ends[1]};

  ready_connection() { ready.add(ours.fd(), this); }

  void send(std::string_view bytes) {
    boost::system::error_code error;
    REQUIRE(theirs.send(bytes, 0, error) == bytes.size());
  }
  /// What was said of ours; none: nothing.
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

TEST_CASE_METHOD(ready_connection,
                 "ready_set: what came is told once, and again when there is more") {
  REQUIRE_FALSE(look().value().has_bytes); // there is room only
  REQUIRE_FALSE(look().has_value());

  send("one");
  REQUIRE(look().value().has_bytes);
  REQUIRE_FALSE(look().has_value());
  std::array<char, 16> into{};
  REQUIRE(ours.receive(into.data(), into.size()) == 3);
  send("two");
  const auto said = look().value();
  REQUIRE(said.has_bytes);
  REQUIRE_FALSE(said.has_ended);
}

TEST_CASE_METHOD(ready_connection,
                 "ready_set: the end of the peer is told with the bytes before it") {
  send("last");
  theirs.end_sending();
  const auto said = look().value();
  REQUIRE(said.has_bytes);
  REQUIRE(said.has_ended);
}

TEST_CASE_METHOD(ready_connection, "ready_set: room is told after there was none") {
  look();
  const std::string much(16 * 1024 * 1024, 'x');
  boost::system::error_code error;
  REQUIRE(ours.send(much, 0, error) < much.size());
  REQUIRE(error == boost::system::errc::operation_would_block);
  REQUIRE_FALSE(look().has_value());
  std::string into(much.size(), '\0');
  while (theirs.receive(into.data(), into.size()) > 0) {
  }
  REQUIRE(look().value().has_room);
}

TEST_CASE_METHOD(ready_connection,
                 "ready_set: one that was removed is told no more, though its socket is open") {
  const connection copy{::dup(ours.fd())}; // as in a process that was forked
  ready.remove(ours.fd());
  ours.close();
  send("late");
  REQUIRE_FALSE(look().has_value());
  REQUIRE_THROWS_AS(ready.add(-1, this), std::system_error);
}

TEST_CASE_METHOD(ready_connection,
                 "ready_set: it ends Asio's wait, also by what came before that") {
  const boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work{
      context.get_executor()};
  look();
  for (int turn = 0; turn < 2; ++turn) {
    send("now");
    ready.arm();
    REQUIRE(context.run_one_for(std::chrono::seconds{5}) == 1);
    REQUIRE(look().value().has_bytes);
    ready.arm();
    REQUIRE(context.poll_one() == 0); // nothing new
    send("later");
    REQUIRE(context.run_one_for(std::chrono::seconds{5}) == 1);
    REQUIRE(look().value().has_bytes);
  }
}
