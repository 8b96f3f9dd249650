#pragma once

#include "dispatch/job.hpp"

#include <atomic>
#include <cstdint>
#include <memory>

namespace fasterapi::dispatch {

/// What a connection, with its reactor, and a handler, with one worker, share for as long as both
/// have something to tell each other. What they send goes through pipes of the classes below it;
/// here is the word that there is something: the worker's through its reactor's completion queue,
/// the reactor's through the worker's inbox, by jobs of ours that carry nothing but the hint to
/// look at pipes and flags. Word that is under way is not sent twice. docs/websockets.md has the
/// argument.
///
/// Each side holds a shared_ptr; so does word under way.
class channel : public std::enable_shared_from_this<channel> {
public:
  enum class kind : std::uint8_t { websocket, body };
  const kind what;

  // The worker's thread.

  void tell_reactor() noexcept;
  /// The handler has ended, or wants no more: what is sent to it is of no use.
  void leave_worker() noexcept { has_worker_left_.store(true, std::memory_order_seq_cst); }
  bool has_reactor_left() const noexcept { return has_reactor_left_.load(); }
  void* handler = nullptr; // what the worker keeps about it

  // The reactor's thread.

  void tell_worker() noexcept;
  /// The connection is over, or sends no more.
  void leave_reactor() noexcept { has_reactor_left_.store(true, std::memory_order_seq_cst); }
  bool has_worker_left() const noexcept { return has_worker_left_.load(); }
  void* connection = nullptr; // null: not yet, or no more

  /// Whoever gets a job that is_word: the channel it is about. From here on there may be new word.
  static std::shared_ptr<channel> take_word(job& arrived) noexcept;

protected:
  explicit channel(kind of) noexcept;
  ~channel() = default;

  /// Where word to each side goes.
  void address_worker(const job& taken) noexcept;
  void address_reactor(completion_queue& origin) noexcept;
  /// Word to the worker counts as under way until it says that it looks.
  void hold_word_to_worker() noexcept;
  void release_word_to_worker() noexcept;

private:
  struct word {
    job carrier;
    std::atomic<bool> is_under_way{false};
  };

  word& word_of(const job& carrier) noexcept;
  bool start(word& sent) noexcept;

  std::atomic<bool> has_worker_left_{false};
  std::atomic<bool> has_reactor_left_{false};
  word worker_word_;  // for the worker
  word reactor_word_; // for the reactor
};

} // namespace fasterapi::dispatch
