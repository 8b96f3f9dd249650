#include "python/schema_kinds.hpp"

#include <string>
#include <vector>

namespace fasterapi::python {

namespace {

using simdjson::dom::element;

// A value of a dict by a key that may have no hash: null then, or with an exception set.
PyObject* find(PyObject* dict, PyObject* key) {
  PyObject* const found = PyDict_GetItemWithError(dict, key);
  if (found == nullptr && PyErr_ExceptionMatches(PyExc_TypeError)) PyErr_Clear();
  return found;
}

class literal_node final : public schema_node {
public:
  explicit literal_node(const schema_builder& from) : schema_node(from) {
    PyObject *texts = nullptr, *expected = nullptr;
    from.take("O!O!O!O", &PyTuple_Type, &texts, &PyDict_Type, &exact_, &PyDict_Type, &equal_,
              &expected);
    none_of_them_ = from.problem("literal_error", "expected", expected);
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(texts); ++i) {
      Py_ssize_t size = 0;
      PyObject* const value = PyTuple_GET_ITEM(texts, i);
      const char* const text = PyUnicode_AsUTF8AndSize(value, &size);
      if (text == nullptr) schema_builder::throw_malformed();
      texts_.push_back({{text, static_cast<std::size_t>(size)}, value});
    }
  }

  py_ref read(element value, schema_pass& pass) const override {
    if (value.is_string()) return of_text(value, pass);
    if (value.is_array() || value.is_object()) return pass.unfit(none_of_them_, value); // no hash
    const py_ref plain = pass.value(value);
    return plain ? of_other(plain.get(), value, pass) : py_ref{};
  }

private:
  struct known_text {
    std::string_view utf8;
    PyObject* value;
  };

  py_ref of_text(element value, schema_pass& pass) const {
    const std::string_view utf8 = value.get_string().value_unsafe();
    for (const known_text& each : texts_)
      if (each.utf8 == utf8) return py_ref::borrow(each.value);
    return pass.unfit(none_of_them_, value);
  }
  py_ref of_other(PyObject* plain, element value, schema_pass& pass) const {
    const py_ref key = py_ref::steal(PyTuple_Pack(2, Py_TYPE(plain), plain));
    if (!key) return pass.raised();
    PyObject* found = find(exact_, key.get());
    if (found == nullptr && PyErr_Occurred() == nullptr) found = find(equal_, plain);
    if (found != nullptr) return py_ref::borrow(found);
    if (PyErr_Occurred() != nullptr) return pass.raised();
    const bool is_huge = value.type() == simdjson::dom::element_type::UINT64;
    return pass.unfit(is_huge ? nullptr : none_of_them_, value);
  }

  const problem_text* none_of_them_;
  std::vector<known_text> texts_;
  PyObject* exact_ = nullptr; // by (type, value)
  PyObject* equal_ = nullptr; // by value, without text
};

class enum_node final : public schema_node {
public:
  explicit enum_node(const schema_builder& from) : schema_node(from) {
    PyObject* expected = nullptr;
    from.take("ppO!OOO", &strict_, &uses_values_, &PyDict_Type, &by_value_, &convert_, &type_,
              &expected);
    if (expected != Py_None) none_of_them_ = from.problem("enum", "expected", expected);
  }

  py_ref read(element value, schema_pass& pass) const override {
    if (strict_) return pass.unfit();
    pass.floor(closeness::lax);
    const py_ref plain = pass.value(value);
    if (!plain) return {};
    py_ref member = py_ref::borrow(find(by_value_, plain.get()));
    if (!member && PyErr_Occurred() != nullptr) return pass.raised();
    if (!member) member = py_ref::steal(PyObject_CallOneArg(convert_, plain.get()));
    if (!member) return pass.raised();
    if (member.get() == Py_None) return pass.unfit(none_of_them_, value);
    if (!uses_values_) return member;
    return pass.checked(py_ref::steal(PyObject_GetAttrString(member.get(), "value")));
  }
  py_ref check(PyObject* value, schema_pass& pass) const override {
    const bool is_member = reinterpret_cast<PyObject*>(Py_TYPE(value)) == type_;
    return is_member && !uses_values_ ? py_ref::borrow(value) : schema_node::check(value, pass);
  }
  bool write(PyObject* value, json_writer& to, const value_path& at) const override {
    if (reinterpret_cast<PyObject*>(Py_TYPE(value)) != type_) return write_any(value, to, at);
    const py_ref plain = py_ref::steal(PyObject_GetAttrString(value, "value"));
    return plain && write_any(plain.get(), to, at);
  }

private:
  int strict_ = 0;
  int uses_values_ = 0;
  PyObject* by_value_ = nullptr;
  PyObject* convert_ = nullptr;
  PyObject* type_ = nullptr;
  const problem_text* none_of_them_ = nullptr;
};

} // namespace

made_node make_literal_node(const schema_builder& from) {
  return std::make_unique<literal_node>(from);
}
made_node make_enum_node(const schema_builder& from) { return std::make_unique<enum_node>(from); }

} // namespace fasterapi::python
