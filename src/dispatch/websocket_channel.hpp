#pragma once

#include "dispatch/job.hpp"
#include "dispatch/websocket_pipe.hpp"

#include <atomic>
#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace fasterapi::dispatch {

/// What a WebSocket's connection, with its reactor, and its handler, with one worker, share from
/// the handshake to the end of both: messages in either direction, and word that there are some.
///
/// The handshake is a job like any other, which a worker answers: with an HTTP response, or by
/// accept(). From then on word goes both ways, the worker's through its reactor's completion queue,
/// the reactor's through the worker's inbox: jobs of ours that carry nothing but the hint to look
/// at pipes and flags. Word that is under way is not sent twice. docs/websockets.md has the
/// argument.
///
/// Each side holds a shared_ptr; so does word under way.
class websocket_channel : public std::enable_shared_from_this<websocket_channel> {
public:
  /// What the answer to the handshake has beside what the protocol wants.
  struct acceptance {
    std::string subprotocol; // empty: none
    std::vector<std::pair<std::string, std::string>> fields;
  };

  explicit websocket_channel(std::size_t buffer_bytes) noexcept;

  websocket_pipe to_worker;
  websocket_pipe to_reactor;

  // The worker's thread.

  /// Before the handshake's job is handed back: the connection is to become a WebSocket.
  void accept(acceptance with, job& handshake) noexcept;
  bool is_accepted() const noexcept { return is_accepted_; } // the reactor: once the job is back
  void tell_reactor() noexcept;
  /// The handler has ended, and has sent its close: messages to it are of no use any more.
  void leave_worker() noexcept { has_worker_left_.store(true, std::memory_order_seq_cst); }
  bool has_reactor_left() const noexcept { return has_reactor_left_.load(); }
  void* handler = nullptr; // what the worker keeps about it

  // The reactor's thread.

  const acceptance& accepted() const noexcept { return acceptance_; }
  void tell_worker() noexcept;
  /// The connection is over, and has sent its close.
  void leave_reactor() noexcept { has_reactor_left_.store(true, std::memory_order_seq_cst); }
  bool has_worker_left() const noexcept { return has_worker_left_.load(); }
  /// The connection was gone before it could become a WebSocket.
  void abandon() noexcept;
  void* connection = nullptr; // null: not yet, or no more

  /// Whoever gets a job that is_word: the channel it is about. From here on there may be new word.
  static std::shared_ptr<websocket_channel> take_word(job& arrived) noexcept;

private:
  struct word {
    job carrier;
    std::atomic<bool> is_under_way{false};
  };

  word& word_of(const job& carrier) noexcept;
  bool start(word& sent) noexcept;

  acceptance acceptance_;
  bool is_accepted_ = false;
  std::atomic<bool> has_worker_left_{false};
  std::atomic<bool> has_reactor_left_{false};
  word worker_word_;  // for the worker
  word reactor_word_; // for the reactor
};

} // namespace fasterapi::dispatch
