#pragma once

#include "dispatch/lane.hpp"
#include "hosting/worker.hpp"
#include "python/py_ref.hpp"
#include "support/handover.hpp"
#include "support/load.hpp"

#include <future>
#include <string>
#include <thread>

namespace fasterapi::bench {

/// An app in an interpreter of its own, on a thread of its own that does all of a request: it
/// sends, takes, calls the handler and receives. The event loop's select() is replaced by turns of
/// the load, so a handler that suspends goes on in asyncio in between. Nothing waits for
/// descriptors.
class inline_host {
public:
  explicit inline_host(const std::string& app);
  ~inline_host();
  inline_host(const inline_host&) = delete;
  inline_host& operator=(const inline_host&) = delete;

  const hosting::app_description& app() const noexcept { return description_; }
  load make_load(const routing::route_table& routes, const request_kind& kind) {
    return {lane_, done_, routes, kind, kind.under_way, CLOCK_THREAD_CPUTIME_ID};
  }

  /// Runs a prepared load; wait() returns when it is over.
  void start(load& prepared) { work_.give(prepared); }
  void wait() { work_.wait(); }
  void run(load& prepared) {
    start(prepared);
    wait();
  }

private:
  static PyObject* select(PyObject* self, PyObject* timeout);
  void main(const std::string& app, std::promise<void>& is_ready);
  void replace_select();
  void restore_select();
  bool take_turns(); // false: there is no more work

  dispatch::completion_queue done_;
  dispatch::lane lane_{10'000, 1}; // as large as the server's by default
  handover<load> work_;
  hosting::app_description description_;
  python::py_ref selector_; // this and the next two: the thread's
  python::py_ref original_;
  python::py_ref ready_; // the event loop's callbacks
  load* current_ = nullptr;
  std::thread thread_;
};

} // namespace fasterapi::bench
