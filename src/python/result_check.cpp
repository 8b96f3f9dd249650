#include "python/result_check.hpp"

#include <algorithm>
#include <cmath>

namespace fasterapi::python {

namespace {

constexpr int deepest = 200; // as JSON is written

bool is_plain(PyObject* value, int depth);

template <class Fits>
bool are_values(PyObject* dict, Fits fits) {
  Py_ssize_t place = 0;
  PyObject* key = nullptr;
  PyObject* item = nullptr;
  while (PyDict_Next(dict, &place, &key, &item)) {
    if (!PyUnicode_CheckExact(key) || !fits(item)) return false;
  }
  return true;
}

template <class Fits>
bool are_items(PyObject* list, Fits fits) {
  for (Py_ssize_t i = 0; i < PyList_GET_SIZE(list); ++i) {
    if (!fits(PyList_GET_ITEM(list, i))) return false;
  }
  return true;
}

bool is_plain_dict(PyObject* value, int depth) {
  return PyDict_CheckExact(value) && depth < deepest &&
         are_values(value, [depth](PyObject* item) { return is_plain(item, depth + 1); });
}

bool is_plain_list(PyObject* value, int depth) {
  return PyList_CheckExact(value) && depth < deepest &&
         are_items(value, [depth](PyObject* item) { return is_plain(item, depth + 1); });
}

// The infinities and NaN are for the model.
bool is_float(PyObject* value) noexcept {
  return PyFloat_CheckExact(value) && std::isfinite(PyFloat_AS_DOUBLE(value));
}

bool is_plain(PyObject* value, int depth) {
  return PyUnicode_CheckExact(value) || PyLong_CheckExact(value) || PyBool_Check(value) ||
         value == Py_None || is_float(value) || is_plain_dict(value, depth) ||
         is_plain_list(value, depth);
}

} // namespace

bool result_check::find_kind(PyObject* word, kind& into) {
  constexpr struct {
    const char* word;
    kind is;
  } known[] = {
      {"str", kind::text},
      {"int", kind::integer},
      {"float", kind::floating},
      {"bool", kind::boolean},
      {"none", kind::none},
      {"plain", kind::plain},
      {"plain dict", kind::plain_dict},
      {"plain list", kind::plain_list},
      {"dict", kind::dict},
      {"list", kind::list},
      {"tuple", kind::tuple},
      {"union", kind::any_of},
  };
  for (const auto& each : known) {
    if (!PyUnicode_Check(word) || PyUnicode_CompareWithASCIIString(word, each.word) != 0) continue;
    into = each.is;
    return true;
  }
  PyErr_Format(PyExc_ValueError, "malformed result check: %R", word);
  return false;
}

bool result_check::read(PyObject* said, result_check& into) {
  if (!PyTuple_Check(said) || PyTuple_GET_SIZE(said) == 0) {
    PyErr_Format(PyExc_ValueError, "malformed result check: %R", said);
    return false;
  }
  if (!find_kind(PyTuple_GET_ITEM(said, 0), into.is_)) return false;
  for (Py_ssize_t i = 1; i < PyTuple_GET_SIZE(said); ++i) {
    into.parts_.emplace_back();
    if (!read(PyTuple_GET_ITEM(said, i), into.parts_.back())) return false;
  }
  const bool has_one = into.is_ == kind::dict || into.is_ == kind::list;
  if (!has_one || into.parts_.size() == 1) return true;
  PyErr_Format(PyExc_ValueError, "malformed result check: %R", said);
  return false;
}

bool result_check::fits(PyObject* value, int depth) const {
  switch (is_) {
  case kind::nothing:
    return false;
  case kind::text:
    return PyUnicode_CheckExact(value);
  case kind::integer:
    return PyLong_CheckExact(value);
  case kind::floating:
    return is_float(value);
  case kind::boolean:
    return PyBool_Check(value);
  case kind::none:
    return value == Py_None;
  case kind::plain:
    return is_plain(value, depth);
  case kind::plain_dict:
    return is_plain_dict(value, depth);
  case kind::plain_list:
    return is_plain_list(value, depth);
  case kind::dict:
    return fits_dict(value, depth);
  case kind::list:
    return fits_list(value, depth);
  case kind::tuple:
    return fits_tuple(value, depth);
  case kind::any_of:
    return std::any_of(parts_.begin(), parts_.end(),
                       [&](const result_check& part) { return part.fits(value, depth); });
  }
  return false;
}

bool result_check::fits_dict(PyObject* value, int depth) const {
  const result_check& part = parts_.front();
  return PyDict_CheckExact(value) &&
         are_values(value, [&](PyObject* item) { return part.fits(item, depth + 1); });
}

bool result_check::fits_list(PyObject* value, int depth) const {
  const result_check& part = parts_.front();
  return PyList_CheckExact(value) &&
         are_items(value, [&](PyObject* item) { return part.fits(item, depth + 1); });
}

bool result_check::fits_tuple(PyObject* value, int depth) const {
  if (!PyTuple_CheckExact(value)) return false;
  if (PyTuple_GET_SIZE(value) != static_cast<Py_ssize_t>(parts_.size())) return false;
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    PyObject* const item = PyTuple_GET_ITEM(value, static_cast<Py_ssize_t>(i));
    if (!parts_[i].fits(item, depth + 1)) return false;
  }
  return true;
}

} // namespace fasterapi::python
