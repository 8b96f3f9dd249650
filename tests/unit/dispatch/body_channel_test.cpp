#include "dispatch/body_channel.hpp"
#include "dispatch/lane.hpp"
#include "unit/dispatch/crew.hpp"

#include <catch2/catch_test_macros.hpp>

#include <atomic>
#include <memory>
#include <string>
#include <thread>

using namespace fasterapi::dispatch;
using namespace fasterapi::dispatch::test;

namespace {

std::unique_ptr<body_piece> make(const std::string& text) {
  auto made = std::make_unique<body_piece>();
  made->bytes.append(text);
  return made;
}

/// A connection and a worker with one request between them, whose body comes.
struct upload {
  lane work{16, 1};
  worker_port& port = work.add_worker();
  completion_queue completions;
  job request;
  std::shared_ptr<body_channel> channel;
  std::atomic<bool> has_overslept{false};

  explicit upload(std::size_t buffer_bytes)
      : channel(std::make_shared<body_channel>(buffer_bytes, completions)) {
    request.origin = &completions;
    request.body = channel;
    REQUIRE(work.submit(request));
  }
  /// Word that is still under way holds the channel.
  ~upload() {
    take_words();
    while (job* const word = port.take())
      if (word->is_word) (void)channel::take_word(*word);
  }

  bool take_words() {
    job* next = completions.take_all();
    const bool had_any = next != nullptr;
    while (next != nullptr) {
      job& word = *next;
      next = word.next;
      if (word.is_word) (void)channel::take_word(word);
    }
    return had_any;
  }
  /// The worker: how much came; `is_whole` says how it ended.
  std::size_t read(noise& random, bool& is_whole) {
    while (port.take() == nullptr) std::this_thread::yield();
    random.pause();
    channel->attach(request);
    std::size_t size = 0;
    for (;;) {
      is_whole = channel->is_whole();
      const bool is_broken = channel->has_reactor_left();
      if (const auto piece = channel->pieces.take()) {
        size += piece->bytes.size();
        if (channel->pieces.give_back(piece->cost())) channel->tell_reactor();
        random.pause();
      } else if (is_whole || is_broken) {
        return size;
      } else {
        channel->want();
        wait_for_word();
      }
    }
  }
  void wait_for_word() {
    for (;;) {
      if (job* const word = port.take()) {
        (void)channel::take_word(*word);
        return;
      }
      if (!port.prepare_sleep()) continue;
      has_overslept = has_overslept || !is_readable(port.fd(), patience);
      port.awake();
    }
  }
  void send(const std::string& text) {
    while (channel->pieces.wait_for_room()) {
      if (take_words() || !completions.prepare_sleep()) continue;
      has_overslept = has_overslept || !is_readable(completions.fd(), patience);
      completions.awake();
    }
    channel->pieces.push(make(text));
    channel->tell_worker();
  }
};

} // namespace

TEST_CASE("body_channel: every piece arrives, whenever the worker begins to look") {
  for (int round = 0; round < 200; ++round) {
    const std::size_t count = 1 + static_cast<std::size_t>(round) % 40;
    upload one{round % 3 == 0 ? std::size_t{1} : std::size_t{700}};
    std::size_t received = 0;
    bool is_whole = false;
    std::thread worker{[&] {
      noise random{static_cast<std::uint64_t>(round)};
      received = one.read(random, is_whole);
    }};
    noise random{static_cast<std::uint64_t>(round) + 1000};
    for (std::size_t i = 0; i < count; ++i) {
      one.send("0123456789");
      random.pause();
    }
    one.channel->end();
    worker.join();
    CHECK(received == 10 * count);
    CHECK(is_whole);
    CHECK_FALSE(one.has_overslept);
  }
}

TEST_CASE("body_channel: nearly whole is a body of which little is known to be left, or nothing") {
  upload one{1024};
  CHECK_FALSE(one.channel->is_nearly_whole());
  one.channel->note_left(64 * 1024 + 1);
  CHECK_FALSE(one.channel->is_nearly_whole());
  one.channel->note_left(64 * 1024);
  CHECK(one.channel->is_nearly_whole());
  upload other{1024};
  other.channel->end();
  CHECK(other.channel->is_nearly_whole());
}

TEST_CASE("body_channel: a body that breaks off ends behind what has come of it") {
  for (int round = 0; round < 200; ++round) {
    upload one{10000};
    std::size_t received = 0;
    bool is_whole = true;
    std::thread worker{[&] {
      noise random{static_cast<std::uint64_t>(round)};
      received = one.read(random, is_whole);
    }};
    for (int i = 0; i < round % 4; ++i) one.send("abc");
    one.channel->break_off();
    worker.join();
    CHECK(received == 3 * (static_cast<std::size_t>(round) % 4));
    CHECK_FALSE(is_whole);
  }
}

TEST_CASE("body_channel: the client is asked once, and a worker that never looks hears nothing") {
  upload one{1000};
  CHECK_FALSE(one.channel->is_wanted());
  one.send("a");
  REQUIRE(one.port.take() == &one.request);
  CHECK(one.port.take() == nullptr); // the job itself was the word
  one.channel->want();
  one.channel->want();
  CHECK(one.channel->is_wanted());
  CHECK(one.take_words());
  CHECK_FALSE(one.take_words());
}

TEST_CASE("body_channel: a worker that has left is told nothing") {
  upload one{1000};
  REQUIRE(one.port.take() == &one.request);
  one.channel->attach(one.request);
  one.channel->leave_worker();
  one.channel->end();
  CHECK(one.port.take() == nullptr);
}
