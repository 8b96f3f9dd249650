#include "python/schema_depth.hpp"
#include "python/schema_fields.hpp"
#include "python/schema_kinds.hpp"

namespace fasterapi::python {

namespace {

using simdjson::dom::element;

/// What a record says of itself: (type, is_recursive, members, extra).
class record_node : public schema_node {
public:
  explicit record_node(const schema_builder& from) : schema_node(from) {
    PyObject* members = nullptr;
    const char* extra = nullptr;
    PyObject* name = nullptr;
    from.take("O!pOsO", &PyType_Type, &type_, &is_recursive_, &members, &extra, &name);
    fields_.emplace(from, members, extra);
    no_dataclass_ = from.problem("dataclass_type", "class_name", name);
    no_named_tuple_ = from.problem("named_tuple_type", "class_name", name);
    no_dict_ = from.problem("dict_type");
  }

  py_ref read(element value, schema_pass& pass) const final {
    const schema_depth deeper{pass, is_recursive_ != 0};
    return deeper.is_too_deep() ? pass.unsure() : read_once(value, pass);
  }
  py_ref check(PyObject* value, schema_pass& pass) const override {
    if (!PyDict_CheckExact(value) || !has_text_keys(value)) return schema_node::check(value, pass);
    const schema_depth deeper{pass, is_recursive_ != 0};
    return deeper.is_too_deep() ? pass.unsure() : check_once(value, pass);
  }

protected:
  virtual py_ref read_once(element value, schema_pass& pass) const = 0;
  // Of a dict.
  virtual py_ref check_once(PyObject* value, schema_pass& pass) const {
    return schema_node::check(value, pass);
  }

  py_ref read_fields(element value, schema_pass& pass) const {
    schema_fields::values made;
    if (!fields_->read(value, pass, made, false)) return {};
    return std::move(made.fields);
  }
  py_ref check_fields(PyObject* value, schema_pass& pass) const {
    schema_fields::values made;
    if (!fields_->check(value, pass, made)) return {};
    return std::move(made.fields);
  }
  // A field's value, if there is one and it is to be shown.
  bool show(const schema_fields::field& field, json_writer& to, py_ref& value) const {
    if (!value && PyErr_Occurred() != nullptr) return false;
    return fields_->keep_shown(field, nullptr, to, value);
  }
  py_ref call_with(const py_ref& fields) const {
    const py_ref nothing = py_ref::steal(PyTuple_New(0));
    return nothing ? py_ref::steal(PyObject_Call(type_, nothing.get(), fields.get())) : py_ref{};
  }

  PyObject* type_ = nullptr;
  int is_recursive_ = 0;
  std::optional<schema_fields> fields_;
  const problem_text *no_dataclass_, *no_named_tuple_, *no_dict_;
};

class dataclass_node final : public record_node {
public:
  using record_node::record_node;

  // An instance is taken as it is.
  py_ref check(PyObject* value, schema_pass& pass) const override {
    const bool is_own = reinterpret_cast<PyObject*>(Py_TYPE(value)) == type_;
    return is_own ? py_ref::borrow(value) : record_node::check(value, pass);
  }

  bool write(PyObject* value, json_writer& to, const value_path& at) const override {
    if (!PyObject_TypeCheck(value, reinterpret_cast<PyTypeObject*>(type_)))
      return write_any(value, to, at);
    return to.write_record(value, at, fields_->all(), [&](const auto& field, py_ref& into) {
      to.flush(); // it may be a property
      into = find_attribute(value, field.name);
      return show(field, to, into);
    });
  }

private:
  py_ref read_once(element value, schema_pass& pass) const override {
    if (!value.is_object()) return pass.unfit(no_dataclass_, value);
    pass.floor(closeness::strict);
    return of(read_fields(value, pass), pass);
  }
  py_ref check_once(PyObject* value, schema_pass& pass) const override {
    pass.floor(closeness::strict);
    return of(check_fields(value, pass), pass);
  }
  py_ref of(const py_ref& fields, schema_pass& pass) const {
    if (!fields) return {};
    py_ref made = call_with(fields);
    return made ? std::move(made) : pass.refused();
  }
};

class typed_dict_node final : public record_node {
public:
  using record_node::record_node;

  bool write(PyObject* value, json_writer& to, const value_path& at) const override {
    if (!PyDict_CheckExact(value)) return write_in_python(value, to, at);
    return to.write_record(value, at, fields_->all(), [&](const auto& field, py_ref& into) {
      into = py_ref::borrow(PyDict_GetItemWithError(value, field.name));
      return show(field, to, into);
    });
  }

private:
  py_ref read_once(element value, schema_pass& pass) const override {
    return value.is_object() ? read_fields(value, pass) : pass.unfit(no_dict_, value);
  }
  py_ref check_once(PyObject* value, schema_pass& pass) const override {
    return check_fields(value, pass);
  }
};

class named_tuple_node final : public record_node {
public:
  using record_node::record_node;

private:
  py_ref read_once(element value, schema_pass& pass) const override {
    if (!value.is_object() && !value.is_array()) return pass.unfit(no_named_tuple_, value);
    pass.floor(closeness::lax);
    if (value.is_array()) return of_items(value.get_array().value_unsafe(), pass);
    const py_ref fields = read_fields(value, pass);
    return fields ? pass.checked(call_with(fields)) : py_ref{};
  }

  py_ref of_items(simdjson::dom::array items, schema_pass& pass) const {
    const auto& fields = fields_->all();
    py_ref made = py_ref::steal(PyTuple_New(static_cast<Py_ssize_t>(fields.size())));
    if (!made) return pass.raised();
    std::size_t at = 0;
    for (const element item : items) {
      if (at == fields.size()) return pass.unfit();
      py_ref one = (*fields[at].node)->read(item, pass);
      if (!one) return pass.why == misfit::unfit ? pass.unfit() : py_ref{};
      PyTuple_SET_ITEM(made.get(), static_cast<Py_ssize_t>(at++), one.release());
    }
    for (; at != fields.size(); ++at) {
      bool is_absent = false;
      py_ref one = fields_->otherwise(fields[at], Py_None, pass, is_absent);
      if (!one) return {};
      PyTuple_SET_ITEM(made.get(), static_cast<Py_ssize_t>(at), one.release());
    }
    return pass.checked(py_ref::steal(PyObject_CallObject(type_, made.get())));
  }
};

} // namespace

made_node make_dataclass_node(const schema_builder& from) {
  return std::make_unique<dataclass_node>(from);
}
made_node make_typed_dict_node(const schema_builder& from) {
  return std::make_unique<typed_dict_node>(from);
}
made_node make_named_tuple_node(const schema_builder& from) {
  return std::make_unique<named_tuple_node>(from);
}

} // namespace fasterapi::python
