#pragma once

#include "http/exchange.hpp"
#include "observe/stage_times.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>

namespace fasterapi::dispatch {

class body_channel;
class channel;
class completion_queue;
class websocket_channel;
class worker_port;
struct lent_body;

/// Who has the job. Transitions (compare-and-swap where two sides race):
/// at_reactor -> queued (submit) -> running (a worker takes it) -> at_reactor (completed or part);
/// queued -> withdrawn (the reactor gave up waiting; the worker that pops it returns it untouched).
enum class job_state : std::uint8_t { at_reactor, queued, running, withdrawn };

/// One request on its way to a handler and back: exactly one thread owns its exchange at a time.
/// Made and pooled by a reactor; it outlives its connection, so a worker never sees one die.
struct job {
  http::exchange exchange;

  // Set by the reactor before submit.
  std::uint32_t handler = 0; // route::python_handler
  completion_queue* origin = nullptr;
  void* owner = nullptr; // the connection; read and written by the reactor's thread only
  int client = -1;       // its descriptor, to look at
  std::uint64_t id = 0;  // of the request, for logs
  std::chrono::steady_clock::time_point received_at{};
  observe::stage_times times;                   // whoever has the job goes on with it
  std::shared_ptr<websocket_channel> websocket; // with a handshake
  std::shared_ptr<body_channel> body;           // of one that comes while the handler runs
  std::shared_ptr<channel> about;               // with word
  bool is_word = false;                         // no request: see channel

  // Set by the worker.
  worker_port* worker = nullptr;  // who runs it; a streamed answer returns there for its next part
  void* worker_context = nullptr; // what the worker keeps about a job under way
  // Completed with a part of a stream: flush it, then worker->resume(); also when the client is
  // gone, after setting `cancelled`. False while response.is_streaming() and not finished: the
  // stream broke, close the connection without its end.
  bool has_more = false;
  // What response.outside_body() views is kept by; the worker sets it, whoever has the job then
  // gives it back before the job is used again.
  lent_body* lent = nullptr;

  std::atomic<job_state> state{job_state::at_reactor};
  std::atomic<bool> cancelled{false}; // the client is gone or the deadline passed: stop early
  job* next = nullptr;                // link of the completion queue or of a worker's inbox

  /// The body is sent, or never will be: its worker may let go of it. Any thread that has the job.
  void give_body_back() noexcept;

  // Whoever has the job. The reactor may close the descriptor meanwhile, and another connection
  // get its number: only once it has set `cancelled`, so such a look can say nothing new of a job
  // that is wanted, or call one gone that is.

  /// Sets `cancelled` where the connection is reset, or closed by both sides.
  void cancel_if_client_is_gone() noexcept;
  /// Likewise, or the client has ended its half: it may still wait for the answer.
  bool has_client_left() const noexcept;
};

} // namespace fasterapi::dispatch
