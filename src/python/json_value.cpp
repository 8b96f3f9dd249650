#include "python/json_value.hpp"

#include <cstdint>

namespace fasterapi::python {

namespace dom = simdjson::dom;

namespace {

py_ref to_python(dom::array values, key_cache& keys) {
  py_ref list = py_ref::steal(PyList_New(0));
  if (!list) return list;
  for (const dom::element value : values) {
    const py_ref item = to_python(value, keys);
    if (!item || PyList_Append(list.get(), item.get()) != 0) return {};
  }
  return list;
}

py_ref to_python(dom::object members, key_cache& keys) {
  py_ref dict = py_ref::steal(PyDict_New());
  if (!dict) return dict;
  for (const auto& member : members) {
    const py_ref key = keys.get(member.key);
    const py_ref value = key ? to_python(member.value, keys) : py_ref{};
    if (!value || PyDict_SetItem(dict.get(), key.get(), value.get()) != 0) return {};
  }
  return dict;
}

} // namespace

py_ref to_python(std::string_view text) {
  return py_ref::steal(
      PyUnicode_DecodeUTF8(text.data(), static_cast<Py_ssize_t>(text.size()), nullptr));
}

// As deep as simdjson lets the text be nested.
py_ref to_python(dom::element value, key_cache& keys) {
  switch (value.type()) {
  case dom::element_type::OBJECT:
    return to_python(dom::object{value}, keys);
  case dom::element_type::ARRAY:
    return to_python(dom::array{value}, keys);
  case dom::element_type::STRING:
    return to_python(std::string_view{value});
  case dom::element_type::INT64:
    return py_ref::steal(PyLong_FromLongLong(std::int64_t{value}));
  case dom::element_type::UINT64:
    return py_ref::steal(PyLong_FromUnsignedLongLong(std::uint64_t{value}));
  case dom::element_type::DOUBLE:
    return py_ref::steal(PyFloat_FromDouble(double{value}));
  case dom::element_type::BOOL:
    return py_ref::borrow(bool{value} ? Py_True : Py_False);
  case dom::element_type::NULL_VALUE:
    break;
  }
  return py_ref::borrow(Py_None);
}

} // namespace fasterapi::python
