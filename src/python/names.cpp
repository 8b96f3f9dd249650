#include "python/names.hpp"

namespace fasterapi::python {

bool intern(std::initializer_list<interned_name> all) {
  for (const auto& name : all)
    if (!(name.into = py_ref::steal(PyUnicode_InternFromString(name.text)))) return false;
  return true;
}

bool names::intern() {
  return python::intern({
      {add_note, "add_note"},
      {as_tuple, "as_tuple"},
      {body, "body"},
      {dataclass_fields, "__dataclass_fields__"},
      {detail, "detail"},
      {exponent, "exponent"},
      {file_part, "__fasterapi_file__"},
      {headers, "headers"},
      {isoformat, "isoformat"},
      {model_dump, "model_dump"},
      {native_schema, "__fasterapi_native__"},
      {pairs, "_pairs"},
      {parts, "_parts"},
      {raw_headers, "raw_headers"},
      {sends_itself, "_sends_itself"},
      {status_code, "status_code"},
      {total_seconds, "total_seconds"},
      {value, "value"},
  });
}

py_ref find_attribute(PyObject* of, PyObject* name) {
#if PY_VERSION_HEX >= 0x030D0000
  PyObject* found = nullptr;
  PyObject_GetOptionalAttr(of, name, &found);
  return py_ref::steal(found);
#else
  py_ref found = py_ref::steal(PyObject_GetAttr(of, name));
  if (!found && PyErr_ExceptionMatches(PyExc_AttributeError)) PyErr_Clear();
  return found;
#endif
}

py_ref import_attribute(const char* module, const char* name) {
  const py_ref imported = py_ref::steal(PyImport_ImportModule(module));
  if (!imported) return {};
  return py_ref::steal(PyObject_GetAttrString(imported.get(), name));
}

PyObject* class_shown(PyObject* object, const char* module, const char* name) {
  const py_ref key = py_ref::steal(PyUnicode_FromString(module));
  const py_ref imported = key ? py_ref::steal(PyImport_GetModule(key.get())) : py_ref{};
  if (!imported && PyErr_Occurred() != nullptr) return nullptr;
  py_ref theirs = imported ? py_ref::steal(PyObject_GetAttrString(imported.get(), name)) : py_ref{};
  if (theirs) return theirs.release();
  PyErr_Clear(); // a module that is being imported has no such name yet
  return Py_NewRef(Py_TYPE(object));
}

} // namespace fasterapi::python
