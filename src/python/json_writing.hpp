#pragma once

#include "python/codec.hpp"
#include "python/dump_choice.hpp"
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
  /// What is written of the value that is next, by the verbs below.
  dump_choice choice;

  /// An array of a list's or tuple's items, each by `write_item(item, inside)`.
  template <class WriteItem>
  bool write_each(PyObject* items, const value_path& at, WriteItem write_item) {
    value_path inside;
    if (!enter(items, at, inside)) return false;
    const choice_scope outer{choice};
    char before = '[';
    for (inside.index = 0; inside.index < Py_SIZE(items); ++inside.index) {
      const int is_chosen = outer.choose(inside.index, Py_SIZE(items));
      if (is_chosen < 0) return false;
      if (is_chosen == 0) continue;
      text_.put(before);
      before = ',';
      PyObject* const item = PyList_Check(items) ? PyList_GET_ITEM(items, inside.index)
                                                 : PyTuple_GET_ITEM(items, inside.index);
      const py_ref kept = py_ref::borrow(item); // foreign code may take it out
      if (!write_item(item, inside)) return false;
    }
    text_.put(before == '[' ? std::string_view{"[]"} : std::string_view{"]"});
    return true;
  }
  /// An object of a dict's members, whose keys are str.
  template <class WriteItem>
  bool write_members(PyObject* dict, const value_path& at, WriteItem write_item) {
    value_path inside;
    if (!enter(dict, at, inside)) return false;
    PyObject *key = nullptr, *item = nullptr;
    const Py_ssize_t size = PyDict_GET_SIZE(dict);
    const choice_scope outer{choice};
    char before = '{';
    for (Py_ssize_t place = 0; PyDict_Next(dict, &place, &key, &item);) {
      const py_ref kept_key = py_ref::borrow(key), kept_item = py_ref::borrow(item);
      const int is_chosen = outer.choose(key);
      if (is_chosen < 0) return false;
      if (is_chosen == 0) continue;
      text_.put(before);
      before = ',';
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
  /// An object of a record's fields; `get(field, value)` gives each, or leaves it null.
  template <class Fields, class Get>
  bool write_record(PyObject* record, const value_path& at, const Fields& fields, Get get) {
    value_path inside;
    if (!enter(record, at, inside)) return false;
    const choice_scope outer{choice};
    char before = '{';
    for (const auto& field : fields) {
      if (field.shown.empty()) continue;
      const int is_chosen = outer.choose(field.name);
      if (is_chosen < 0) return false;
      if (is_chosen == 0) continue;
      py_ref value;
      inside.key = field.name;
      if (!get(field, value)) return note_at(inside, codec_.names);
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
  // Puts the choice back as it was.
  class choice_scope {
  public:
    explicit choice_scope(dump_choice& of) noexcept : of_(of), outer_(of), is_all_(of.is_all()) {}
    ~choice_scope() {
      if (!is_all_) of_ = outer_;
    }
    choice_scope(const choice_scope&) = delete;
    choice_scope& operator=(const choice_scope&) = delete;

    // As dump_choice::below, for what is written next.
    template <class... Key>
    int choose(Key... key) const {
      return is_all_ ? 1 : outer_.below(key..., of_);
    }

  private:
    dump_choice& of_;
    const dump_choice outer_;
    const bool is_all_;
  };

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
