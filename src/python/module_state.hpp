#pragma once

#include "dispatch/lane.hpp"
#include "observe/batch_metrics.hpp"
#include "python/codec.hpp"
#include "python/object_pool.hpp"
#include "python/process_services.hpp"
#include "python/py_ref.hpp"

#include <Python.h>

#include <array>
#include <cstdint>
#include <memory>
#include <string>

namespace fasterapi::python {

class job_loop;
class shutdown_clock;

/// What one interpreter's _fasterapi module owns: types, interned names, imported callables. Made
/// by the module's exec slot, reached through the module (multi-phase init, PEP 489, PEP 684);
/// never global.
struct module_state {
  // Heap types of ours.
  py_ref request_type;      // _fasterapi.Request, by make_request_type(module)
  py_ref response_type;     // _fasterapi.ResponseBuilder, by make_response_type(module)
  py_ref selector_type;     // _fasterapi.Selector
  py_ref turns_type;        // _fasterapi.LoopTurns
  py_ref suspended_type;    // _fasterapi.SuspendedJob
  py_ref websocket_type;    // _fasterapi.WebSocketLink
  py_ref body_type;         // _fasterapi.BodyLink
  py_ref metric_type;       // _fasterapi.MetricCell
  py_ref subscription_type; // _fasterapi.Subscription

  py_ref ready_type; // an awaitable that has its value; by make_request_type

  // From the package, before the app is imported; null where the package is absent (tests).
  py_ref http_exception; // the classes that are answers, in a tuple
  py_ref response_class; // fasterapi.responses.Response
  py_ref incoming_class; // fasterapi._incoming.Incoming
  py_ref task_type;      // asyncio.Task
  py_ref drive_stream;   // fasterapi._worker.drive_stream
  py_ref await_any;      // fasterapi._worker.await_any
  py_ref app;            // what Request.app gives; null: None

  python::codec codec;             // of values and text
  object_pool requests, responses; // those that handlers are given

  process_services services;                       // null outside the server (tests)
  std::shared_ptr<observe::batch_metrics> batches; // of this worker; null: not counted
  std::shared_ptr<store::mailbox>
      mailbox;                     // of this interpreter's subscriptions, once there are any
  std::uint64_t subscriptions = 0; // made so far

  job_loop* loop = nullptr;              // of this worker; null outside the server (tests)
  dispatch::worker_port* port = nullptr; // likewise
  shutdown_clock* clock = nullptr;       // likewise
  int worker_index = -1;                 // -1: no worker
  bool is_debug = false;                 // tracebacks in 500 answers
};

/// Every reference of it, for the garbage collector: name new members here too.
inline auto references_of(module_state& state) noexcept {
  return std::array{&state.request_type,   &state.response_type,     &state.selector_type,
                    &state.turns_type,     &state.suspended_type,    &state.websocket_type,
                    &state.metric_type,    &state.subscription_type, &state.ready_type,
                    &state.http_exception, &state.response_class,    &state.task_type,
                    &state.drive_stream,   &state.await_any,         &state.app,
                    &state.body_type,      &state.incoming_class};
}

/// State of the _fasterapi module that `module` is.
module_state& state_of(PyObject* module) noexcept;
/// State of the interpreter that is attached; null where _fasterapi is not imported.
module_state* current_state() noexcept;
/// "worker 3", the room of its log lines; "python" where there is no worker.
std::string log_room(const module_state* state);

} // namespace fasterapi::python
