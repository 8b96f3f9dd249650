#include "process/message.hpp"

#include <catch2/catch_test_macros.hpp>

#include <array>
#include <sys/socket.h>
#include <thread>

using namespace fasterapi::process;

namespace {

std::array<int, 2> socket_pair() {
  std::array<int, 2> ends{};
  REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends.data()) == 0);
  return ends;
}

} // namespace

TEST_CASE("channel: messages arrive whole and in order, however long") {
  const auto ends = socket_pair();
  channel here{ends[0]}, there{ends[1]};
  const std::string longer(1'000'000, 'x');
  std::thread sender{[&] {
    CHECK(here.send(message::kind::files, longer));
    CHECK(here.send(message::kind::failed, ""));
  }};
  const auto first = there.wait(), second = there.wait();
  sender.join();
  REQUIRE(first);
  CHECK(first->what == message::kind::files);
  CHECK(first->text == longer);
  REQUIRE(second);
  CHECK(second->what == message::kind::failed);
  CHECK(second->text.empty());
}

TEST_CASE("channel: a message in pieces is taken when it is whole") {
  const auto ends = socket_pair();
  channel there{ends[1]};
  const std::string bytes{"L\x03\0\0\0abc", 8};
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    REQUIRE(there.receive());
    CHECK_FALSE(there.take());
    REQUIRE(::send(ends[0], &bytes[i], 1, 0) == 1);
  }
  REQUIRE(there.receive());
  const auto whole = there.take();
  REQUIRE(whole);
  CHECK(whole->what == message::kind::loaded);
  CHECK(whole->text == "abc");
  channel{ends[0]}.close();
}

TEST_CASE("channel: the end of the other side is seen") {
  const auto ends = socket_pair();
  channel here{ends[0]}, there{ends[1]};
  here.close();
  CHECK_FALSE(there.receive());
  CHECK_FALSE(there.wait());
  CHECK_FALSE(there.send(message::kind::serve));
}
