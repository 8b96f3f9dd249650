#pragma once

#include <Python.h>

#include <cstdint>
#include <vector>

namespace fasterapi::python {

/// What a result must be to go out as it stands: a return type as fasterapi._result_check says it,
/// in nested tuples of a word and its parts. Exact types only: a value of the user's own class, or
/// one that validation would convert, does not fit, and is for the response model.
///
/// ("str",) ("int",) ("float",) ("bool",) ("none",); ("plain",): any of these, or a list or a dict
/// with keys of str of such; ("plain dict",), ("plain list",); ("dict", of_values), ("list",
/// of_items), ("tuple", of_each...), ("union", of_any...).
class result_check {
public:
  /// False: with a Python exception set.
  static bool read(PyObject* said, result_check& into);
  /// Calls no foreign code. Of a check that was not read: false.
  bool fits(PyObject* value) const { return fits(value, 0); }

private:
  enum class kind : std::uint8_t {
    nothing,
    text,
    integer,
    floating,
    boolean,
    none,
    plain,
    plain_dict,
    plain_list,
    dict,
    list,
    tuple,
    any_of,
  };

  static bool find_kind(PyObject* word, kind& into);
  bool fits(PyObject* value, int depth) const;
  bool fits_dict(PyObject* value, int depth) const;
  bool fits_list(PyObject* value, int depth) const;
  bool fits_tuple(PyObject* value, int depth) const;

  kind is_ = kind::nothing;
  std::vector<result_check> parts_;
};

} // namespace fasterapi::python
