#pragma once

#include "dispatch/mpmc_ring.hpp"
#include "http/byte_buffer.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>

namespace fasterapi::dispatch {

/// One message of a WebSocket, or the last: its end.
struct websocket_message {
  enum class kind : std::uint8_t { text, binary, close };
  kind what = kind::text;
  std::uint16_t code = 0;    // with close
  http::byte_buffer payload; // with close: the reason, UTF-8
  websocket_message* next = nullptr;

  /// What it counts for: its payload, and the memory of the message itself.
  std::size_t cost() const noexcept { return payload.size() + sizeof *this + 64; }
};

/// Messages on their way from one thread to another, in order. It is bounded by its capacity and
/// one message: the sender stops when it is full, and goes on when half is free again. What was
/// taken counts until it is given back, so a receiver that holds messages holds up the sender.
///
/// Sender and receiver tell each other by other means (websocket_channel) when to look.
class websocket_pipe {
public:
  explicit websocket_pipe(std::size_t capacity_bytes) noexcept : capacity_(capacity_bytes) {}
  ~websocket_pipe();
  websocket_pipe(const websocket_pipe&) = delete;
  websocket_pipe& operator=(const websocket_pipe&) = delete;

  // The sender's thread.

  void push(std::unique_ptr<websocket_message> sent) noexcept;
  bool is_full() const noexcept { return load_.load(std::memory_order_seq_cst) >= capacity_; }
  /// True: full, and the receiver will say when there is room. False: there is room.
  bool wait_for_room() noexcept;

  // The receiver's thread.

  /// The next message; null: none. Its cost counts until give_back().
  std::unique_ptr<websocket_message> take() noexcept;
  /// True, once: the sender waits and there is room again: tell it.
  bool give_back(std::size_t cost) noexcept;

private:
  bool has_room() const noexcept { return load_.load(std::memory_order_seq_cst) <= capacity_ / 2; }
  void take_all() noexcept;

  const std::size_t capacity_;
  alignas(cache_line) std::atomic<websocket_message*> newest_{nullptr}; // a Treiber stack
  std::atomic<std::size_t> load_{0};
  std::atomic<bool> has_waiting_sender_{false};
  websocket_message* taken_ = nullptr; // the receiver's, oldest first
};

} // namespace fasterapi::dispatch
