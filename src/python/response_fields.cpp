#include "python/response_fields.hpp"

#include "http/field_syntax.hpp"
#include "http/request.hpp"

#include <optional>
#include <stdexcept>
#include <string_view>

namespace fasterapi::python {

namespace {

// No value with TypeError or ValueError set.
std::optional<std::string_view> text_of(PyObject* value) {
  if (PyBytes_Check(value))
    return std::string_view{PyBytes_AS_STRING(value),
                            static_cast<std::size_t>(PyBytes_GET_SIZE(value))};
  if (!PyUnicode_Check(value)) {
    PyErr_Format(PyExc_TypeError, "header name and value are str, not %.100s",
                 Py_TYPE(value)->tp_name);
    return {};
  }
  if (PyUnicode_KIND(value) != PyUnicode_1BYTE_KIND) {
    PyErr_Format(PyExc_ValueError, "header text %R is not Latin-1", value);
    return {};
  }
  return std::string_view{reinterpret_cast<const char*>(PyUnicode_1BYTE_DATA(value)),
                          static_cast<std::size_t>(PyUnicode_GET_LENGTH(value))};
}

bool has_name(PyObject* pair, std::string_view name) {
  if (!PyTuple_Check(pair) || PyTuple_GET_SIZE(pair) != 2) return false;
  const auto present = text_of(PyTuple_GET_ITEM(pair, 0));
  if (!present) PyErr_Clear();
  return present && http::iequals(*present, name);
}

} // namespace

bool response_fields::open() {
  if (!pairs) pairs = py_ref::steal(PyList_New(0));
  return static_cast<bool>(pairs);
}

bool response_fields::set(PyObject* name, PyObject* value) {
  const auto name_text = text_of(name);
  const auto value_text = name_text ? text_of(value) : std::nullopt;
  if (!value_text || !open()) return false;
  if (!http::is_field_name(*name_text) || !http::is_field_value(*value_text)) {
    PyErr_Format(PyExc_ValueError, "header %R: control characters are not allowed", name);
    return false;
  }
  for (Py_ssize_t i = PyList_GET_SIZE(pairs.get()); i-- > 0;)
    if (has_name(PyList_GET_ITEM(pairs.get(), i), *name_text) &&
        PyList_SetSlice(pairs.get(), i, i + 1, nullptr) != 0)
      return false;
  const py_ref pair = py_ref::steal(PyTuple_Pack(2, name, value));
  return pair && PyList_Append(pairs.get(), pair.get()) == 0;
}

py_ref response_fields::as_headers(codec& codec) {
  if (headers) return headers;
  py_ref& type = codec.mutable_headers_type;
  if (!type) type = import_attribute("fasterapi.datastructures", "MutableHeaders");
  py_ref made = type && open() ? py_ref::steal(PyObject_CallNoArgs(type.get())) : py_ref{};
  if (made && PyObject_SetAttr(made.get(), codec.names.pairs.get(), pairs.get()) == 0)
    headers = made;
  return headers;
}

bool response_fields::add_to(http::response& into) const {
  return !pairs || add_fields(into, pairs.get());
}

bool add_field(http::response& into, PyObject* name, PyObject* value) {
  const auto name_text = text_of(name);
  const auto value_text = name_text ? text_of(value) : std::nullopt;
  if (!value_text) return false;
  try {
    into.header(*name_text, *value_text);
  } catch (const std::invalid_argument& refused) {
    PyErr_Format(PyExc_ValueError, "header %R: %s", name, refused.what());
    return false;
  }
  return true;
}

namespace {

// Calls with name and value of each, until that is false.
template <class Call>
bool for_each_field(PyObject* pairs, Call call) {
  const py_ref fields = py_ref::steal(PySequence_Fast(pairs, "headers are no list"));
  if (!fields) return false;
  for (Py_ssize_t i = 0; i < PySequence_Fast_GET_SIZE(fields.get()); ++i) {
    PyObject* const pair = PySequence_Fast_GET_ITEM(fields.get(), i);
    if (!PyTuple_Check(pair) || PyTuple_GET_SIZE(pair) != 2) {
      PyErr_Format(PyExc_TypeError, "a header is (name, value), not %R", pair);
      return false;
    }
    if (!call(PyTuple_GET_ITEM(pair, 0), PyTuple_GET_ITEM(pair, 1))) return false;
  }
  return true;
}

} // namespace

bool add_fields(http::response& into, PyObject* pairs) {
  return for_each_field(
      pairs, [&](PyObject* name, PyObject* value) { return add_field(into, name, value); });
}

bool read_fields(PyObject* pairs, std::vector<std::pair<std::string, std::string>>& into) {
  return for_each_field(pairs, [&](PyObject* name, PyObject* value) {
    const auto name_text = text_of(name);
    const auto value_text = name_text ? text_of(value) : std::nullopt;
    if (!value_text) return false;
    if (!http::is_field_name(*name_text) || !http::is_field_value(*value_text)) {
      PyErr_Format(PyExc_ValueError, "header %R is not one that can be sent", name);
      return false;
    }
    into.emplace_back(*name_text, http::trim(*value_text));
    return true;
  });
}

} // namespace fasterapi::python
