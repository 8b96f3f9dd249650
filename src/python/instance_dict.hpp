#pragma once

#include "python/py_ref.hpp"

#include <Python.h>

namespace fasterapi::python {

/// The attributes that an object has by itself, without the look-up in its type.
class instance_dict {
public:
  bool attach(PyObject* object); // false: with a Python exception set
  /// Null with AttributeError set.
  py_ref get(const py_ref& name) const;

  const py_ref& dict() const noexcept { return dict_; }

private:
  py_ref dict_;
};

} // namespace fasterapi::python
