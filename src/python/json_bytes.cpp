#include "python/json_bytes.hpp"

#include "http/byte_buffer.hpp"
#include "http/response.hpp"
#include "python/json_reader.hpp"
#include "python/json_writer.hpp"

namespace fasterapi::python {

bool to_json_bytes(PyObject* value, std::string& into, module_state& state) {
  http::byte_buffer bytes;
  http::response answer;
  answer.start(bytes, {});
  if (!write_json(value, answer, state)) return false;
  answer.finish();
  const std::string_view whole = bytes.view();
  into = whole.substr(whole.find("\r\n\r\n") + 4);
  return true;
}

py_ref from_json_bytes(std::string_view text, module_state& state) {
  http::byte_buffer padded;
  padded.prepare(1);
  padded.append(text);
  return read_json(padded.view(), state);
}

} // namespace fasterapi::python
