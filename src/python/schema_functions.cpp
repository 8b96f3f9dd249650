#include "python/schema_checks.hpp"
#include "python/schema_depth.hpp"
#include "python/schema_kinds.hpp"

namespace fasterapi::python {

namespace {

using simdjson::dom::element;

/// What another node stands for, by name.
class alias_node final : public schema_node {
public:
  explicit alias_node(const schema_builder& from) : schema_node(from) {
    Py_ssize_t inner = 0;
    from.take("pn", &is_recursive_, &inner);
    inner_ = from.place(inner);
  }

  py_ref read(element value, schema_pass& pass) const override {
    const schema_depth deeper{pass, is_recursive_ != 0};
    return deeper.is_too_deep() ? pass.unsure() : (*inner_)->read(value, pass);
  }
  py_ref check(PyObject* value, schema_pass& pass) const override {
    return is_recursive_ ? schema_node::check(value, pass) : (*inner_)->check(value, pass);
  }
  bool write(PyObject* value, json_writer& to, const value_path& at) const override {
    return (*inner_)->write(value, to, at);
  }

private:
  int is_recursive_ = 0;
  schema_place inner_;
};

/// A user's function behind another node.
class after_node final : public schema_node {
public:
  explicit after_node(const schema_builder& from) : schema_node(from) {
    Py_ssize_t inner = 0;
    from.take("nOp", &inner, &function_, &takes_state_);
    inner_ = from.place(inner);
  }

  py_ref read(element value, schema_pass& pass) const override {
    return called((*inner_)->read(value, pass), pass);
  }
  py_ref check(PyObject* value, schema_pass& pass) const override {
    return called((*inner_)->check(value, pass), pass);
  }
  bool write(PyObject* value, json_writer& to, const value_path& at) const override {
    return (*inner_)->write(value, to, at);
  }

private:
  py_ref called(py_ref value, schema_pass& pass) const {
    if (!value) return value;
    py_ref made = takes_state_ ? with_state(value.get(), pass)
                               : py_ref::steal(PyObject_CallOneArg(function_, value.get()));
    if (!made) return pass.refused();
    return made.get() == tools().invalid ? pass.unsure() : std::move(made);
  }
  py_ref with_state(PyObject* value, schema_pass& pass) const {
    const py_ref state = begin_in_python(pass);
    if (!state) return state;
    return py_ref::steal(PyObject_CallFunctionObjArgs(function_, value, state.get(), nullptr));
  }

  schema_place inner_;
  PyObject* function_ = nullptr;
  int takes_state_ = 0;
};

/// Constraints on a value whose own node does not know them.
class checked_node final : public schema_node {
public:
  explicit checked_node(const schema_builder& from) : schema_node(from) {
    Py_ssize_t inner = 0;
    from.take("nO!nn", &inner, &PyTuple_Type, &checks_, &least_, &most_);
    inner_ = from.place(inner);
  }

  py_ref read(element value, schema_pass& pass) const override {
    return satisfying((*inner_)->read(value, pass), pass);
  }
  py_ref check(PyObject* value, schema_pass& pass) const override {
    return satisfying((*inner_)->check(value, pass), pass);
  }
  bool write(PyObject* value, json_writer& to, const value_path& at) const override {
    return (*inner_)->write(value, to, at);
  }

private:
  py_ref satisfying(py_ref made, schema_pass& pass) const {
    if (!made) return made;
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(checks_); ++i) {
      const int answer = is_satisfied(PyTuple_GET_ITEM(checks_, i), made.get());
      if (answer < 0) return pass.raised();
      if (answer == 0) return pass.unfit();
    }
    if (least_ < 0 && most_ < 0) return made;
    const Py_ssize_t size = PyObject_Size(made.get());
    if (size < 0) return pass.raised();
    return size < least_ || (most_ >= 0 && size > most_) ? pass.unfit() : std::move(made);
  }

  schema_place inner_;
  PyObject* checks_ = nullptr;
  Py_ssize_t least_ = -1, most_ = -1;
};

/// What only Python knows.
class python_node final : public schema_node {
public:
  using schema_node::schema_node;

  py_ref read(element value, schema_pass& pass) const override {
    const py_ref plain = pass.value(value);
    return plain ? check(plain.get(), pass) : py_ref{};
  }
};

} // namespace

made_node make_alias_node(const schema_builder& from) { return std::make_unique<alias_node>(from); }
made_node make_after_node(const schema_builder& from) { return std::make_unique<after_node>(from); }
made_node make_checked_node(const schema_builder& from) {
  return std::make_unique<checked_node>(from);
}
made_node make_python_node(const schema_builder& from) {
  return std::make_unique<python_node>(from);
}

} // namespace fasterapi::python
