#include "python/error_text.hpp"

#include "observe/log.hpp"
#include "python/module_state.hpp"
#include "python/py_ref.hpp"

#include <Python.h>

namespace fasterapi::python {

namespace {

std::string to_text(PyObject* text) {
  Py_ssize_t size = 0;
  const char* bytes = PyUnicode_AsUTF8AndSize(text, &size);
  return bytes != nullptr ? std::string(bytes, static_cast<std::size_t>(size)) : std::string{};
}

py_ref own_text(PyObject* error) {
  py_ref own = py_ref::steal(PyObject_GetAttrString(error, "text"));
  const bool is_source = PyErr_GivenExceptionMatches(error, PyExc_SyntaxError) != 0;
  return own && PyUnicode_Check(own.get()) && !is_source ? own : py_ref{};
}

py_ref format(PyObject* error) {
  const py_ref module = py_ref::steal(PyImport_ImportModule("traceback"));
  if (!module) return {};
  const py_ref lines =
      py_ref::steal(PyObject_CallMethod(module.get(), "format_exception", "O", error));
  if (!lines) return {};
  const py_ref nothing = py_ref::steal(PyUnicode_FromStringAndSize(nullptr, 0));
  return py_ref::steal(PyUnicode_Join(nothing.get(), lines.get()));
}

std::string finish(const py_ref& formatted, PyObject* error) {
  std::string text = formatted ? to_text(formatted.get()) : std::string{};
  PyErr_Clear(); // of the formatting
  if (text.empty()) text = Py_TYPE(error)->tp_name;
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text;
}

} // namespace

std::string traceback_text(PyObject* error) { return finish(format(error), error); }

std::string user_traceback_text(PyObject* error) {
  const py_ref module = py_ref::steal(PyImport_ImportModule("fasterapi._traceback"));
  const py_ref text =
      module ? py_ref::steal(PyObject_CallMethod(module.get(), "user_text", "O", error)) : py_ref{};
  if (text) return finish(text, error);
  PyErr_Clear();
  return traceback_text(error);
}

std::string take_error_text() {
  const py_ref error = py_ref::steal(PyErr_GetRaisedException());
  if (!error) return {};
  const py_ref own = own_text(error.get());
  PyErr_Clear();
  return own ? finish(own, error.get()) : traceback_text(error.get());
}

void log_python_error(std::string_view what) {
  std::string text{what};
  text += '\n';
  text += take_error_text();
  observe::log(observe::level::error, log_room(current_state()), text);
}

} // namespace fasterapi::python
