#pragma once

#include "python/module_state.hpp"
#include "python/py_ref.hpp"
#include "python/thread_state.hpp"

#include <catch2/catch_test_macros.hpp>

#include <string>

namespace fasterapi::python {

/// The main interpreter, attached for a test, with _fasterapi and the package at hand, and a
/// namespace that ends with the test.
class interpreter {
public:
  interpreter() : thread_(thread_state::in_main_interpreter()), attached_(thread_) {
    globals_ = py_ref::steal(PyDict_New());
    run("import json, _fasterapi\n");
    module_ = py_ref::steal(PyImport_ImportModule("_fasterapi"));
    REQUIRE(module_);
    bind("fasterapi.responses", "Response", state().response_class);
    bind("fasterapi.exceptions", "HTTPException", state().http_exception);
  }

  module_state& state() { return state_of(module_.get()); }

  void run(const char* code) {
    const py_ref done =
        py_ref::steal(PyRun_String(code, Py_file_input, globals_.get(), globals_.get()));
    if (!done) PyErr_Print();
    REQUIRE(done);
  }
  py_ref value(const char* expression) {
    py_ref made =
        py_ref::steal(PyRun_String(expression, Py_eval_input, globals_.get(), globals_.get()));
    if (!made) PyErr_Print();
    REQUIRE(made);
    return made;
  }
  void set(const char* name, const py_ref& value) {
    REQUIRE(PyDict_SetItemString(globals_.get(), name, value.get()) == 0);
  }
  std::string text(const char* expression) {
    const py_ref made = py_ref::steal(PyObject_Str(value(expression).get()));
    REQUIRE(made);
    return PyUnicode_AsUTF8(made.get());
  }
  /// "ValueError: what it says" of the current exception, which is cleared.
  std::string error() {
    const py_ref raised = py_ref::steal(PyErr_GetRaisedException());
    REQUIRE(raised);
    const py_ref said = py_ref::steal(PyObject_Str(raised.get()));
    REQUIRE(said);
    return std::string(Py_TYPE(raised.get())->tp_name) + ": " + PyUnicode_AsUTF8(said.get());
  }

private:
  void bind(const char* module, const char* name, py_ref& into) {
    const py_ref imported = py_ref::steal(PyImport_ImportModule(module));
    if (!imported) PyErr_Print();
    REQUIRE(imported);
    into = py_ref::steal(PyObject_GetAttrString(imported.get(), name));
  }

  thread_state thread_;
  attach_guard attached_;
  py_ref globals_;
  py_ref module_;
};

} // namespace fasterapi::python
