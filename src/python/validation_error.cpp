#include "python/validation_error.hpp"

#include "python/json_text.hpp"
#include "python/json_writer.hpp"

#include <string>

namespace fasterapi::python {

validation_error::validation_error(http::response& into) : into_(into) {
  into_.restart();
  into_.status(422);
  into_.content_type("application/json");
  into_.append_body("{\"detail\":[");
}

void validation_error::open(const refusal& why) {
  into_.append_body(is_first_ ? "{\"type\":\"" : ",{\"type\":\"");
  into_.append_body(why.type);
  into_.append_body("\",\"loc\":[");
  is_first_ = false;
}

void validation_error::put_string(std::string_view text) {
  const py_ref decoded = read_text(text);
  if (!decoded || !json_text{into_}.put_string(decoded.get())) {
    PyErr_Clear();
    into_.append_body("null");
  }
}

void validation_error::add(const refusal& why, std::string_view source, std::string_view name,
                           const std::string_view* input) {
  open(why);
  put_string(source);
  into_.append_body(",");
  put_string(name);
  into_.append_body("],\"msg\":\"");
  into_.append_body(why.message);
  into_.append_body("\",\"input\":");
  if (input != nullptr)
    put_string(*input);
  else
    into_.append_body("null");
  into_.append_body("}");
}

bool validation_error::add_body(const refusal& why, PyObject* input, module_state& state) {
  open(why);
  into_.append_body("\"body\"],\"msg\":\"");
  into_.append_body(why.message);
  into_.append_body("\",\"input\":");
  if (!write_json(input, into_, state)) return false;
  into_.append_body("}");
  return true;
}

bool validation_error::add_entries(PyObject* entries, module_state& state) {
  if (PyBytes_Check(entries)) {
    if (!is_first_) into_.append_body(",");
    is_first_ = false;
    into_.append_body(
        {PyBytes_AS_STRING(entries), static_cast<std::size_t>(PyBytes_GET_SIZE(entries))});
    return true;
  }
  for (Py_ssize_t i = 0; i < PyList_Size(entries); ++i) {
    if (!is_first_) into_.append_body(",");
    is_first_ = false;
    if (!write_json(PyList_GET_ITEM(entries, i), into_, state)) return false;
  }
  return true;
}

void validation_error::add_no_json(std::size_t place, std::string_view message) {
  open({"json_invalid", {}});
  into_.append_body("\"body\",");
  into_.append_body(std::to_string(place));
  into_.append_body("],\"msg\":\"JSON decode error\",\"input\":{},\"ctx\":{\"error\":");
  put_string(message);
  into_.append_body("}}");
}

void validation_error::finish() { into_.append_body("]}"); }

} // namespace fasterapi::python
