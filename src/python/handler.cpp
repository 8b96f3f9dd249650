#include "python/handler.hpp"

#include "python/arguments.hpp"
#include "python/response_object.hpp"

#include <utility>

namespace fasterapi::python {

bool handler::compile(PyObject* endpoint, PyObject* plan, std::string_view path, bool is_coroutine,
                      handler& into) {
  auto compiled = binding_plan::read(plan, path);
  if (!compiled) return false;
  into.plan_ = std::move(*compiled);
  into.endpoint_ = py_ref::borrow(endpoint);
  into.is_coroutine_ = is_coroutine;
  return true;
}

py_ref handler::call(dispatch::job& of, module_state& state, bool& was_refused,
                     call_objects& made) const {
  arguments bound{of, plan_, state};
  const auto outcome = bound.bind(is_coroutine_, made);
  was_refused = outcome == arguments::outcome::refused;
  if (outcome != arguments::outcome::ready) return {};
  return py_ref::steal(PyObject_Vectorcall(
      endpoint_.get(), bound.values(), bound.count() | PY_VECTORCALL_ARGUMENTS_OFFSET, nullptr));
}

py_ref handler::request_for(dispatch::job& of, module_state& state) const {
  return make_request(of, plan_.path, is_coroutine_, state);
}

py_ref handler::item_for(dispatch::job& of, module_state& state, bool& was_refused,
                         call_objects& made) const {
  arguments bound{of, plan_, state};
  const auto outcome = bound.bind(is_coroutine_, made);
  was_refused = outcome == arguments::outcome::refused;
  return outcome == arguments::outcome::ready ? py_ref::borrow(bound.values()[0]) : py_ref{};
}

py_ref handler::call_batch(PyObject* items) const {
  return py_ref::steal(PyObject_CallOneArg(endpoint_.get(), items));
}

py_ref handler::open_websocket(PyObject* request, PyObject* link) const {
  return py_ref::steal(PyObject_CallFunctionObjArgs(endpoint_.get(), request, link, nullptr));
}

void release_objects(call_objects& made) noexcept {
  detach_request(std::move(made.request));
  detach_builder(std::move(made.response));
}

} // namespace fasterapi::python
