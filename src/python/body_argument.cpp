#include "python/body_argument.hpp"

#include "http/field_syntax.hpp"
#include "python/json_reader.hpp"
#include "python/scalar.hpp"
#include "python/schema.hpp"
#include "python/validation_error.hpp"

namespace fasterapi::python {

namespace {

bool is_json(std::string_view content_type) noexcept {
  if (content_type == "application/json") return true;
  const auto media_type = http::take_item(content_type, ';');
  const auto slash = media_type.find('/');
  if (slash == std::string_view::npos) return false;
  if (!http::iequals(media_type.substr(0, slash), "application")) return false;
  const auto subtype = media_type.substr(slash + 1);
  constexpr std::string_view suffix = "+json";
  return http::iequals(subtype, "json") ||
         (subtype.size() >= suffix.size() &&
          http::iequals(subtype.substr(subtype.size() - suffix.size()), suffix));
}

// JSONDecodeError's pos and msg.
bool describe(PyObject* error, http::response& into) {
  const py_ref place = py_ref::steal(PyObject_GetAttrString(error, "pos"));
  const py_ref message = place ? py_ref::steal(PyObject_GetAttrString(error, "msg")) : py_ref{};
  if (!message) return false;
  const Py_ssize_t number = PyLong_AsSsize_t(place.get());
  Py_ssize_t size = 0;
  const char* const text = PyUnicode_AsUTF8AndSize(message.get(), &size);
  if (text == nullptr || number < 0) return false;
  validation_error answer{into};
  answer.add_no_json(static_cast<std::size_t>(number), {text, static_cast<std::size_t>(size)});
  answer.finish();
  return true;
}

body_argument::state refuse(http::response& into, module_state& state) {
  using result = body_argument::state;
  const bool is_value_error = PyErr_ExceptionMatches(PyExc_ValueError) != 0;
  if (!is_value_error && !PyErr_ExceptionMatches(PyExc_RecursionError)) return result::failed;
  const py_ref& decode_error = state.codec.decode_error;
  const bool is_no_json = decode_error && PyErr_ExceptionMatches(decode_error.get());
  const py_ref error = py_ref::steal(PyErr_GetRaisedException());
  if (is_no_json) return describe(error.get(), into) ? result::refused : result::failed;
  // No UTF-8, too deep, or a number over Python's limit: as FastAPI.
  into.restart();
  into.status(400);
  into.content_type("application/json");
  into.append_body(R"({"detail":"There was an error parsing the body"})");
  return result::refused;
}

py_ref read_bytes(std::string_view body) {
  return py_ref::steal(
      PyBytes_FromStringAndSize(body.data(), static_cast<Py_ssize_t>(body.size())));
}

// The schema in Python says what is wrong.
body_argument check_in_python(PyObject* check, PyObject* value) {
  using result = body_argument::state;
  const py_ref answer = py_ref::steal(PyObject_CallOneArg(check, value));
  int is_valid = 0;
  PyObject* made = nullptr;
  if (!answer || !PyArg_ParseTuple(answer.get(), "pO", &is_valid, &made))
    return {result::failed, {}};
  return {is_valid != 0 ? result::ready : result::unfit, py_ref::borrow(made)};
}

body_argument read_as(const parameter& wanted, http::exchange& of, bool has_json,
                      module_state& state) {
  using result = body_argument::state;
  const std::string_view body = of.request.body;
  py_ref value;
  if (has_json) {
    misfit why = misfit::unsure;
    py_ref entries;
    value = wanted.body_schema->read(body, state, why, &entries);
    if (value) return {result::ready, std::move(value)};
    if (entries) return {result::unfit, std::move(entries)};
    if (why == misfit::raised) return {result::failed, {}};
    value = read_json(body, state);
    if (!value) return {refuse(of.response, state), {}};
  } else {
    value = read_bytes(body);
    if (!value) return {result::failed, {}};
  }
  return check_in_python(wanted.check.get(), value.get());
}

} // namespace

body_argument read_body(dispatch::job& of, const parameter& wanted, module_state& state) {
  using result = body_argument::state;
  const http::request& request = of.exchange.request;
  if (request.body.empty()) return {};
  if (wanted.as == parameter::type::bytes) {
    py_ref value = read_bytes(request.body);
    return {value ? result::ready : result::failed, std::move(value)};
  }
  const bool has_json = is_json(request.find("content-type").value_or(std::string_view{}));
  if (wanted.as == parameter::type::schema) return read_as(wanted, of.exchange, has_json, state);
  py_ref value = has_json ? read_json(request.body, state) : read_text(request.body);
  if (!value && has_json) return {refuse(of.exchange.response, state), {}};
  return {value ? result::ready : result::failed, std::move(value)};
}

} // namespace fasterapi::python
