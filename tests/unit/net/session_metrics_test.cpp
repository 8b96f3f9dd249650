#include "unit/net/client.hpp"
#include "unit/net/serving.hpp"

#include <catch2/catch_test_macros.hpp>

#include <map>
#include <thread>

using namespace fasterapi;
using namespace fasterapi::net::test;
using observe::stage;

namespace {

constexpr std::size_t cpp = 0; // places of serving's routes
constexpr std::size_t echo = 3;

const std::string post_echo = "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx";

net::session_settings counting() {
  net::session_settings settings;
  settings.counts_requests = true;
  settings.timed_every = 2;
  return settings;
}

} // namespace

TEST_CASE(
    "session_metrics: requests of many connections are counted while others read the counts") {
  constexpr int clients = 4;
  constexpr int rounds = 200;
  serving server{counting(), 2, 2};
  std::vector<std::thread> threads;
  for (int i = 0; i < clients; ++i) {
    threads.emplace_back([&] {
      client peer{server.port()};
      for (int round = 0; round < rounds; ++round) {
        peer.send(get_cpp + post_echo);
        REQUIRE_FALSE(peer.read_answer().empty());
        REQUIRE_FALSE(peer.read_answer().empty());
      }
    });
  }
  for (int i = 0; i < 200; ++i) {
    REQUIRE(server.totals(echo).durations.count() <= clients * rounds);
    REQUIRE(server.totals(stage::queue).count() <= clients * rounds);
  }
  for (auto& each : threads) each.join();
  server.drain();
  const std::map<unsigned, std::uint64_t> all{{200, clients * rounds}};
  CHECK(server.totals(cpp).statuses == all);
  CHECK(server.totals(echo).statuses == all);
  CHECK(server.totals(stage::parse).count() == clients * rounds); // one in two
  CHECK(server.totals(stage::handler).count() == clients * rounds);
  CHECK(server.totals(stage::serialise).count() == server.totals(stage::queue).count());
}
