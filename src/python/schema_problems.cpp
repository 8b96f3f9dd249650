#include "python/schema_problems.hpp"

#include "http/byte_buffer.hpp"
#include "http/response.hpp"
#include "python/json_value.hpp"
#include "python/json_writing.hpp"

#include <algorithm>

namespace fasterapi::python {

namespace {

bool take(PyObject* said, Py_ssize_t at, std::string& into) {
  Py_ssize_t size = 0;
  const char* const utf8 = PyUnicode_AsUTF8AndSize(PyTuple_GetItem(said, at), &size);
  if (utf8 != nullptr) into.assign(utf8, static_cast<std::size_t>(size));
  return utf8 != nullptr;
}

} // namespace

const problem_text* problem_texts::find(PyObject* describe, const char* type, PyObject* ctx) {
  if (ctx != nullptr) return make(describe, type, ctx);
  const auto found = plain_.find(type);
  if (found != plain_.end()) return found->second;
  return plain_[type] = make(describe, type, Py_None);
}

const problem_text* problem_texts::make(PyObject* describe, const char* type, PyObject* ctx) {
  const py_ref said = py_ref::steal(PyObject_CallFunction(describe, "sO", type, ctx));
  if (!said || said.get() == Py_None) return nullptr;
  problem_text made;
  if (!PyTuple_Check(said.get()) || !take(said.get(), 0, made.before) ||
      !take(said.get(), 1, made.between) || !take(said.get(), 2, made.after))
    return nullptr;
  return &all_.emplace_back(std::move(made));
}

void schema_problems::locate(std::size_t since, step below) {
  for (; since < all_.size(); ++since) all_[since].place.push_back(below);
}

py_ref schema_problems::json(module_state& state) const {
  http::byte_buffer bytes;
  http::response into;
  into.start(bytes, {});
  json_writer writer{into, state.codec};
  const auto write = [&writer](const py_ref& value) {
    return value && writer.write(value.get(), value_path{});
  };
  for (const problem& each : all_) {
    if (&each != &all_.front()) writer.put(",");
    writer.put(each.text->before);
    writer.put("\"body\"");
    for (auto at = each.place.rbegin(); at != each.place.rend(); ++at) {
      writer.put(",");
      const bool is_item = at->index != step::item_of_none;
      if (!write(is_item ? py_ref::steal(PyLong_FromSize_t(at->index)) : to_python(at->key)))
        return {};
    }
    writer.put(each.text->between);
    if (!write(to_python(each.input, state.codec.keys))) return {};
    writer.put(each.text->after);
  }
  writer.flush();
  into.finish();
  std::string_view body = bytes.view();
  body.remove_prefix(body.find("\r\n\r\n") + 4);
  return py_ref::steal(
      PyBytes_FromStringAndSize(body.data(), static_cast<Py_ssize_t>(body.size())));
}

} // namespace fasterapi::python
