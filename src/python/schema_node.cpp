#include "python/schema_node.hpp"

#include <cmath>

namespace fasterapi::python {

schema_node::schema_node(const schema_builder& from) noexcept
    : tools_(&from.tools()), run_(from.run()), dump_(from.dump()) {}

py_ref schema_node::begin_in_python(schema_pass& pass) const {
  PyObject* const data = pass.data != nullptr ? pass.data : Py_None;
  return py_ref::steal(PyObject_CallFunction(tools_->begin, "Oi", data, pass.depth));
}

py_ref schema_node::check(PyObject* value, schema_pass& pass) const {
  const py_ref state = begin_in_python(pass);
  if (!state) return pass.raised();
  py_ref made = py_ref::steal(PyObject_CallFunctionObjArgs(run_, value, state.get(), nullptr));
  if (!made) return pass.raised();
  if (made.get() == tools_->invalid) return pass.unfit();
  const py_ref fit = py_ref::steal(PyObject_GetAttrString(state.get(), "exactness"));
  const py_ref given = py_ref::steal(PyObject_GetAttrString(state.get(), "fields_set"));
  const long how = fit ? PyLong_AsLong(fit.get()) : -1;
  if (how < 0 || !given) return pass.raised();
  pass.floor(static_cast<closeness>(how));
  if (given.get() != Py_None) pass.add_given(PyLong_AsSsize_t(given.get()));
  return made;
}

bool schema_node::write(PyObject* value, json_writer& to, const value_path& at) const {
  return write_in_python(value, to, at);
}

py_ref schema_node::options_of(const json_writer& to) const {
  const auto or_none = [](PyObject* part) { return part != nullptr ? part : Py_None; };
  const dump_choice& of = to.choice;
  if (of.is_all()) return py_ref::borrow(tools_->options);
  return py_ref::steal(PyObject_CallMethod(tools_->options, "chosen", "OO", or_none(of.include),
                                           or_none(of.exclude)));
}

bool schema_node::write_in_python(PyObject* value, json_writer& to, const value_path& at) const {
  to.flush();
  const py_ref options = options_of(to);
  if (!options) return note_at(at, to.names());
  const py_ref plain =
      py_ref::steal(PyObject_CallFunctionObjArgs(dump_, value, options.get(), nullptr));
  return plain ? to.write(plain.get(), at) : note_at(at, to.names());
}

bool schema_node::write_any(PyObject* value, json_writer& to, const value_path& at) const {
  const auto write_item = [&](PyObject* item, const value_path& inside) {
    return write_any(item, to, inside);
  };
  PyTypeObject* const type = Py_TYPE(value);
  const bool is_plain =
      type == &PyUnicode_Type || type == &PyLong_Type || value == Py_None || type == &PyBool_Type;
  if (is_plain) return to.write(value, at);
  if (type == &PyFloat_Type) {
    if (std::isfinite(PyFloat_AS_DOUBLE(value))) return to.write(value, at);
    return to.put("null"), true;
  }
  if (type == &PyList_Type) return to.write_each(value, at, write_item);
  if (type == &PyDict_Type && has_text_keys(value)) return to.write_members(value, at, write_item);
  to.flush();
  const py_ref options = options_of(to);
  if (!options) return note_at(at, to.names());
  const py_ref plain =
      py_ref::steal(PyObject_CallFunctionObjArgs(tools_->dump_any, value, options.get(), nullptr));
  return plain ? to.write(plain.get(), at) : note_at(at, to.names());
}

bool schema_node::has_text_keys(PyObject* dict) noexcept {
  PyObject* key = nullptr;
  for (Py_ssize_t place = 0; PyDict_Next(dict, &place, &key, nullptr);)
    if (!PyUnicode_CheckExact(key)) return false;
  return true;
}

schema_place schema_builder::place(Py_ssize_t at) const {
  if (at >= 0 && static_cast<std::size_t>(at) < all_.size())
    return &all_[static_cast<std::size_t>(at)];
  if (PyErr_Occurred() == nullptr) PyErr_SetString(PyExc_ValueError, "no such node");
  throw_malformed();
}

std::vector<schema_place> schema_builder::places(PyObject* tuple) const {
  std::vector<schema_place> made;
  for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(tuple); ++i)
    made.push_back(place(PyLong_AsSsize_t(PyTuple_GET_ITEM(tuple, i))));
  return made;
}

std::string schema_builder::text(PyObject* tuple, std::size_t at) const {
  Py_ssize_t size = 0;
  PyObject* const item = PyTuple_GetItem(tuple, static_cast<Py_ssize_t>(at));
  const char* const utf8 = item != nullptr ? PyUnicode_AsUTF8AndSize(item, &size) : nullptr;
  if (utf8 == nullptr) throw_malformed();
  return {utf8, static_cast<std::size_t>(size)};
}

const problem_text* schema_builder::problem(const char* type) const {
  const problem_text* const made = texts_.find(tools_.describe, type, nullptr);
  if (PyErr_Occurred() != nullptr) throw_malformed();
  return made;
}

const problem_text* schema_builder::problem(const char* type, const char* name,
                                            Py_ssize_t size) const {
  if (size < 0) return nullptr;
  const py_ref value = py_ref::steal(PyLong_FromSsize_t(size));
  return value ? problem(type, name, value.get()) : nullptr;
}

const problem_text* schema_builder::problem(const char* type, const char* name,
                                            PyObject* value) const {
  const py_ref ctx = py_ref::steal(Py_BuildValue("{sO}", name, value));
  const problem_text* const made = ctx ? texts_.find(tools_.describe, type, ctx.get()) : nullptr;
  if (PyErr_Occurred() != nullptr) throw_malformed();
  return made;
}

void schema_builder::throw_malformed() {
  if (PyErr_Occurred() == nullptr) PyErr_SetString(PyExc_ValueError, "malformed schema");
  throw malformed_schema{};
}

} // namespace fasterapi::python
