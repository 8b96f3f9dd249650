#pragma once

#include "python/module_state.hpp"
#include "python/py_ref.hpp"
#include "python/runtime.hpp"
#include "python/thread_state.hpp"
#include "support/report.hpp"

namespace fasterapi::bench {

/// A namespace of Python values in the interpreter that is attached.
class python_values {
public:
  python_values()
      : globals_(python::py_ref::steal(PyDict_New())),
        module_(check(python::py_ref::steal(PyImport_ImportModule("_fasterapi")))) {}

  python::module_state& state() { return python::state_of(module_.get()); }
  void run(const char* code) {
    check(python::py_ref::steal(PyRun_String(code, Py_file_input, globals_.get(), globals_.get())));
  }
  python::py_ref value(const char* expression) {
    return check(python::py_ref::steal(
        PyRun_String(expression, Py_eval_input, globals_.get(), globals_.get())));
  }

private:
  static python::py_ref check(python::py_ref made) {
    if (made) return made;
    PyErr_Print();
    fail("that Python code");
  }

  python::py_ref globals_;
  python::py_ref module_;
};

/// CPython with the package at hand, until the end of main().
inline python::runtime_settings python_settings() {
  return {.home = {}, .venv = {}, .path = {}, .package_path = FASTERAPI_SOURCE_DIR "/src/pylib"};
}

/// CPython's main interpreter, attached.
class main_interpreter {
public:
  main_interpreter() : thread_(python::thread_state::in_main_interpreter()), attached_(thread_) {}

private:
  python::runtime runtime_{python_settings()};
  python::thread_state thread_;
  python::attach_guard attached_;

public:
  python_values values;
};

} // namespace fasterapi::bench
