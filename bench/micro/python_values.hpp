#pragma once

#include "python/module_state.hpp"
#include "python/py_ref.hpp"
#include "python/runtime.hpp"
#include "python/thread_state.hpp"

#include <cstdlib>

namespace fasterapi::bench {

/// CPython's main interpreter, attached, without the package.
class python_values {
public:
  python_values()
      : thread_(python::thread_state::in_main_interpreter()), attached_(thread_),
        globals_(python::py_ref::steal(PyDict_New())),
        module_(python::py_ref::steal(PyImport_ImportModule("_fasterapi"))) {}

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
    std::exit(1);
  }

  python::runtime runtime_{{}};
  python::thread_state thread_;
  python::attach_guard attached_;
  python::py_ref globals_;
  python::py_ref module_;
};

} // namespace fasterapi::bench
