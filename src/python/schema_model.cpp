#include "python/schema_depth.hpp"
#include "python/schema_fields.hpp"
#include "python/schema_kinds.hpp"

namespace fasterapi::python {

namespace {

using simdjson::dom::element;

/// fasterapi.Model: (type, is_recursive, members, extra, make, extra's slot, given's slot).
class model_node final : public schema_node {
public:
  explicit model_node(const schema_builder& from) : schema_node(from) {
    PyObject *members = nullptr, *type = nullptr;
    const char* extra = nullptr;
    from.take("O!pOsOOO", &PyType_Type, &type, &is_recursive_, &members, &extra, &make_,
              &extra_slot_, &given_slot_);
    no_object_ = from.problem("model_attributes_type");
    type_ = reinterpret_cast<PyTypeObject*>(type);
    fields_.emplace(from, members, extra);
    nothing_ = py_ref::steal(PyTuple_New(0));
    if (!nothing_) schema_builder::throw_malformed();
  }

  py_ref read(element value, schema_pass& pass) const override {
    const schema_depth deeper{pass, is_recursive_ != 0};
    if (deeper.is_too_deep()) return pass.unsure();
    if (!value.is_object()) return pass.unfit(no_object_, value);
    pass.floor(closeness::strict);
    schema_fields::values made;
    return fields_->read(value, pass, made, true) ? of(made, pass) : py_ref{};
  }
  // An instance is taken as it is.
  py_ref check(PyObject* value, schema_pass& pass) const override {
    if (Py_TYPE(value) == type_) return py_ref::borrow(value);
    if (!PyDict_CheckExact(value)) return schema_node::check(value, pass);
    const schema_depth deeper{pass, is_recursive_ != 0};
    if (deeper.is_too_deep()) return pass.unsure();
    pass.floor(closeness::strict);
    schema_fields::values made;
    return fields_->check(value, pass, made) ? of(made, pass) : py_ref{};
  }
  bool write(PyObject* value, json_writer& to, const value_path& at) const override {
    if (!PyObject_TypeCheck(value, type_)) return write_any(value, to, at);
    const py_ref extra = py_ref::steal(in_slot(extra_slot_, value));
    const py_ref fields = extra ? py_ref::steal(PyObject_GenericGetDict(value, nullptr)) : py_ref{};
    if (!fields) return false;
    const bool has_extra =
        extra.get() != Py_None && !(PyDict_Check(extra.get()) && PyDict_GET_SIZE(extra.get()) == 0);
    if (has_extra) return write_in_python(value, to, at);
    const bool asks_given = tools().excludes_unset != 0;
    const py_ref given = asks_given ? py_ref::steal(in_slot(given_slot_, value)) : py_ref{};
    if (asks_given && !given) return note_at(at, to.names());
    return to.write_record(value, at, fields_->all(), [&](const auto& field, py_ref& into) {
      into = py_ref::borrow(PyDict_GetItemWithError(fields.get(), field.name));
      if (!into && PyErr_Occurred() != nullptr) return false;
      return fields_->keep_shown(field, given.get(), to, into);
    });
  }

private:
  py_ref of(const schema_fields::values& made, schema_pass& pass) const {
    py_ref instance = py_ref::steal(type_->tp_new(type_, nothing_.get(), nullptr));
    if (!instance) return pass.raised();
    const bool is_filled =
        make_ == Py_None ? fill(instance.get(), made) : fill_in_python(instance.get(), made);
    return is_filled ? std::move(instance) : pass.raised();
  }
  static PyObject* in_slot(PyObject* slot, PyObject* value) {
    return Py_TYPE(slot)->tp_descr_get(slot, value, reinterpret_cast<PyObject*>(Py_TYPE(value)));
  }
  // As __fasterapi_make__ does.
  bool fill(PyObject* instance, const schema_fields::values& made) const {
    return PyObject_GenericSetDict(instance, made.fields.get(), nullptr) == 0 &&
           set(extra_slot_, instance, made.extra) && set(given_slot_, instance, made.given);
  }
  static bool set(PyObject* slot, PyObject* instance, const py_ref& value) {
    return Py_TYPE(slot)->tp_descr_set(slot, instance, value.get()) == 0;
  }
  bool fill_in_python(PyObject* instance, const schema_fields::values& made) const {
    const py_ref values = py_ref::steal(PyObject_CallFunctionObjArgs(
        tools().values, made.fields.get(), made.given.get(), made.extra.get(), nullptr));
    if (!values) return false;
    return static_cast<bool>(
        py_ref::steal(PyObject_CallFunctionObjArgs(make_, instance, values.get(), nullptr)));
  }

  PyTypeObject* type_ = nullptr;
  int is_recursive_ = 0;
  std::optional<schema_fields> fields_;
  PyObject* make_ = nullptr; // __fasterapi_make__, where it does more than to fill
  PyObject* extra_slot_ = nullptr;
  PyObject* given_slot_ = nullptr;
  py_ref nothing_;
  const problem_text* no_object_;
};

} // namespace

made_node make_model_node(const schema_builder& from) { return std::make_unique<model_node>(from); }

} // namespace fasterapi::python
