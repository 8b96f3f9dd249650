#include "dispatch/lane.hpp"
#include "dispatch/websocket_channel.hpp"
#include "unit/dispatch/crew.hpp"

#include <catch2/catch_test_macros.hpp>

#include <atomic>
#include <functional>
#include <string>
#include <thread>

using namespace fasterapi::dispatch;
using namespace fasterapi::dispatch::test;

namespace {

using message = websocket_message;

std::unique_ptr<message> make(const std::string& text, message::kind what = message::kind::text) {
  auto made = std::make_unique<message>();
  made->what = what;
  made->payload.append(text);
  return made;
}

std::string text_of(const std::unique_ptr<message>& of) {
  return of ? std::string{of->payload.view()} : "nothing";
}

/// A reactor and a worker, each on a thread of its own, with one accepted handshake between them.
struct pair_of_threads {
  lane work{16, 1};
  worker_port& port = work.add_worker();
  completion_queue completions;
  job handshake;
  std::shared_ptr<websocket_channel> channel;
  std::atomic<bool> has_overslept{false};

  explicit pair_of_threads(std::size_t buffer_bytes) {
    channel = std::make_shared<websocket_channel>(buffer_bytes);
    handshake.origin = &completions;
    handshake.websocket = channel;
    REQUIRE(work.submit(handshake));
    job* const taken = port.take();
    REQUIRE(taken == &handshake);
    channel->accept({}, *taken);
  }
  /// Word that is still under way holds the channel.
  ~pair_of_threads() {
    for (job* next = completions.take_all(); next != nullptr;) {
      job& word = *next;
      next = word.next;
      (void)websocket_channel::take_word(word);
    }
    while (job* const word = port.take()) (void)websocket_channel::take_word(*word);
  }

  /// Until `is_over`, calls `look` at first and after each word.
  void run_worker(const std::function<bool()>& look) {
    bool is_over = look();
    while (!is_over) {
      if (job* const word = port.take()) {
        const auto about = websocket_channel::take_word(*word);
        is_over = look();
      } else if (port.prepare_sleep()) {
        has_overslept = has_overslept || !is_readable(port.fd(), patience);
        port.awake();
      }
    }
  }
  void run_reactor(const std::function<bool()>& look) {
    bool is_over = look();
    while (!is_over) {
      job* next = completions.take_all();
      while (next != nullptr) {
        job& word = *next;
        next = word.next;
        const auto about = websocket_channel::take_word(word);
        is_over |= look();
      }
      if (!is_over && completions.prepare_sleep()) {
        has_overslept = has_overslept || !is_readable(completions.fd(), patience);
        completions.awake();
      }
    }
  }
};

} // namespace

TEST_CASE("websocket_pipe: messages come in order, and count until they are given back") {
  websocket_pipe pipe{1000};
  for (const char* text : {"a", "b", "c"}) pipe.push(make(text));
  CHECK(text_of(pipe.take()) == "a");
  pipe.push(make("d"));
  for (const char* text : {"b", "c", "d"}) CHECK(text_of(pipe.take()) == text);
  CHECK(pipe.take() == nullptr);
  CHECK_FALSE(pipe.is_full());
  pipe.push(make(std::string(2000, 'x'))); // more than there is room for: the last one may be
  CHECK(pipe.is_full());
  const auto large = pipe.take();
  CHECK(pipe.is_full());
  CHECK(pipe.wait_for_room());
  CHECK(pipe.give_back(large->cost()));
  CHECK_FALSE(pipe.wait_for_room());
  CHECK_FALSE(pipe.give_back(0)); // nobody waits any more
}

TEST_CASE("websocket_pipe: what nobody takes is freed with it") {
  websocket_pipe pipe{1000};
  pipe.push(make("a"));
  pipe.push(make("b"));
  CHECK(text_of(pipe.take()) == "a");
  pipe.push(make("c"));
}

TEST_CASE("websocket_channel: word under way is not sent twice, and keeps the channel alive") {
  pair_of_threads both{1000};
  both.channel->tell_worker();
  both.channel->tell_worker();
  both.handshake.websocket.reset();
  const std::weak_ptr<websocket_channel> seen = both.channel;
  both.channel.reset();
  REQUIRE_FALSE(seen.expired());
  {
    job* const word = both.port.take();
    REQUIRE(word != nullptr);
    const auto about = websocket_channel::take_word(*word);
    CHECK(both.port.take() == nullptr);
    about->leave_worker();
    about->tell_worker(); // nobody to hear it
    CHECK(both.port.take() == nullptr);
  }
  CHECK(seen.expired());
}

TEST_CASE("websocket_channel: both sides send as fast as they may, and lose nothing") {
  for (const std::size_t buffer_bytes : {std::size_t{1}, std::size_t{500}, std::size_t{10000}}) {
    constexpr int count = 5000;
    pair_of_threads both{buffer_bytes};
    websocket_channel& channel = *both.channel;
    int to_worker = 0, at_worker = 0, to_reactor = 0, at_reactor = 0;
    std::thread worker{[&] {
      both.run_worker([&] {
        while (auto got = channel.to_worker.take()) {
          if (got->payload.view() == std::to_string(at_worker)) ++at_worker;
          if (channel.to_worker.give_back(got->cost())) channel.tell_reactor();
        }
        while (to_reactor < count && !channel.to_reactor.wait_for_room()) {
          channel.to_reactor.push(make(std::to_string(to_reactor++)));
          channel.tell_reactor();
        }
        return at_worker == count && to_reactor == count;
      });
    }};
    both.run_reactor([&] {
      while (auto got = channel.to_reactor.take()) {
        if (got->payload.view() == std::to_string(at_reactor)) ++at_reactor;
        if (channel.to_reactor.give_back(got->cost())) channel.tell_worker();
      }
      while (to_worker < count && !channel.to_worker.wait_for_room()) {
        channel.to_worker.push(make(std::to_string(to_worker++)));
        channel.tell_worker();
      }
      return at_reactor == count && to_worker == count;
    });
    worker.join();
    CHECK(at_worker == count);
    CHECK(at_reactor == count);
    CHECK_FALSE(both.has_overslept);
  }
}

TEST_CASE("websocket_channel: either side may leave at any time") {
  for (int round = 0; round < 300; ++round) {
    pair_of_threads both{500};
    auto channel = both.channel;
    both.handshake.websocket.reset();
    std::thread worker{[&both, kept = channel, round]() mutable {
      for (int i = 0; i < round % 7; ++i) {
        kept->to_reactor.push(make("x"));
        kept->tell_reactor();
      }
      kept->leave_worker();
      kept.reset();
      while (job* const word = both.port.take()) (void)websocket_channel::take_word(*word);
    }};
    for (int i = 0; i < round % 5; ++i) {
      channel->to_worker.push(make("y"));
      channel->tell_worker();
    }
    channel->leave_reactor();
    channel->tell_worker();
    channel.reset();
    worker.join();
  }
}
