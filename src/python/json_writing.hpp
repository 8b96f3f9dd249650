#pragma once

#include "python/codec.hpp"
#include "python/json_text.hpp"
#include "python/value_path.hpp"

#include <Python.h>

#include <string_view>

namespace fasterapi::python {

/// One value on its way into an answer's body; the rules are those of write_json(). All verbs are
/// false with a Python exception set, which names the place.
class json_writer {
public:
  json_writer(http::response& into, codec& codec) : text_(into), codec_(codec) {}

  bool write(PyObject* value, const value_path& at);
  void put(std::string_view json) { text_.put(json); }
  /// Before calls to foreign code.
  void flush() noexcept { text_.flush(); }
  const python::names& names() const noexcept { return codec_.names; }

  /// An array of a list's or tuple's items, each by `write_item(item, inside)`.
  template <class WriteItem>
  bool write_each(PyObject* items, const value_path& at, WriteItem write_item) {
    value_path inside;
    if (!enter(items, at, inside)) return false;
    text_.put('[');
    for (inside.index = 0; inside.index < Py_SIZE(items); ++inside.index) {
      if (inside.index != 0) text_.put(',');
      PyObject* const item = PyList_Check(items) ? PyList_GET_ITEM(items, inside.index)
                                                 : PyTuple_GET_ITEM(items, inside.index);
      const py_ref kept = py_ref::borrow(item); // foreign code may take it out
      if (!write_item(item, inside)) return false;
    }
    text_.put(']');
    return true;
  }
  /// An object of a dict's members, whose keys are str.
  template <class WriteItem>
  bool write_members(PyObject* dict, const value_path& at, WriteItem write_item) {
    value_path inside;
    if (!enter(dict, at, inside)) return false;
    PyObject *key = nullptr, *item = nullptr;
    const Py_ssize_t size = PyDict_GET_SIZE(dict);
    char before = '{';
    for (Py_ssize_t place = 0; PyDict_Next(dict, &place, &key, &item); before = ',') {
      const py_ref kept_key = py_ref::borrow(key), kept_item = py_ref::borrow(item);
      text_.put(before);
      inside.key = key;
      if (!write_string(key, inside)) return false;
      text_.put(':');
      if (!write_item(item, inside)) return false;
      if (PyDict_GET_SIZE(dict) != size)
        return raise_at(at, PyExc_RuntimeError, "dictionary changed size during iteration");
    }
    text_.put(before == '{' ? std::string_view{"{}"} : std::string_view{"}"});
    return true;
  }
  /// An object of a record's fields; `get(name, value)` gives each, or leaves it null.
  template <class Fields, class Get>
  bool write_record(PyObject* record, const value_path& at, const Fields& fields, Get get) {
    value_path inside;
    if (!enter(record, at, inside)) return false;
    char before = '{';
    for (const auto& field : fields) {
      if (field.shown.empty()) continue;
      py_ref value;
      inside.key = field.name;
      if (!get(field.name, value)) return note_at(inside, codec_.names);
      if (!value) continue;
      text_.put(before);
      text_.put(std::string_view{field.shown});
      before = ',';
      if (!(*field.node)->write(value.get(), *this, inside)) return false;
    }
    text_.put(before == '{' ? std::string_view{"{}"} : std::string_view{"}"});
    return true;
  }

private:
  bool write_other(PyObject* value, const value_path& at);
  bool write_string(PyObject* value, const value_path& at);
  bool write_integer(PyObject* value, const value_path& at);
  bool write_float(double value, const value_path& at);
  bool write_dict(PyObject* value, const value_path& at);
  bool write_items(PyObject* items, const value_path& at);
  bool write_member(PyObject* key, PyObject* value, value_path& at);
  bool write_key(PyObject* key, const value_path& at);
  bool write_list(PyObject* value, const value_path& at);
  bool write_tuple(PyObject* value, const value_path& at);
  bool write_iterable(PyObject* value, const value_path& at);
  bool write_form(PyObject* value, const value_path& at);
  bool enter(PyObject* container, const value_path& at, value_path& inside);

  json_text text_;
  codec& codec_;
};

} // namespace fasterapi::python
