#pragma once

#include <Python.h>

#include <thread>

namespace fasterapi::python {

/// A PyThreadState, bound to the OS thread that made it: attach and detach assert so.
class thread_state {
public:
  /// A further state in the main interpreter, for a worker without an interpreter of its own.
  /// Detached at first; deleted by the destructor.
  static thread_state in_main_interpreter();
  /// Takes charge of an attached state that its interpreter owns, and detaches it.
  static thread_state adopt(PyThreadState* attached);

  thread_state(thread_state&& other) noexcept;
  thread_state& operator=(thread_state&&) = delete;
  ~thread_state();

  void attach() noexcept; // waits for the GIL of its interpreter
  void detach() noexcept;
  /// Lets go without deleting anything: its interpreter was ended, or is left behind.
  void release() noexcept { raw_ = nullptr; }

private:
  thread_state(PyThreadState* raw, bool is_owned) noexcept;

  PyThreadState* raw_;
  bool is_owned_;
  std::thread::id owner_;
};

/// Attaches a thread state for a scope.
class attach_guard {
public:
  explicit attach_guard(thread_state& attached) noexcept : attached_(attached) {
    attached_.attach();
  }
  ~attach_guard() { attached_.detach(); }
  attach_guard(const attach_guard&) = delete;
  attach_guard& operator=(const attach_guard&) = delete;

private:
  thread_state& attached_;
};

/// Detaches whatever state the thread has for a scope: around waits.
class detach_guard {
public:
  detach_guard() noexcept : detached_(PyEval_SaveThread()) {}
  ~detach_guard() { PyEval_RestoreThread(detached_); }
  detach_guard(const detach_guard&) = delete;
  detach_guard& operator=(const detach_guard&) = delete;

private:
  PyThreadState* detached_;
};

} // namespace fasterapi::python
