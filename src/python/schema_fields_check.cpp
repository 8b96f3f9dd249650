#include "python/schema_fields.hpp"

namespace fasterapi::python {

namespace {

// The first of a field's keys that the dict has, and what it has there. False: with a Python
// exception set.
bool find_in(PyObject* dict, PyObject* keys, PyObject*& key, py_ref& value) {
  for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(keys) && !value; ++i) {
    key = PyTuple_GET_ITEM(keys, i);
    value = py_ref::borrow(PyDict_GetItemWithError(dict, key));
    if (!value && PyErr_Occurred() != nullptr) return false;
  }
  return true;
}

bool add_names(PyObject* of_dict, PyObject* set) {
  PyObject* name = nullptr;
  for (Py_ssize_t at = 0; PyDict_Next(of_dict, &at, &name, nullptr);)
    if (PySet_Add(set, name) != 0) return false;
  return true;
}

} // namespace

bool schema_fields::check_field(const field& of, PyObject* dict, schema_pass& pass,
                                values& into) const {
  PyObject* key = nullptr;
  py_ref value;
  if (!find_in(dict, of.keys, key, value)) return pass.raised(), false;
  bool is_absent = false;
  const py_ref made = value ? (*of.node)->check(value.get(), pass)
                            : otherwise(of, into.fields.get(), pass, is_absent);
  if (!made) return is_absent;
  bool is_set = PyDict_SetItem(into.fields.get(), of.name, made.get()) == 0;
  if (value) is_set = is_set && PySet_Add(into.given.get(), of.name) == 0;
  if (value && extra_ == surplus::allow)
    is_set = is_set && PyDict_DelItem(into.extra.get(), key) == 0;
  return is_set || (pass.raised(), false);
}

bool schema_fields::check_each(PyObject* dict, schema_pass& pass, values& into) const {
  PyObject* const outer = std::exchange(pass.data, into.fields.get());
  bool are_fit = true;
  for (std::size_t i = 0; i != fields_.size() && are_fit; ++i)
    are_fit = check_field(fields_[i], dict, pass, into);
  pass.data = outer;
  return are_fit;
}

// What is over.
bool schema_fields::check_extra(PyObject* dict, schema_pass& pass, values& into) const {
  if (extra_ == surplus::forbid && PyDict_GET_SIZE(dict) != PySet_GET_SIZE(into.given.get()))
    return pass.unfit(), false;
  if (extra_ != surplus::allow) return true;
  PyObject* key = nullptr;
  for (Py_ssize_t at = 0; PyDict_Next(into.extra.get(), &at, &key, nullptr);)
    if (!PyUnicode_Check(key)) return pass.unfit(), false;
  return add_names(into.extra.get(), into.given.get()) || (pass.raised(), false);
}

bool schema_fields::check(PyObject* dict, schema_pass& pass, values& into) const {
  into.extra = extra_ == surplus::allow ? pass.checked(py_ref::steal(PyDict_Copy(dict)))
                                        : py_ref::borrow(Py_None);
  into.fields = into.extra ? pass.checked(py_ref::steal(PyDict_New())) : py_ref{};
  into.given = into.fields ? pass.checked(py_ref::steal(PySet_New(nullptr))) : py_ref{};
  if (!into.given || !check_each(dict, pass, into) || !check_extra(dict, pass, into)) return false;
  pass.add_given(PySet_GET_SIZE(into.given.get()));
  return true;
}

} // namespace fasterapi::python
