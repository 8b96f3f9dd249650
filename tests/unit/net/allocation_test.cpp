#include "support/allocation_count.hpp"
#include "unit/net/client.hpp"

#include "dispatch/lane.hpp"
#include "net/listening_socket.hpp"
#include "net/reactor.hpp"
#include "net/service.hpp"
#include "routing/route_table.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace fasterapi;
using namespace fasterapi::net;

namespace {

/// A reactor and the worker that leads it, run by the test's own thread: all the way of a request
/// is in the count.
class one_thread {
public:
  one_thread() : routes_(make_routes()), port_(lane_.add_worker()), reactor_(service_, 0) {}

  std::uint16_t listen() {
    const auto socket = listen_tcp("127.0.0.1", 0, 4, true);
    reactor_.listen(socket.fd);
    return socket.port;
  }

  /// Until that many more requests are answered.
  void serve(std::uint64_t requests) {
    const auto until = answered_ + requests;
    while (answered_ != until) {
      reactor_.turn();
      while (auto* const taken = port_.take()) {
        auto& held = taken->exchange;
        held.response.content_type("application/json");
        held.response.set_body(held.request.path);
        held.response.finish();
        taken->origin->complete(*taken);
        reactor_.deliver(reactor::clock::now());
        ++answered_;
      }
    }
  }

private:
  routing::route_table make_routes() {
    service_.lane = &lane_;
    service_.routes = &routes_;
    routing::route_table_builder builder;
    Router router{builder};
    router.add_cpp_route("GET", "/cpp/{name}", [this](HttpRequest* of, HttpResponse* to) {
      to->set_json(of->path_param(0));
      ++answered_;
    });
    builder.add({HandlerType::PYTHON, {}, 0, "POST", "/python/{name}", "here", false});
    return std::move(builder).build();
  }

  dispatch::lane lane_{16, 1};
  service service_;
  routing::route_table routes_;
  dispatch::worker_port& port_;
  reactor reactor_;
  std::uint64_t answered_ = 0; // by the handler, or by the worker
};

std::string repeat(const std::string& text, int times) {
  std::string all;
  while (times-- > 0) all += text;
  return all;
}

/// Allocations of the server while it answers the same bytes for the third time and on.
std::size_t count_warm(const std::string& bytes, std::uint64_t requests) {
  one_thread server;
  test::client peer{server.listen()};
  for (int turn = 0; turn < 2; ++turn) {
    peer.send(bytes);
    server.serve(requests);
  }
  const auto before = tests::allocation_count();
  for (int turn = 0; turn < 10; ++turn) {
    peer.send(bytes);
    server.serve(requests);
  }
  return tests::allocation_count() - before;
}

const std::string get_cpp = "GET /cpp/a%20b?q=1 HTTP/1.1\r\nHost: a\r\nAccept: */*\r\n\r\n";
const std::string post_python = "POST /python/x HTTP/1.1\r\nHost: a\r\nContent-Type: "
                                "text/plain\r\nContent-Length: 5\r\n\r\nhello";

} // namespace

TEST_CASE("session: the warm way of a request to a C++ route allocates nothing") {
  CHECK(count_warm(get_cpp, 1) == 0);
  CHECK(count_warm(repeat(get_cpp, 16), 16) == 0);
}

TEST_CASE("session: the warm way of a request through the ring allocates nothing") {
  CHECK(count_warm(post_python, 1) == 0);
  CHECK(count_warm(repeat(post_python, 16), 16) == 0);
  CHECK(count_warm(repeat(get_cpp + post_python, 8), 16) == 0);
}
