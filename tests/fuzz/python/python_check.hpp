#pragma once

#include "python/module_state.hpp"
#include "python/py_ref.hpp"
#include "python/runtime.hpp"
#include "python/thread_state.hpp"

#include <cstdlib>
#include <string_view>

// LeakSanitizer's switch: after each input it would search all of CPython's heap, for 0.2 s. The
// unit tests look for leaks.
extern "C" [[gnu::used]] inline int __lsan_is_turned_off() {
  return 1;
} // NOLINT(bugprone-reserved-identifier)

namespace fasterapi::fuzz {

/// A function of a module in tests/fuzz/python that says whether what C++ made of an input is what
/// Python makes of it. Its exception ends the run. The interpreter starts with the first one, and
/// lives as long as the process.
class python_check {
public:
  explicit python_check(const char* module) {
    static const python::runtime& runtime = *new python::runtime(
        {.home = {},
         .venv = {},
         .path = {FASTERAPI_SOURCE_DIR "/tests/fuzz/python", FASTERAPI_SOURCE_DIR "/tests"},
         .package_path = FASTERAPI_SOURCE_DIR "/src/pylib"});
    static python::thread_state& thread =
        *new python::thread_state(python::thread_state::in_main_interpreter());
    (void)runtime;
    thread.attach();
    ours_ = required(PyImport_ImportModule("_fasterapi"));
    checks_ = required(PyImport_ImportModule(module));
  }

  python::module_state& state() const { return python::state_of(ours_); }

  /// Calls `name(text, made)`; null stands for the exception that is set.
  void operator()(const char* name, std::string_view text, python::py_ref made) const {
    if (!made) made = python::py_ref::steal(PyErr_GetRaisedException());
    required(PyObject_CallMethod(checks_, name, "y#O", text.data(),
                                 static_cast<Py_ssize_t>(text.size()), made.get()));
  }

private:
  static PyObject* required(PyObject* made) {
    if (made != nullptr) return made;
    PyErr_Print();
    std::abort();
  }

  PyObject* ours_;
  PyObject* checks_;
};

} // namespace fasterapi::fuzz
