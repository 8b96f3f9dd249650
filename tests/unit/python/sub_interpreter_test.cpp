#include "python/module_state.hpp"
#include "python/sub_interpreter.hpp"

#include <catch2/catch_test_macros.hpp>

#include <atomic>
#include <functional>
#include <latch>
#include <string>
#include <thread>
#include <vector>

namespace fasterapi::python {

namespace {

/// Runs Python code in the attached interpreter; the name of the exception it raised, or nothing.
std::string run(const std::string& code) {
  const py_ref globals = py_ref::steal(PyDict_New());
  const py_ref result =
      py_ref::steal(PyRun_String(code.c_str(), Py_file_input, globals.get(), globals.get()));
  if (result) return {};
  const py_ref error = py_ref::steal(PyErr_GetRaisedException());
  return Py_TYPE(error.get())->tp_name;
}

/// Catch2's checks are for the test's own thread: what an interpreter found comes back as a value.
template <class Work>
auto in_interpreter(Work work) {
  decltype(work()) found{};
  std::thread([&] {
    sub_interpreter own;
    const attach_guard attached(own.state());
    found = work();
  }).join();
  return found;
}

} // namespace

TEST_CASE("sub_interpreter: made, used and ended one after another, each in its own thread") {
  for (int i = 0; i < 4; ++i) {
    CHECK(in_interpreter([] { return run("import asyncio, datetime, json, ssl, sqlite3"); }) == "");
  }
}

TEST_CASE("sub_interpreter: four at a time have modules and GILs of their own") {
  std::latch all_attached(4);
  std::atomic<int> clean = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      sub_interpreter own;
      const attach_guard attached(own.state());
      // Each holds its GIL here: with a shared one this would never pass.
      all_attached.arrive_and_wait();
      clean += run("import sys\nassert not hasattr(sys, 'mark')\nsys.mark = 1").empty();
    });
  }
  for (auto& each : threads) each.join();
  CHECK(clean == 4);
}

TEST_CASE("sub_interpreter: _fasterapi has a state for each") {
  const auto states = in_interpreter([] {
    run("import _fasterapi");
    module_state* const own = current_state();
    own->worker_index = 7;
    const auto other = in_interpreter([] {
      run("import _fasterapi");
      return current_state()->worker_index;
    });
    return std::pair{own->worker_index, other};
  });
  CHECK(states.first == 7);
  CHECK(states.second == -1);
}

TEST_CASE("sub_interpreter: fork, exec and daemon threads are refused") {
  CHECK(in_interpreter([] { return run("import os\nos.fork()"); }) == "RuntimeError");
  CHECK(in_interpreter([] { return run("import os\nos.execv('/bin/true', ['true'])"); }) ==
        "RuntimeError");
  CHECK(in_interpreter([] {
          return run("import threading\nthreading.Thread(target=int, daemon=True).start()");
        }) == "RuntimeError");
}

TEST_CASE("sub_interpreter: extension modules that are not ready for it are refused") {
  const std::string found = in_interpreter([] { return run("import faulthandler"); });
  CHECK(found == "ImportError");
}

TEST_CASE("sub_interpreter: threads of Python code work inside, and are waited for at the end") {
  CHECK(in_interpreter([] {
          return run("import threading, time\n"
                     "threading.Thread(target=time.sleep, args=(0.05,)).start()");
        }) == "");
}

TEST_CASE("thread_state: a worker without an interpreter of its own attaches to the main one") {
  std::string found = "not run";
  std::thread([&] {
    auto state = thread_state::in_main_interpreter();
    const attach_guard attached(state);
    found = run("import sys\nassert 'datetime' in sys.modules");
  }).join();
  CHECK(found == "");
}

} // namespace fasterapi::python
