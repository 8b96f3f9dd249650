#include "python/json_form.hpp"

namespace fasterapi::python {

namespace {

using convert = py_ref (*)(PyObject* value, codec& codec);

py_ref to_text(PyObject* value, codec&) { return py_ref::steal(PyObject_Str(value)); }

py_ref to_iso(PyObject* value, codec& codec) {
  return py_ref::steal(PyObject_CallMethodNoArgs(value, codec.names.isoformat.get()));
}

py_ref to_seconds(PyObject* value, codec& codec) {
  return py_ref::steal(PyObject_CallMethodNoArgs(value, codec.names.total_seconds.get()));
}

py_ref to_value(PyObject* member, codec& codec) {
  return py_ref::steal(PyObject_GetAttr(member, codec.names.value.get()));
}

// An integer where it is written as one, so that 1 and 1.0 stay apart.
py_ref to_number(PyObject* value, codec& codec) {
  const py_ref parts = py_ref::steal(PyObject_CallMethodNoArgs(value, codec.names.as_tuple.get()));
  if (!parts) return {};
  const py_ref exponent = py_ref::steal(PyObject_GetAttr(parts.get(), codec.names.exponent.get()));
  if (!exponent) return {};
  // Of infinities and NaN it is a letter.
  const bool is_integer = PyLong_Check(exponent.get()) && PyLong_AsLong(exponent.get()) >= 0;
  return py_ref::steal(is_integer ? PyNumber_Long(value) : PyNumber_Float(value));
}

// A type can only have instances once its module is imported. Earlier rows go first: an Enum of
// datetimes is an Enum, a datetime is a date as well.
constexpr struct {
  const char* module;
  const char* type;
  convert to_json; // null: an iterable
} known[] = {
    {"enum", "Enum", to_value},
    {"datetime", "date", to_iso},
    {"datetime", "time", to_iso},
    {"datetime", "timedelta", to_seconds},
    {"uuid", "UUID", to_text},
    {"decimal", "Decimal", to_number},
    {"pathlib", "PurePath", to_text},
    {"collections", "deque", nullptr},
    {"ipaddress", "_IPAddressBase", to_text},
};
static_assert(std::size(known) == codec::form_count);

// Null without an exception where the module is not imported.
PyObject* known_type(std::size_t row, codec& codec) {
  py_ref& place = codec.forms[row];
  if (place) return place.get();
  const py_ref name = py_ref::steal(PyUnicode_InternFromString(known[row].module));
  if (!name) return nullptr;
  const py_ref module = py_ref::steal(PyImport_GetModule(name.get()));
  if (!module) return nullptr;
  place = py_ref::steal(PyObject_GetAttrString(module.get(), known[row].type));
  if (!place) PyErr_Clear(); // a module of the app's own by that name
  return place.get();
}

py_ref fields_of(PyObject* dataclass, codec& codec) {
  if (!codec.dataclass_fields) codec.dataclass_fields = import_attribute("dataclasses", "fields");
  if (!codec.dataclass_fields) return {};
  const py_ref fields = py_ref::steal(PyObject_CallOneArg(codec.dataclass_fields.get(), dataclass));
  py_ref made = fields ? py_ref::steal(PyDict_New()) : py_ref{};
  const Py_ssize_t count = made ? PyTuple_GET_SIZE(fields.get()) : 0;
  for (Py_ssize_t i = 0; i < count; ++i) {
    const py_ref name =
        py_ref::steal(PyObject_GetAttrString(PyTuple_GET_ITEM(fields.get(), i), "name"));
    const py_ref value = name ? py_ref::steal(PyObject_GetAttr(dataclass, name.get())) : py_ref{};
    if (!value || PyDict_SetItem(made.get(), name.get(), value.get()) != 0) return {};
  }
  return made;
}

py_ref dump_model(PyObject* dump) {
  const py_ref keywords =
      py_ref::steal(Py_BuildValue("{s:s,s:O}", "mode", "json", "by_alias", Py_True));
  const py_ref nothing = keywords ? py_ref::steal(PyTuple_New(0)) : py_ref{};
  if (!nothing) return {};
  return py_ref::steal(PyObject_Call(dump, nothing.get(), keywords.get()));
}

// Null without an exception where the object is of neither kind.
py_ref describe_itself(PyObject* value, codec& codec) {
  PyObject* const type = reinterpret_cast<PyObject*>(Py_TYPE(value));
  const py_ref is_dataclass = find_attribute(type, codec.names.dataclass_fields.get());
  if (is_dataclass) return fields_of(value, codec);
  if (PyErr_Occurred() != nullptr) return {};
  if (!find_attribute(type, codec.names.model_dump.get())) return {};
  const py_ref dump = py_ref::steal(PyObject_GetAttr(value, codec.names.model_dump.get()));
  return dump ? dump_model(dump.get()) : py_ref{};
}

json_form of_value(py_ref made) { return {std::move(made), false, false}; }

} // namespace

json_form find_form(PyObject* value, codec& codec) {
  if (PyBytes_Check(value))
    return of_value(py_ref::steal(
        PyUnicode_DecodeUTF8(PyBytes_AS_STRING(value), PyBytes_GET_SIZE(value), nullptr)));
  if (PyAnySet_Check(value) || PyGen_Check(value)) return {{}, true, false};
  for (std::size_t row = 0; row < std::size(known); ++row) {
    PyObject* const type = known_type(row, codec);
    if (type == nullptr || !PyType_Check(type)) continue;
    if (!PyObject_TypeCheck(value, reinterpret_cast<PyTypeObject*>(type))) continue;
    if (known[row].to_json == nullptr) return {{}, true, false};
    return of_value(known[row].to_json(value, codec));
  }
  if (PyErr_Occurred() != nullptr) return {};
  py_ref described = describe_itself(value, codec);
  if (described || PyErr_Occurred() != nullptr) return of_value(std::move(described));
  return {{}, false, true};
}

} // namespace fasterapi::python
