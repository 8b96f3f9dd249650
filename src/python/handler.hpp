#pragma once

#include "dispatch/job.hpp"
#include "dispatch/policy.hpp"
#include "python/binding_plan.hpp"
#include "python/module_state.hpp"
#include "python/py_ref.hpp"
#include "python/result_check.hpp"

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>

namespace fasterapi::python {

/// The objects of ours that one call was given; both are tied to the job until release_objects().
/// Null where the handler takes none.
struct call_objects {
  py_ref request;
  py_ref response; // the `res` of (req, res) handlers
};

/// What becomes of a handler's results that are no response of their own.
struct result_shape {
  unsigned status = 200;
  std::string text_type; // content type of the str or bytes that it is to return; empty: JSON
  // A route that promises a type: what does not fit goes through `reshape`, a callable that gives a
  // value or a response of it, or raises.
  result_check check;
  py_ref reshape; // null: no promise
  py_ref schema;  // a _fasterapi.Schema that spares results their reshape, or null
};

/// How requests gather for one call of a batch handler.
struct batch_limits {
  std::size_t most = 0;              // 0: no batch handler
  std::chrono::nanoseconds delay{0}; // for which the first waits; 0: for what has queued up
};

/// A Python handler with its binding plan: compiled once from what the package found in the
/// signature, run per request without Python-level code of ours. Belongs to one interpreter.
///
/// The plan, as fasterapi._binding makes it, is a tuple of parameters
/// (name: str, source: "path" | "query" | "body" | "request" | "response",
///  type: "str" | "int" | "float" | "bool" | "json" | "dict" | "list" | "bytes", required: bool,
///  default, alias: str, index: int of the path parameter or -1, nullable: bool). All are passed
///  positionally. A body is "json" (any value), "dict" or "list" (others: dict_type, list_type),
///  "bytes" (as received), or a fasterapi._bodies.BodySchema. It is parsed where Content-Type is
///  application/json or application/*+json; without or with another one it counts as a string
///  (dict_type with the text as input; bytes for a BodySchema), which is what keeps cross-site
///  forms out. Entries of a 422 come in the order path, query, body, and a body that is no JSON is
///  the only entry. fasterapi._execution does the same in Python.
class handler {
public:
  /// `path` is the route's pattern, whose parameters `plan` and Request.path_params name. False
  /// with a Python exception set where the plan is malformed.
  static bool compile(PyObject* endpoint, PyObject* plan, std::string_view path, bool is_coroutine,
                      handler& into);

  /// Converts the arguments and calls. Invalid ones: the 422 is written into the answer, nothing is
  /// called, and `was_refused` is set. Otherwise the endpoint's result (a coroutine for async
  /// ones), or null with its exception set. `made` receives what the handler was given of ours.
  py_ref call(dispatch::job& of, module_state& state, bool& was_refused, call_objects& made) const;
  /// The Request, tied to the job like those of call(). Null with its exception set.
  py_ref request_for(dispatch::job& of, module_state& state) const;
  /// A batch handler's one argument for a request, as call() makes arguments: null where it was
  /// refused, or with an exception set.
  py_ref item_for(dispatch::job& of, module_state& state, bool& was_refused,
                  call_objects& made) const;
  /// A batch handler: a list with one value, response, exception or awaitable for each of the
  /// list's items, or null with an exception set.
  py_ref call_batch(PyObject* items) const;

  /// A WebSocket's handler: the coroutine that runs for as long as it is open. Null with an
  /// exception set.
  py_ref open_websocket(PyObject* request, PyObject* link) const;

  result_shape shape;
  batch_limits batch;
  dispatch::policy runs = dispatch::policy::automatic;

private:
  py_ref endpoint_;
  binding_plan plan_;
  bool is_coroutine_ = false;
};

/// Writes what a handler returned: Response objects as they are, bytes as application/octet-stream,
/// anything else as JSON (a str as a JSON string, None as null). Where the handler took `res` and
/// returned it or None, it is the answer; with another result its status and fields are used. False
/// with a Python exception set where that cannot be sent: write_exception then. A
/// StreamingResponse's iterator, or a generator, is not written: `stream` receives it, status and
/// fields are set.
bool write_result(dispatch::job& of, PyObject* result, PyObject* res, const result_shape& shape,
                  module_state& state, py_ref& stream);

/// Turns the current Python exception into the answer: HTTPException as it says, others (SystemExit
/// and KeyboardInterrupt too) a 500 with the traceback in the log, and in the answer where the app
/// is in debug mode. Clears it.
void write_exception(dispatch::job& of, module_state& state);

/// An answer of ours where the handler gives none: 500, or 503 with Retry-After.
void write_refusal(dispatch::job& of, unsigned status);

/// Breaks the tie between the objects of a call and the job that is about to be handed back, and
/// drops them: where user code kept one, it gets copies of what it still needs.
void release_objects(call_objects& made) noexcept;

} // namespace fasterapi::python
