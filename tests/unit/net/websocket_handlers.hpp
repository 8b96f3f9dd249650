#pragma once

#include "dispatch/completion_queue.hpp"
#include "dispatch/websocket_channel.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace fasterapi::net::test {

/// The worker's side of WebSockets without Python. The handshake's query says what a handler does:
/// "deny" refuses, "hold" receives nothing before another connection with "release" is made,
/// "flood" sends 2000 messages of 1000 bytes; others echo, and close with 4000 after "bye".
class websocket_handlers {
public:
  using message = dispatch::websocket_message;

  /// A job of a WebSocket that the worker has taken.
  void run(dispatch::job& taken) {
    if (!taken.is_word) return open(taken);
    const auto about = dispatch::websocket_channel::take_word(taken);
    if (about->handler != nullptr) look(*static_cast<handler*>(about->handler));
  }

  /// Close codes that handlers have seen, any thread.
  std::vector<std::uint16_t> ends() {
    const std::lock_guard lock(mutex_);
    return ends_;
  }

private:
  struct handler {
    std::shared_ptr<dispatch::websocket_channel> channel;
    std::string mode;
    int left_to_send = 0;
  };

  void open(dispatch::job& handshake) {
    const std::string mode{handshake.exchange.request.query};
    if (mode == "deny") {
      handshake.exchange.response.status(401);
      handshake.exchange.response.set_body("no");
      handshake.exchange.response.finish();
      return handshake.origin->complete(handshake);
    }
    auto made = std::make_unique<handler>();
    made->channel = handshake.websocket;
    made->channel->handler = made.get();
    made->mode = mode;
    made->left_to_send = mode == "flood" ? 2000 : 0;
    made->channel->accept({mode == "chat" ? "chat" : "", {{"X-Mode", mode}}}, handshake);
    handshake.origin->complete(handshake);
    handler& opened = *made;
    handlers_[made.get()] = std::move(made);
    look(opened);
    if (mode != "release") return;
    std::vector<handler*> held;
    for (auto& [key, each] : handlers_) {
      if (std::exchange(each->mode, "") == "hold") held.push_back(each.get());
    }
    for (handler* each : held) look(*each);
  }

  void look(handler& at) {
    auto& channel = *at.channel;
    if (at.mode == "hold") return;
    while (at.left_to_send != 0 && !channel.to_reactor.wait_for_room()) {
      --at.left_to_send;
      send(channel, message::kind::binary, std::string(1000, 'f'));
    }
    while (!channel.to_reactor.wait_for_room()) {
      auto next = channel.to_worker.take();
      if (!next) break;
      if (channel.to_worker.give_back(next->cost())) channel.tell_reactor();
      if (next->what == message::kind::close) return end(at, next->code);
      if (next->payload.view() == "bye") {
        send(channel, message::kind::close, "bye", 4000);
      } else {
        channel.to_reactor.push(std::move(next));
        channel.tell_reactor();
      }
    }
    if (channel.has_reactor_left()) end(at, 1006);
  }

  static void send(dispatch::websocket_channel& channel, message::kind what,
                   const std::string& payload, std::uint16_t code = 0) {
    auto made = std::make_unique<message>();
    made->what = what;
    made->code = code;
    made->payload.append(payload);
    channel.to_reactor.push(std::move(made));
    channel.tell_reactor();
  }

  void end(handler& ended, std::uint16_t code) {
    ended.channel->handler = nullptr;
    ended.channel->leave_worker();
    handlers_.erase(&ended);
    const std::lock_guard lock(mutex_);
    ends_.push_back(code);
  }

  std::map<handler*, std::unique_ptr<handler>> handlers_; // the worker's thread only
  std::mutex mutex_;
  std::vector<std::uint16_t> ends_;
};

} // namespace fasterapi::net::test
