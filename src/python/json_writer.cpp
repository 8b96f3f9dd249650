#include "python/json_writer.hpp"

#include "python/json_form.hpp"
#include "python/json_writing.hpp"
#include "python/schema_object.hpp"

#include <cmath>
#include <new>

namespace fasterapi::python {

namespace {

constexpr int deepest = 200;

} // namespace

bool json_writer::write(PyObject* value, const value_path& at) {
  PyTypeObject* const type = Py_TYPE(value);
  if (type == &PyUnicode_Type) return write_string(value, at);
  if (type == &PyLong_Type) return write_integer(value, at);
  if (type == &PyDict_Type) return write_dict(value, at);
  if (type == &PyList_Type) return write_list(value, at);
  if (type == &PyFloat_Type) return write_float(PyFloat_AS_DOUBLE(value), at);
  if (value == Py_None) return text_.put("null"), true;
  if (value == Py_True) return text_.put("true"), true;
  if (value == Py_False) return text_.put("false"), true;
  if (type == &PyTuple_Type) return write_tuple(value, at);
  return write_other(value, at);
}

bool json_writer::write_other(PyObject* value, const value_path& at) {
  if (PyUnicode_Check(value)) return write_string(value, at);
  if (PyLong_Check(value)) return write_integer(value, at);
  if (PyFloat_Check(value)) return write_float(PyFloat_AS_DOUBLE(value), at);
  if (PyDict_Check(value)) {
    text_.flush();
    // Its own items(): an OrderedDict has an order of its own.
    const py_ref items = py_ref::steal(PyMapping_Items(value));
    value_path inside;
    if (!items) return note_at(at, codec_.names);
    return enter(value, at, inside) && write_items(items.get(), inside);
  }
  if (PyList_Check(value) || PyTuple_Check(value)) return write_iterable(value, at);
  return write_form(value, at);
}

bool json_writer::enter(PyObject* container, const value_path& at, value_path& inside) {
  if (at.holds(container)) return raise_at(at, PyExc_ValueError, "Circular reference detected");
  if (at.depth >= deepest)
    return raise_at(at, PyExc_RecursionError, "JSON is nested deeper than 200 levels");
  inside.parent = &at;
  inside.container = container;
  inside.depth = at.depth + 1;
  return true;
}

bool json_writer::write_string(PyObject* value, const value_path& at) {
  if (text_.put_string(value)) return true;
  return raise_at(at, PyExc_ValueError, "str with a lone surrogate has no UTF-8 form:");
}

bool json_writer::write_integer(PyObject* value, const value_path& at) {
  int overflow = 0;
  const long long number = PyLong_AsLongLongAndOverflow(value, &overflow);
  if (overflow == 0) return text_.put(number), true;
  // Not str(): subclasses may say something else than digits.
  const py_ref digits = py_ref::steal(PyLong_Type.tp_repr(value));
  if (!digits) return note_at(at, codec_.names); // over sys.get_int_max_str_digits()
  text_.put(std::string_view{reinterpret_cast<const char*>(PyUnicode_1BYTE_DATA(digits.get())),
                             static_cast<std::size_t>(PyUnicode_GET_LENGTH(digits.get()))});
  return true;
}

bool json_writer::write_float(double value, const value_path& at) {
  if (std::isfinite(value)) return text_.put(value), true;
  const py_ref number = py_ref::steal(PyFloat_FromDouble(value));
  if (!number) return false;
  return raise_at(at, PyExc_ValueError,
                  py_ref::steal(PyUnicode_FromFormat(
                      "Out of range float values are not JSON compliant: %R", number.get())));
}

bool json_writer::write_dict(PyObject* value, const value_path& at) {
  value_path inside;
  if (!enter(value, at, inside)) return false;
  text_.put('{');
  const Py_ssize_t size = PyDict_GET_SIZE(value);
  Py_ssize_t place = 0;
  PyObject* key = nullptr;
  PyObject* item = nullptr;
  bool is_first = true;
  while (PyDict_Next(value, &place, &key, &item)) {
    if (!is_first) text_.put(',');
    is_first = false;
    // Foreign code further down may take them out of the dict.
    const py_ref kept_key = py_ref::borrow(key);
    const py_ref kept_item = py_ref::borrow(item);
    if (!write_member(key, item, inside)) return false;
    if (PyDict_GET_SIZE(value) != size)
      return raise_at(at, PyExc_RuntimeError, "dictionary changed size during iteration");
  }
  text_.put('}');
  return true;
}

bool json_writer::write_items(PyObject* items, const value_path& at) {
  value_path inside = at;
  text_.put('{');
  for (Py_ssize_t i = 0; i < PyList_GET_SIZE(items); ++i) {
    PyObject* const pair = PyList_GET_ITEM(items, i);
    if (!PyTuple_Check(pair) || PyTuple_GET_SIZE(pair) != 2)
      return raise_at(at, PyExc_ValueError, "items must return 2-tuples");
    if (i != 0) text_.put(',');
    if (!write_member(PyTuple_GET_ITEM(pair, 0), PyTuple_GET_ITEM(pair, 1), inside)) return false;
  }
  text_.put('}');
  return true;
}

bool json_writer::write_member(PyObject* key, PyObject* value, value_path& at) {
  at.key = key;
  if (!write_key(key, at)) return false;
  text_.put(':');
  return write(value, at);
}

bool json_writer::write_key(PyObject* key, const value_path& at) {
  if (PyUnicode_Check(key)) return write_string(key, at);
  if (key == Py_None) return text_.put("\"null\""), true;
  if (key == Py_True) return text_.put("\"true\""), true;
  if (key == Py_False) return text_.put("\"false\""), true;
  if (PyLong_Check(key) || PyFloat_Check(key)) {
    text_.put('"');
    const bool is_written =
        PyLong_Check(key) ? write_integer(key, at) : write_float(PyFloat_AS_DOUBLE(key), at);
    text_.put('"');
    return is_written;
  }
  return raise_at(
      at, PyExc_TypeError,
      py_ref::steal(PyUnicode_FromFormat("keys must be str, int, float, bool or None, not %s",
                                         Py_TYPE(key)->tp_name)));
}

bool json_writer::write_list(PyObject* value, const value_path& at) {
  value_path inside;
  if (!enter(value, at, inside)) return false;
  text_.put('[');
  for (Py_ssize_t i = 0; i < PyList_GET_SIZE(value); ++i) {
    if (i != 0) text_.put(',');
    const py_ref item = py_ref::borrow(PyList_GET_ITEM(value, i)); // as with a dict
    inside.index = i;
    if (!write(item.get(), inside)) return false;
  }
  text_.put(']');
  return true;
}

bool json_writer::write_tuple(PyObject* value, const value_path& at) {
  value_path inside;
  if (!enter(value, at, inside)) return false;
  text_.put('[');
  for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(value); ++i) {
    if (i != 0) text_.put(',');
    inside.index = i;
    if (!write(PyTuple_GET_ITEM(value, i), inside)) return false;
  }
  text_.put(']');
  return true;
}

bool json_writer::write_iterable(PyObject* value, const value_path& at) {
  value_path inside;
  if (!enter(value, at, inside)) return false;
  text_.put('[');
  text_.flush();
  const py_ref iterator = py_ref::steal(PyObject_GetIter(value));
  if (!iterator) return note_at(at, codec_.names);
  for (inside.index = 0;; ++inside.index) {
    text_.flush();
    const py_ref item = py_ref::steal(PyIter_Next(iterator.get()));
    if (!item) break;
    if (inside.index != 0) text_.put(',');
    if (!write(item.get(), inside)) return false;
  }
  if (PyErr_Occurred() != nullptr) return note_at(inside, codec_.names);
  text_.put(']');
  return true;
}

bool json_writer::write_form(PyObject* value, const value_path& at) {
  text_.flush();
  bool is_model = false;
  const bool is_written = write_model(value, *this, at, codec_, is_model);
  if (is_model) return is_written;
  const json_form form = find_form(value, codec_);
  if (form.is_iterable) return write_iterable(value, at);
  if (form.value) {
    value_path inside; // an unnamed step: what a form says of itself may go in circles
    return enter(value, at, inside) && write(form.value.get(), inside);
  }
  if (!form.is_unknown) return note_at(at, codec_.names);
  return raise_at(at, PyExc_TypeError,
                  py_ref::steal(PyUnicode_FromFormat("Object of type %s is not JSON serializable",
                                                     Py_TYPE(value)->tp_name)));
}

bool write_json(PyObject* value, http::response& into, module_state& state) {
  try {
    return json_writer{into, state.codec}.write(value, value_path{});
  } catch (const std::bad_alloc&) {
    PyErr_NoMemory();
    return false;
  }
}

} // namespace fasterapi::python
