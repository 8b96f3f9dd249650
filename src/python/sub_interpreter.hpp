#pragma once

#include "python/thread_state.hpp"

#include <optional>

namespace fasterapi::python {

/// An interpreter with its own GIL (PEP 684), made, entered and ended by one thread only.
///
/// It refuses extension modules that do not declare themselves ready for it, fork, exec and daemon
/// threads. Needs a runtime that lives longer. Interpreters are made and ended one after another
/// (a lock sees to it); what runs in them runs in parallel.
class sub_interpreter {
public:
  sub_interpreter();  // throws std::runtime_error
  ~sub_interpreter(); // Py_EndInterpreter; runs atexit handlers, waits for threads
  sub_interpreter(const sub_interpreter&) = delete;
  sub_interpreter& operator=(const sub_interpreter&) = delete;

  thread_state& state() noexcept { return *state_; }
  /// Leaves it as it is: threads in it would not end. The process must end by _exit then.
  void abandon() noexcept;

private:
  PyThreadState* raw_ = nullptr;
  std::optional<thread_state> state_;
};

} // namespace fasterapi::python
