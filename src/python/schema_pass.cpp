#include "python/schema_pass.hpp"

#include <algorithm>
#include <vector>

namespace fasterapi::python {

bool has_duplicates(simdjson::dom::object members) {
  std::vector<std::string_view> keys;
  for (const auto& member : members) keys.push_back(member.key);
  std::sort(keys.begin(), keys.end());
  return std::adjacent_find(keys.begin(), keys.end()) != keys.end();
}

py_ref schema_pass::raised() noexcept {
  if (!PyErr_ExceptionMatches(PyExc_RecursionError)) return give_up(misfit::raised);
  PyErr_Clear();
  return unsure();
}

py_ref schema_pass::refused() noexcept {
  if (!PyErr_ExceptionMatches(PyExc_ValueError) && !PyErr_ExceptionMatches(PyExc_AssertionError))
    return raised();
  PyErr_Clear();
  return unfit();
}

py_ref schema_pass::text(std::string_view utf8) { return decoded(to_python(utf8)); }

py_ref schema_pass::key(std::string_view utf8) { return decoded(codec_.keys.get(utf8)); }

py_ref schema_pass::value(simdjson::dom::element of) { return decoded(to_python(of, codec_.keys)); }

// A lone surrogate has no UTF-8, but a str.
py_ref schema_pass::decoded(py_ref made) noexcept {
  if (made) return made;
  if (!PyErr_ExceptionMatches(PyExc_UnicodeDecodeError)) return raised();
  PyErr_Clear();
  return unsure();
}

} // namespace fasterapi::python
