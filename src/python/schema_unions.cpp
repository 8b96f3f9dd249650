#include "python/schema_kinds.hpp"

#include <string>
#include <utility>

namespace fasterapi::python {

namespace {

using simdjson::dom::element;

class nullable_node final : public schema_node {
public:
  explicit nullable_node(const schema_builder& from) : schema_node(from) {
    Py_ssize_t inner = 0;
    from.take("n", &inner);
    inner_ = from.place(inner);
  }

  py_ref read(element value, schema_pass& pass) const override {
    return value.is_null() ? py_ref::borrow(Py_None) : (*inner_)->read(value, pass);
  }
  py_ref check(PyObject* value, schema_pass& pass) const override {
    return value == Py_None ? py_ref::borrow(value) : (*inner_)->check(value, pass);
  }
  bool write(PyObject* value, json_writer& to, const value_path& at) const override {
    return value == Py_None ? to.write(value, at) : (*inner_)->write(value, to, at);
  }

private:
  schema_place inner_;
};

/// Smart mode: an exact fit at once; else the model with most fields set, or the closest fit.
class union_node final : public schema_node {
public:
  explicit union_node(const schema_builder& from) : schema_node(from) {
    PyObject *members = nullptr, *suited = nullptr, *labels = nullptr;
    from.take("pO!O!O!", &left_to_right_, &PyTuple_Type, &members, &PyTuple_Type, &suited,
              &PyTuple_Type, &labels);
    members_ = from.places(members);
    for (std::size_t i = 0; i < members_.size(); ++i) labels_.push_back(from.text(labels, i));
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(suited); ++i) {
      PyObject* const pair = PyTuple_GET_ITEM(suited, i);
      suited_.push_back({reinterpret_cast<PyTypeObject*>(PyTuple_GetItem(pair, 0)),
                         from.place(PyLong_AsSsize_t(PyTuple_GetItem(pair, 1)))});
    }
  }

  py_ref read(element value, schema_pass& pass) const override {
    return choose(pass, [&](const schema_node& member) { return member.read(value, pass); });
  }
  py_ref check(PyObject* value, schema_pass& pass) const override {
    return choose(pass, [&](const schema_node& member) { return member.check(value, pass); });
  }
  bool write(PyObject* value, json_writer& to, const value_path& at) const override {
    for (const auto& [type, member] : suited_)
      if (Py_TYPE(value) == type) return (*member)->write(value, to, at);
    return write_in_python(value, to, at);
  }

private:
  struct fit {
    closeness how = closeness::lax;
    std::optional<Py_ssize_t> fields;

    bool is_better_than(const fit& other) const noexcept {
      if (fields && other.fields && *fields != *other.fields) return *fields > *other.fields;
      return how > other.how;
    }
  };

  template <class Try>
  py_ref choose(schema_pass& pass, Try attempt) const {
    const fit outer{pass.fit, pass.fields_given};
    schema_problems* const problems = pass.problems;
    const std::size_t since = pass.problem_count();
    bool are_told = problems != nullptr;
    py_ref best;
    fit how;
    for (std::size_t i = 0; i < members_.size(); ++i) {
      pass.fit = closeness::exact;
      pass.fields_given.reset();
      const std::size_t start = are_told ? problems->count() : 0;
      py_ref made = attempt(**members_[i]);
      if (!made && pass.why != misfit::unfit) return {};
      are_told = are_told && (made || pass.goes_on(start, std::string_view{labels_[i]}));
      // Python goes on to the end of a member that does not fit, and what a function raises there
      // ends all.
      if (!made && tools().calls_users) return pass.unsure();
      if (!made) continue;
      const fit found{pass.fit, pass.fields_given};
      const bool is_enough = left_to_right_ || (found.how == closeness::exact && !found.fields);
      if (!is_enough && best && !found.is_better_than(how)) continue;
      best = std::move(made);
      how = found;
      if (is_enough) break;
    }
    pass.fit = outer.how;
    pass.fields_given = outer.fields;
    if (!best) return {};
    if (problems != nullptr) problems->drop(since);
    pass.problems = problems;
    pass.floor(how.how);
    if (how.fields) pass.add_given(*how.fields);
    return best;
  }

  struct suit {
    PyTypeObject* type;
    schema_place member;
  };

  int left_to_right_ = 0;
  std::vector<schema_place> members_;
  std::vector<std::string> labels_;
  std::vector<suit> suited_; // whose values are told by their type
};

/// The member that a field of the object names.
class tagged_node final : public schema_node {
public:
  explicit tagged_node(const schema_builder& from) : schema_node(from) {
    const char* alias = nullptr;
    Py_ssize_t size = 0, all = 0;
    PyObject* shown = nullptr;
    from.take("s#O!nO", &alias, &size, &PyDict_Type, &tags_, &all, &shown);
    alias_.assign(alias, static_cast<std::size_t>(size));
    no_object_ = from.problem("model_attributes_type");
    no_tag_ = from.problem("union_tag_not_found", "discriminator", shown);
    union_ = from.place(all);
    PyObject* place = nullptr;
    for (Py_ssize_t at = 0; PyDict_Next(tags_, &at, nullptr, &place);)
      members_.push_back({PyLong_AsSsize_t(place), from.place(PyLong_AsSsize_t(place))});
  }

  py_ref read(element value, schema_pass& pass) const override {
    if (!value.is_object()) return pass.unfit(no_object_, value);
    std::optional<element> tag; // of several the last
    const simdjson::dom::object members = value.get_object().value_unsafe();
    for (const auto& member : members)
      if (member.key == alias_) tag = member.value;
    if (!tag) return pass.unfit(no_tag_, value);
    const py_ref plain = pass.value(*tag);
    if (!plain) return {};
    PyObject* const place = PyDict_GetItemWithError(tags_, plain.get());
    if (place == nullptr && PyErr_Occurred() != nullptr) {
      if (!PyErr_ExceptionMatches(PyExc_TypeError)) return pass.raised();
      PyErr_Clear();
    }
    if (place == nullptr) return pass.unfit();
    const std::size_t since = pass.problem_count();
    py_ref made = member_at(place).read(value, pass);
    if (made || pass.why != misfit::unfit) return made;
    if (!tag->is_string()) return pass.unfit();
    pass.goes_on(since, tag->get_string().value_unsafe());
    return {};
  }
  bool write(PyObject* value, json_writer& to, const value_path& at) const override {
    return (*union_)->write(value, to, at);
  }

private:
  const schema_node& member_at(PyObject* place) const {
    const Py_ssize_t wanted = PyLong_AsSsize_t(place);
    for (const auto& [at, member] : members_)
      if (at == wanted) return **member;
    return **union_; // no input gets here
  }

  struct tagged {
    Py_ssize_t at;
    schema_place node;
  };

  std::string alias_;
  PyObject* tags_ = nullptr; // to places
  std::vector<tagged> members_;
  schema_place union_;
  const problem_text *no_object_, *no_tag_;
};

} // namespace

made_node make_nullable_node(const schema_builder& from) {
  return std::make_unique<nullable_node>(from);
}
made_node make_union_node(const schema_builder& from) { return std::make_unique<union_node>(from); }
made_node make_tagged_node(const schema_builder& from) {
  return std::make_unique<tagged_node>(from);
}

} // namespace fasterapi::python
