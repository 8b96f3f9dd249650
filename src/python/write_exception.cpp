#include "http/error_page.hpp"
#include "observe/access_log.hpp"
#include "observe/log.hpp"
#include "python/error_text.hpp"
#include "python/handler.hpp"
#include "python/json_writer.hpp"
#include "python/response_fields.hpp"

#include <stdexcept>
#include <string>

namespace fasterapi::python {

namespace {

bool is_http_exception(PyObject* error, const module_state& state) {
  return state.http_exception &&
         PyErr_GivenExceptionMatches(error, state.http_exception.get()) != 0;
}

bool add_headers(PyObject* headers, http::response& into) {
  if (headers == Py_None) return true;
  const py_ref items = py_ref::steal(PyMapping_Items(headers));
  return items && add_fields(into, items.get());
}

// False, with a Python exception set, where its parts make no answer.
bool write_http_exception(PyObject* error, http::response& into, module_state& state) {
  const names& names = state.codec.names;
  const py_ref status = py_ref::steal(PyObject_GetAttr(error, names.status_code.get()));
  const py_ref detail = py_ref::steal(PyObject_GetAttr(error, names.detail.get()));
  const py_ref headers = py_ref::steal(PyObject_GetAttr(error, names.headers.get()));
  if (!status || !detail || !headers) return false;
  const long code = PyLong_AsLong(status.get());
  if (code < 200 || code > 599) {
    if (PyErr_Occurred() == nullptr)
      PyErr_Format(PyExc_ValueError, "HTTPException: status %ld is not 200 to 599", code);
    return false;
  }
  into.restart();
  into.status(static_cast<unsigned>(code));
  into.content_type("application/json");
  if (!add_headers(headers.get(), into)) return false;
  into.append_body("{\"detail\":");
  if (!write_json(detail.get(), into, state)) return false;
  into.append_body("}");
  return true;
}

void write_failure(dispatch::job& of, PyObject* error, module_state& state) {
  const http::request& request = of.exchange.request;
  const std::string traceback = state.is_debug ? user_traceback_text(error) : traceback_text(error);
  std::string line = "request " + observe::format_request_id(of.id) + ": ";
  line.append(request.method_text).append(" ").append(request.path).append(" failed\n");
  observe::log(observe::level::error, log_room(&state), line += traceback);
  const auto accept = request.find("accept").value_or(std::string_view{});
  http::response& into = of.exchange.response;
  into.restart();
  if (!state.is_debug) return http::write_error(into, 500, "Internal Server Error", accept);
  const http::error_page page = http::render_error(traceback, accept, false);
  into.status(500);
  into.content_type(page.content_type);
  into.set_body(page.body);
}

} // namespace

void write_exception(dispatch::job& of, module_state& state) {
  py_ref error = py_ref::steal(PyErr_GetRaisedException());
  if (!error) {
    PyErr_SetString(PyExc_SystemError, "a handler failed without an exception");
    error = py_ref::steal(PyErr_GetRaisedException());
  }
  if (is_http_exception(error.get(), state)) {
    if (write_http_exception(error.get(), of.exchange.response, state)) return;
    error = py_ref::steal(PyErr_GetRaisedException());
  }
  write_failure(of, error.get(), state);
  PyErr_Clear();
}

void write_refusal(dispatch::job& of, unsigned status) {
  http::response& into = of.exchange.response;
  if (status == 503) into.header("Retry-After", "1");
  http::write_error(into, status, {}, of.exchange.request.find("accept").value_or(""));
}

} // namespace fasterapi::python
