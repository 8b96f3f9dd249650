#include "dispatch/worker_port.hpp"
#include "python/file_body.hpp"
#include "python/handler.hpp"
#include "python/json_writer.hpp"
#include "python/response_fields.hpp"
#include "python/response_object.hpp"
#include "python/schema_object.hpp"

#include <new>
#include <stdexcept>
#include <string_view>
#include <utility>

namespace fasterapi::python {

namespace {

// From here on to copy costs more than to keep the object and have it given back.
constexpr std::size_t lent_bytes = 64 * 1024;

void lend(dispatch::job& of, py_ref owner) {
  of.give_body_back(); // of an answer that was not to be
  of.lent = &of.worker->lend(owner.get());
  owner.release();
}

// `owner` keeps the text where it is.
void lend_body(dispatch::job& of, std::string_view text, py_ref owner) {
  of.exchange.response.set_outside_body(text);
  lend(of, std::move(owner));
}

// What may change behind our back is copied.
bool write_bytes(PyObject* bytes, dispatch::job& of) {
  Py_buffer view;
  if (PyObject_GetBuffer(bytes, &view, PyBUF_SIMPLE) != 0) return false;
  const std::string_view text{static_cast<const char*>(view.buf),
                              static_cast<std::size_t>(view.len)};
  py_ref owner;
  if (text.size() >= lent_bytes && view.readonly)
    owner = py_ref::steal(PyMemoryView_FromObject(bytes));
  const bool is_lent = static_cast<bool>(owner);
  if (is_lent)
    lend_body(of, text, std::move(owner));
  else if (PyErr_Occurred() == nullptr)
    of.exchange.response.set_body(text);
  PyBuffer_Release(&view);
  return PyErr_Occurred() == nullptr;
}

bool set_status(PyObject* code, http::response& into) {
  const long number = PyLong_AsLong(code);
  if (number == -1 && PyErr_Occurred() != nullptr) return false;
  if (number < 200 || number > 599) {
    PyErr_Format(PyExc_ValueError, "status %ld: a final status is 200 to 599", number);
    return false;
  }
  into.status(static_cast<unsigned>(number));
  return true;
}

// A file's part needs no stream: it is sent from where it lies. `response` waits for that, too:
// what follows it, follows the file.
bool write_file(py_ref& stream, PyObject* response, dispatch::job& of, const names& names) {
  file_body file = take_file(stream.get(), names);
  if (!file.sent) return PyErr_Occurred() == nullptr;
  stream.reset();
  py_ref owner = py_ref::steal(PyTuple_Pack(2, file.sent.get(), response));
  if (!owner) return false;
  of.exchange.response.set_outside_file(std::move(file.part));
  lend(of, std::move(owner));
  return true;
}

// Status and fields, then the body, unless it is a stream.
bool write_response(PyObject* response, dispatch::job& of, const names& names, py_ref& stream) {
  http::response& into = of.exchange.response;
  into.restart(); // what the handler did with `res` does not count
  const py_ref code = py_ref::steal(PyObject_GetAttr(response, names.status_code.get()));
  if (!code || !set_status(code.get(), into)) return false;
  const py_ref fields = py_ref::steal(PyObject_GetAttr(response, names.raw_headers.get()));
  if (!fields || !add_fields(into, fields.get())) return false;
  stream = py_ref::steal(PyObject_GetAttr(response, names.parts.get()));
  if (!stream) return false;
  if (stream.get() != Py_None) return write_file(stream, response, of, names);
  stream.reset();
  const py_ref body = py_ref::steal(PyObject_GetAttr(response, names.body.get()));
  return body && write_bytes(body.get(), of);
}

bool is_response(PyObject* result, const module_state& state) {
  PyObject* const type = state.response_class.get();
  return type != nullptr && PyObject_TypeCheck(result, reinterpret_cast<PyTypeObject*>(type));
}

bool is_json_type(PyObject* result) noexcept {
  return PyDict_CheckExact(result) || PyList_CheckExact(result) || PyUnicode_CheckExact(result) ||
         result == Py_None;
}

bool is_bytes(PyObject* result) noexcept {
  return PyBytes_Check(result) || PyByteArray_Check(result) || PyMemoryView_Check(result);
}

bool is_stream(PyObject* result) noexcept {
  if (PyGen_Check(result) || PyAsyncGen_CheckExact(result)) return true;
  const PyAsyncMethods* const async = Py_TYPE(result)->tp_as_async;
  return async != nullptr && async->am_anext != nullptr;
}

bool has_body(unsigned status) noexcept { return status != 204 && status != 205 && status != 304; }

// A str in UTF-8, bytes as they are, None as nothing.
bool write_text(PyObject* result, dispatch::job& of) {
  if (is_bytes(result)) return write_bytes(result, of);
  if (result == Py_None) return true;
  if (!PyUnicode_Check(result)) {
    PyErr_Format(PyExc_TypeError, "the handler of a text route returned %.100s, not str or bytes",
                 Py_TYPE(result)->tp_name);
    return false;
  }
  Py_ssize_t size = 0;
  const char* text = PyUnicode_AsUTF8AndSize(result, &size);
  if (text == nullptr) return false;
  const std::string_view body{text, static_cast<std::size_t>(size)};
  if (body.size() >= lent_bytes)
    lend_body(of, body, py_ref::borrow(result));
  else
    of.exchange.response.set_body(body);
  return true;
}

bool write_value(PyObject* result, dispatch::job& of, const result_shape& shape,
                 module_state& state) {
  http::response& into = of.exchange.response;
  if (!has_body(into.status())) return true;
  if (!shape.text_type.empty()) {
    into.content_type(shape.text_type);
    return write_text(result, of);
  }
  const bool is_octets = is_bytes(result);
  if (into.content_type().empty())
    into.content_type(is_octets ? "application/octet-stream" : "application/json");
  return is_octets ? write_bytes(result, of) : write_json(result, into, state);
}

// What the package makes of it, which may be to refuse it.
bool write_made(PyObject* result, dispatch::job& of, const names& names, py_ref& stream) {
  const py_ref answer = import_attribute("fasterapi._starlette", "answer");
  const py_ref made = answer ? py_ref::steal(PyObject_CallOneArg(answer.get(), result)) : py_ref{};
  return made && write_response(made.get(), of, names, stream);
}

// One whose class has a way of its own to send itself is not for us.
bool write_own(PyObject* result, dispatch::job& of, const names& names, py_ref& stream) {
  const py_ref sends_itself = py_ref::steal(PyObject_GetAttr(result, names.sends_itself.get()));
  if (!sends_itself) return false;
  return sends_itself.get() == Py_True ? write_made(result, of, names, stream)
                                       : write_response(result, of, names, stream);
}

// A response of Starlette's, where the result is one; otherwise the error stays that it is no JSON.
bool write_foreign(PyObject* result, dispatch::job& of, const names& names, py_ref& stream) {
  if (PyErr_ExceptionMatches(PyExc_TypeError) == 0) return false;
  py_ref refused = py_ref::steal(PyErr_GetRaisedException());
  if (!find_attribute(result, names.raw_headers.get())) {
    if (PyErr_Occurred() == nullptr) PyErr_SetRaisedException(refused.release());
    return false;
  }
  return write_made(result, of, names, stream);
}

bool write(dispatch::job& of, PyObject* result, PyObject* res, const result_shape& shape,
           module_state& state, py_ref& stream) {
  http::response& into = of.exchange.response;
  const names& names = state.codec.names;
  if (res != nullptr && (result == Py_None || result == res)) return finish_builder(res, into);
  if (!is_json_type(result)) {
    if (is_response(result, state)) return write_own(result, of, names, stream);
    if (is_stream(result)) stream = py_ref::borrow(result);
    if (PyErr_Occurred() != nullptr) return false;
  }
  if (shape.status != 200) into.status(shape.status);
  if (res != nullptr) {
    into.set_body({});
    if (!finish_fields(res, into)) return false;
  }
  return stream || write_value(result, of, shape, state) ||
         write_foreign(result, of, names, stream);
}

// Neither a response nor a stream, but what a response model is made for. Of others Python says it.
bool is_data(PyObject* result, module_state& state) {
  if (is_json_type(result)) return true;
  if (is_response(result, state)) return false;
  PyObject* const type = reinterpret_cast<PyObject*>(Py_TYPE(result));
  const names& names = state.codec.names;
  return find_attribute(type, names.native_schema.get()) ||
         find_attribute(type, names.dataclass_fields.get());
}

bool write_as_promised(dispatch::job& of, PyObject* result, PyObject* res,
                       const result_shape& shape, module_state& state, py_ref& stream) {
  if (!shape.reshape || shape.check.fits(result))
    return write(of, result, res, shape, state, stream);
  py_ref made = shape.schema && is_data(result, state)
                    ? make_shaped(shape.schema.get(), result, state)
                    : py_ref{};
  if (!made && PyErr_Occurred() != nullptr) return false;
  if (!made) made = py_ref::steal(PyObject_CallOneArg(shape.reshape.get(), result));
  return made && write(of, made.get(), res, shape, state, stream);
}

} // namespace

bool write_result(dispatch::job& of, PyObject* result, PyObject* res, const result_shape& shape,
                  module_state& state, py_ref& stream) {
  try {
    return write_as_promised(of, result, res, shape, state, stream);
  } catch (const std::invalid_argument& refused) {
    PyErr_SetString(PyExc_ValueError, refused.what());
  } catch (const std::bad_alloc&) {
    PyErr_NoMemory();
  }
  stream.reset();
  return false;
}

} // namespace fasterapi::python
