#pragma once

#include <Python.h>

namespace fasterapi::python {

/// A function of more arguments than a PyCFunction has, for a PyMethodDef whose flags say which.
template <class Function>
PyCFunction as_method(Function* function) noexcept {
  return reinterpret_cast<PyCFunction>(reinterpret_cast<void (*)()>(function));
}

} // namespace fasterapi::python
