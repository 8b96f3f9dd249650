#include "python/instance_dict.hpp"

namespace fasterapi::python {

bool instance_dict::attach(PyObject* object) {
  dict_ = py_ref::steal(PyObject_GetAttrString(object, "__dict__"));
  if (!dict_ || PyDict_Check(dict_.get())) return static_cast<bool>(dict_);
  PyErr_SetString(PyExc_TypeError, "__dict__ is no dict");
  return false;
}

py_ref instance_dict::get(const py_ref& name) const {
  py_ref found = py_ref::borrow(PyDict_GetItemWithError(dict_.get(), name.get()));
  if (!found && PyErr_Occurred() == nullptr) PyErr_SetObject(PyExc_AttributeError, name.get());
  return found;
}

} // namespace fasterapi::python
