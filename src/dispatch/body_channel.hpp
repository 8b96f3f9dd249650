#pragma once

#include "dispatch/channel.hpp"
#include "dispatch/pipe.hpp"
#include "http/byte_buffer.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <limits>

namespace fasterapi::dispatch {

/// A part of a request's body, de-chunked; never empty.
struct body_piece {
  http::byte_buffer bytes;
  body_piece* next = nullptr;

  /// The memory that it holds, however little of it is filled.
  std::size_t cost() const noexcept { return bytes.capacity() + sizeof *this + 64; }
};

/// The body of a request whose handler runs while it comes: its pieces to the worker, and word both
/// ways: that there are more, that there is room again. The connection makes it and submits the job
/// with it; the worker attaches itself where the handler asks for the body.
///
/// Broken off (the client has left, was too slow, sent too much) is where the reactor has left and
/// the body is not whole.
class body_channel : public channel {
public:
  body_channel(std::size_t buffer_bytes, completion_queue& origin) noexcept;

  pipe<body_piece> pieces;

  // The worker's thread.

  /// Before the first look. Until then the job itself is the word to the worker.
  void attach(const job& taken) noexcept;
  /// All of it was pushed: ask before the pipe is looked at.
  bool is_whole() const noexcept { return is_whole_.load(std::memory_order_acquire); }
  /// So, or what is left of it is little: it may be dropped behind an answer that does not wait.
  bool is_nearly_whole() const noexcept {
    return left_.load(std::memory_order_relaxed) <= little_bytes;
  }
  /// There was nothing: the client may wait to be asked (Expect: 100-continue).
  void want() noexcept;

  // The reactor's thread.

  /// How much of it is still to come, where that is known.
  void note_left(std::uint64_t bytes) noexcept { left_.store(bytes, std::memory_order_relaxed); }
  void end() noexcept;       // all of it was pushed
  void break_off() noexcept; // no more of it will be
  bool is_wanted() const noexcept { return is_wanted_.load(std::memory_order_acquire); }

private:
  static constexpr std::uint64_t little_bytes = 64 * 1024;

  std::atomic<std::uint64_t> left_{std::numeric_limits<std::uint64_t>::max()};
  std::atomic<bool> is_whole_{false};
  std::atomic<bool> is_wanted_{false};
};

} // namespace fasterapi::dispatch
