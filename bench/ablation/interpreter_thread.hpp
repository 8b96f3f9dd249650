#pragma once

#include "python/handler.hpp"
#include "python/module_state.hpp"
#include "python/thread_state.hpp"
#include "support/handover.hpp"

#include <functional>
#include <future>
#include <span>
#include <thread>

namespace fasterapi::bench {

enum class gil { own, shared };

/// Those of an interpreter, by their place.
enum handlers : std::uint32_t { typed, req_res, request_only, batch };

/// Handlers in the interpreter of the thread that runs them.
struct called_handler {
  std::span<const python::handler> of_handlers;
  python::module_state& state;

  /// How many request and response objects are kept to be used again, each.
  void pool(std::size_t objects) const;
  /// Calls the job's and writes its result; the answer is not finished yet. Fails where it raises.
  void answer(dispatch::job& of) const;
  /// The same for jobs of the batch handler: one call, as python::job_loop makes it.
  void answer(std::span<dispatch::job* const> batch) const;
};

/// A thread with an interpreter, whose GIL is its own, as a worker's, or the one that all such
/// threads share, as a pool of threads in one interpreter has it. It runs what it is given,
/// attached.
class interpreter_thread {
public:
  using work = std::function<void(const called_handler&)>;

  explicit interpreter_thread(gil kind); // returns when it is ready
  ~interpreter_thread();
  interpreter_thread(const interpreter_thread&) = delete;
  interpreter_thread& operator=(const interpreter_thread&) = delete;

  void start(work& given) { works_.give(given); }
  void wait() { works_.wait(); }

private:
  void live(python::thread_state& state, std::promise<void>& is_ready);

  handover<work> works_;
  std::thread thread_;
};

} // namespace fasterapi::bench
