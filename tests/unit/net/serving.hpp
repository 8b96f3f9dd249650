#pragma once

#include "dispatch/lane.hpp"
#include "net/listening_socket.hpp"
#include "net/reactor.hpp"
#include "net/service.hpp"
#include "routing/route_table.hpp"
#include "support/answer.hpp"
#include "unit/net/websocket_handlers.hpp"

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <fcntl.h>
#include <memory>
#include <mutex>
#include <poll.h>
#include <semaphore>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace fasterapi::net::test {

using fasterapi::test::body_of;

inline const std::string get_cpp = "GET /cpp HTTP/1.1\r\nHost: a\r\n\r\n";

/// Reactors and workers without Python: GET /cpp from C++, POST /echo and GET /gated through the
/// lane. A gated request is answered when open_gate() is called; GET /lent lends its body, and GET
/// /file one that is in the file that share() got; /ws is for websocket_handlers.
class serving {
public:
  explicit serving(session_settings settings = {}, unsigned reactors = 1, unsigned workers = 1,
                   std::size_t queue_capacity = 64)
      : lane_(queue_capacity, 8), routes_(make_routes()) {
    service_.settings = settings;
    service_.routes = &routes_;
    service_.lane = &lane_;
    for (unsigned index = 0; index < reactors; ++index) {
      reactors_.push_back(std::make_unique<reactor>(service_, index));
      const auto socket = listen_tcp("127.0.0.1", port_, 64, index == 0);
      port_ = socket.port;
      reactors_.back()->listen(socket.fd);
    }
    for (unsigned index = 0; index < workers; ++index) {
      threads_.emplace_back([this, &port = lane_.add_worker()] { work(port); });
    }
    for (auto& each : reactors_) io_.emplace_back([&each] { each->run(); });
  }

  ~serving() {
    gate_.release(1000);
    drain();
    lane_.close();
    for (auto& each : threads_) each.join();
  }

  void drain() {
    begin_drain();
    join();
  }
  /// As when the time of a drain has run out.
  void cut_off() {
    begin_drain();
    for (auto& each : reactors_) each->stop();
    join();
  }

  std::uint16_t port() const { return port_; }
  void open_gate(int times = 1) { gate_.release(times); }
  static const std::string& lent_text() {
    static const std::string text(16 * 1024 * 1024, 'l');
    return text;
  }
  /// Whether so many of what was lent are back, a moment later at the latest.
  bool are_back(int count) {
    std::unique_lock lock{returning_};
    is_back_.wait_for(lock, std::chrono::seconds{5}, [&] { return returned_ >= count; });
    return returned_ == count;
  }
  /// A file and how much of it is promised.
  void share(std::string path, std::uint64_t promised) {
    path_ = std::move(path);
    promised_ = promised;
  }
  websocket_handlers& sockets() { return sockets_; }
  const observe::reactor_counters& counters() const { return reactors_[0]->counters(); }
  /// What all reactors have counted of a route, by its place in order of registration.
  observe::request_totals totals(std::size_t route) const {
    observe::request_totals sum;
    for (const auto& each : reactors_) std::as_const(*each).metrics()->add_to(sum, 2 * route);
    return sum;
  }
  observe::duration_totals totals(observe::stage of) const {
    observe::duration_totals sum;
    for (const auto& each : reactors_) sum.add(std::as_const(*each).metrics()->of(of));
    return sum;
  }

private:
  void begin_drain() {
    service_.is_draining = true;
    for (auto& each : reactors_) each->begin_drain();
  }
  void join() {
    for (auto& each : io_) {
      if (each.joinable()) each.join();
    }
  }

  enum python_route : std::uint32_t { echo, gated, parts, lent, file, websocket };

  static routing::route_table make_routes() {
    routing::route_table_builder builder;
    Router router{builder};
    router.add_cpp_route("GET", "/cpp", [](HttpRequest*, HttpResponse* to) { to->body("cpp"); });
    router.add_cpp_route("GET", "/blocks", [](HttpRequest*, HttpResponse* to) {
      std::this_thread::sleep_for(std::chrono::milliseconds{250});
      to->body("blocked");
    });
    router.add_cpp_route("GET", "/throws", [](HttpRequest*, HttpResponse*) { throw 42; });
    const auto add = [&](const char* method, const char* path, std::uint32_t handler) {
      builder.add({HandlerType::PYTHON, {}, handler, method, path, "serving.hpp", false});
    };
    add("POST", "/echo", echo);
    add("GET", "/gated", gated);
    add("GET", "/parts", parts);
    add("GET", "/lent", lent);
    add("HEAD", "/lent", lent);
    add("GET", "/file", file);
    add("HEAD", "/file", file);
    builder.add({HandlerType::PYTHON, {}, websocket, "", "/ws", "serving.hpp", false, true});
    return std::move(builder).build();
  }

  void work(dispatch::worker_port& port) {
    for (;;) {
      while (port.take_returned() != nullptr) take_back();
      if (auto* taken = port.take()) {
        answer(*taken);
      } else if (port.is_closing()) {
        return;
      } else if (port.prepare_sleep()) {
        pollfd readable{port.fd(), POLLIN, 0};
        ::poll(&readable, 1, 1000);
        port.awake();
      }
    }
  }

  void take_back() {
    const std::lock_guard lock{returning_};
    ++returned_;
    is_back_.notify_all();
  }

  void answer(dispatch::job& taken) {
    if (taken.is_word || taken.websocket) return sockets_.run(taken); // one worker only
    auto& held = taken.exchange;
    if (taken.handler == parts) return answer_in_parts(taken);
    if (taken.handler == lent || taken.handler == file) return answer_lent(taken);
    if (taken.handler == gated) gate_.acquire();
    held.response.set_body(taken.handler == echo ? held.request.body : "gated");
    held.response.finish();
    taken.origin->complete(taken);
  }

  void answer_lent(dispatch::job& taken) {
    auto& held = taken.exchange;
    if (held.request.query == "gated") gate_.acquire();
    if (taken.handler == file)
      held.response.set_outside_file({::open(path_.c_str(), O_RDONLY | O_CLOEXEC), 0, promised_});
    else
      held.response.set_outside_body(lent_text());
    held.response.finish();
    taken.lent = &taken.worker->lend(&returned_);
    taken.origin->complete(taken);
  }

  /// Three parts, one for each time the reactor sent the one before.
  void answer_in_parts(dispatch::job& taken) {
    auto& response = taken.exchange.response;
    if (!taken.has_more) response.stream_start();
    taken.has_more = parts_sent_ < 3 && !taken.cancelled;
    if (taken.has_more) {
      response.stream_part("part" + std::to_string(++parts_sent_));
    } else {
      response.stream_end();
      parts_sent_ = 0;
    }
    taken.origin->complete(taken);
  }

  dispatch::lane lane_;
  routing::route_table routes_;
  service service_;
  std::uint16_t port_ = 0;
  int parts_sent_ = 0; // one worker only
  websocket_handlers sockets_;
  std::counting_semaphore<> gate_{0};
  std::mutex returning_;
  std::condition_variable is_back_;
  int returned_ = 0;
  std::string path_; // the next two: not while a request is on its way
  std::uint64_t promised_ = 0;
  std::vector<std::unique_ptr<reactor>> reactors_;
  std::vector<std::thread> threads_;
  std::vector<std::thread> io_;
};

} // namespace fasterapi::net::test
