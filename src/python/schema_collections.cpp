#include "python/schema_kinds.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace fasterapi::python {

namespace {

namespace dom = simdjson::dom;
using dom::element;

struct sizes {
  Py_ssize_t least = -1, most = -1; // -1: none

  bool is_over(Py_ssize_t size) const noexcept { return most >= 0 && size > most; }
  bool hold(Py_ssize_t size) const noexcept { return size >= least && !is_over(size); }
};

/// Any number of items of one kind.
class items_node final : public schema_node {
public:
  explicit items_node(const schema_builder& from) : schema_node(from) {
    const char* into = nullptr;
    Py_ssize_t item = 0;
    const char* error = nullptr;
    from.take("spnnnOz", &into, &strict_, &item, &sizes_.least, &sizes_.most, &deque_, &error);
    if (error != nullptr) no_items_ = from.problem(error);
    item_ = from.place(item);
    constexpr std::array<std::string_view, 5> names{"list", "tuple", "deque", "set", "frozenset"};
    const auto* const name = std::find(names.begin(), names.end(), into);
    if (name == names.end()) schema_builder::throw_malformed();
    into_ = static_cast<collection>(name - names.begin());
  }

  py_ref read(element value, schema_pass& pass) const override {
    if (strict_ || !value.is_array()) return pass.unfit(no_items_, value);
    if (into_ != collection::list) pass.floor(closeness::lax);
    const dom::array items = value.get_array().value_unsafe();
    return is_set() ? set_of(items, pass) : finished(list_of(items, pass), pass);
  }
  py_ref check(PyObject* value, schema_pass& pass) const override {
    if (into_ != collection::list || !PyList_CheckExact(value))
      return schema_node::check(value, pass);
    if (sizes_.is_over(PyList_GET_SIZE(value))) return pass.unfit();
    py_ref list = py_ref::steal(PyList_New(0));
    for (Py_ssize_t i = 0; list && i < PyList_GET_SIZE(value); ++i) {
      const py_ref item = py_ref::borrow(PyList_GET_ITEM(value, i));
      const py_ref made = (*item_)->check(item.get(), pass);
      if (!made) return {};
      if (PyList_Append(list.get(), made.get()) != 0) list.reset();
    }
    return finished(pass.checked(std::move(list)), pass);
  }
  bool write(PyObject* value, json_writer& to, const value_path& at) const override {
    if (!PyList_CheckExact(value) && !PyTuple_CheckExact(value))
      return write_in_python(value, to, at);
    return to.write_each(value, at, [&](PyObject* item, const value_path& inside) {
      return (*item_)->write(item, to, inside);
    });
  }

private:
  enum class collection { list, tuple, deque, set, frozenset };

  bool is_set() const noexcept { return into_ >= collection::set; }

  py_ref list_of(dom::array items, schema_pass& pass) const {
    if (sizes_.is_over(static_cast<Py_ssize_t>(items.size()))) return pass.unfit();
    py_ref list = py_ref::steal(PyList_New(0));
    if (!list) return pass.raised();
    bool are_fit = true;
    std::size_t at = 0;
    for (const element item : items) {
      const std::size_t since = pass.problem_count();
      const py_ref made = (*item_)->read(item, pass);
      if (!made) are_fit = false;
      if (!made && !pass.goes_on(since, at)) return {};
      if (made && PyList_Append(list.get(), made.get()) != 0) return pass.raised();
      ++at;
    }
    return are_fit ? std::move(list) : py_ref{};
  }
  py_ref set_of(dom::array items, schema_pass& pass) const {
    py_ref set = py_ref::steal(PySet_New(nullptr));
    if (!set) return pass.raised();
    bool are_fit = true;
    std::size_t at = 0;
    for (const element item : items) {
      const std::size_t since = pass.problem_count();
      const py_ref made = (*item_)->read(item, pass);
      if (!made) are_fit = false;
      if (!made && !pass.goes_on(since, at)) return {};
      ++at;
      if (!made) continue;
      if (PySet_Add(set.get(), made.get()) != 0) {
        if (!PyErr_ExceptionMatches(PyExc_TypeError)) return pass.raised();
        PyErr_Clear(); // no hash
        return pass.unfit();
      }
      if (sizes_.is_over(PySet_GET_SIZE(set.get()))) return pass.unfit();
    }
    if (!are_fit) return {};
    if (!sizes_.hold(PySet_GET_SIZE(set.get()))) return pass.unfit();
    return into_ == collection::set ? std::move(set)
                                    : pass.checked(py_ref::steal(PyFrozenSet_New(set.get())));
  }
  py_ref finished(py_ref list, schema_pass& pass) const {
    if (!list) return list;
    if (!sizes_.hold(PyList_GET_SIZE(list.get()))) return pass.unfit();
    if (into_ == collection::list) return list;
    if (into_ == collection::tuple) return pass.checked(py_ref::steal(PyList_AsTuple(list.get())));
    return pass.checked(py_ref::steal(PyObject_CallOneArg(deque_, list.get())));
  }

  collection into_ = collection::list;
  int strict_ = 0;
  schema_place item_;
  sizes sizes_;
  PyObject* deque_ = nullptr;
  const problem_text* no_items_ = nullptr;
};

/// As many items as parts.
class tuple_node final : public schema_node {
public:
  explicit tuple_node(const schema_builder& from) : schema_node(from) {
    PyObject* parts = nullptr;
    from.take("pO!", &strict_, &PyTuple_Type, &parts);
    parts_ = from.places(parts);
    no_tuple_ = from.problem("tuple_type");
    missing_ = from.problem("missing");
  }

  py_ref read(element value, schema_pass& pass) const override {
    if (strict_ || !value.is_array()) return pass.unfit(no_tuple_, value);
    pass.floor(closeness::lax);
    const dom::array items = value.get_array().value_unsafe();
    if (items.size() > parts_.size()) return pass.unfit();
    py_ref tuple = py_ref::steal(PyTuple_New(static_cast<Py_ssize_t>(parts_.size())));
    if (!tuple) return pass.raised();
    bool are_fit = items.size() == parts_.size();
    std::size_t at = 0;
    for (const element item : items) {
      const std::size_t since = pass.problem_count();
      py_ref made = (*parts_[at])->read(item, pass);
      if (!made) are_fit = false;
      if (!made && !pass.goes_on(since, at)) return {};
      PyTuple_SET_ITEM(tuple.get(), static_cast<Py_ssize_t>(at++), made.release());
    }
    for (; at != parts_.size(); ++at) {
      const std::size_t since = pass.problem_count();
      pass.unfit(missing_, value);
      if (!pass.goes_on(since, at)) return {};
    }
    return are_fit ? std::move(tuple) : py_ref{};
  }
  bool write(PyObject* value, json_writer& to, const value_path& at) const override {
    const bool is_own = PyTuple_CheckExact(value) &&
                        PyTuple_GET_SIZE(value) == static_cast<Py_ssize_t>(parts_.size());
    if (!is_own) return write_in_python(value, to, at);
    return to.write_each(value, at, [&](PyObject* item, const value_path& inside) {
      return (*parts_[static_cast<std::size_t>(inside.index)])->write(item, to, inside);
    });
  }

private:
  int strict_ = 0;
  std::vector<schema_place> parts_;
  const problem_text *no_tuple_, *missing_;
};

class dict_node final : public schema_node {
public:
  explicit dict_node(const schema_builder& from) : schema_node(from) {
    Py_ssize_t key = 0, item = 0;
    from.take("nnnn", &key, &item, &sizes_.least, &sizes_.most);
    no_dict_ = from.problem("dict_type");
    key_ = from.place(key);
    item_ = from.place(item);
  }

  // Of duplicate keys Python would only see the last.
  py_ref read(element value, schema_pass& pass) const override {
    if (!value.is_object()) return pass.unfit(no_dict_, value);
    const dom::object members = value.get_object().value_unsafe();
    py_ref dict = py_ref::steal(PyDict_New());
    if (!dict) return pass.raised();
    Py_ssize_t count = 0;
    bool are_fit = true;
    for (const auto& member : members) {
      const std::size_t since = pass.problem_count();
      if (add(dict.get(), member, pass)) {
        ++count;
        continue;
      }
      if (pass.why != misfit::unfit) return {};
      if (are_fit && has_duplicates(members)) return pass.unsure();
      if (!pass.goes_on(since, member.key)) return {};
      are_fit = false;
    }
    if (!are_fit) return {};
    if (PyDict_GET_SIZE(dict.get()) != count) return pass.unsure();
    return sizes_.hold(count) ? std::move(dict) : pass.unfit();
  }
  py_ref check(PyObject* value, schema_pass& pass) const override {
    if (!PyDict_CheckExact(value)) return schema_node::check(value, pass);
    py_ref dict = py_ref::steal(PyDict_New());
    if (!dict) return pass.raised();
    PyObject *key = nullptr, *item = nullptr;
    const Py_ssize_t size = PyDict_GET_SIZE(value);
    for (Py_ssize_t at = 0; PyDict_Next(value, &at, &key, &item);) {
      const py_ref kept_key = py_ref::borrow(key), kept_item = py_ref::borrow(item);
      const py_ref made_key = (*key_)->check(key, pass);
      const py_ref made = made_key ? (*item_)->check(item, pass) : py_ref{};
      if (!made) return {};
      if (PyDict_SetItem(dict.get(), made_key.get(), made.get()) != 0) return pass.raised();
      if (PyDict_GET_SIZE(value) != size) return pass.unsure(); // a user's function changed it
    }
    return sizes_.hold(PyDict_GET_SIZE(dict.get())) ? std::move(dict) : pass.unfit();
  }
  bool write(PyObject* value, json_writer& to, const value_path& at) const override {
    if (!PyDict_CheckExact(value) || !has_text_keys(value)) return write_in_python(value, to, at);
    return to.write_members(value, at, [&](PyObject* item, const value_path& inside) {
      return (*item_)->write(item, to, inside);
    });
  }

private:
  bool add(PyObject* dict, const dom::key_value_pair& member, schema_pass& pass) const {
    const py_ref key = key_of(member.key, pass);
    const py_ref made = key ? (*item_)->read(member.value, pass) : py_ref{};
    if (!made) return false;
    if (PyDict_SetItem(dict, key.get(), made.get()) == 0) return true;
    pass.raised();
    return false;
  }
  // A key is a text, but no element of the document.
  py_ref key_of(std::string_view text, schema_pass& pass) const {
    const py_ref plain = pass.key(text);
    return plain ? (*key_)->check(plain.get(), pass) : py_ref{};
  }

  schema_place key_;
  schema_place item_;
  sizes sizes_;
  const problem_text* no_dict_;
};

} // namespace

made_node make_items_node(const schema_builder& from) { return std::make_unique<items_node>(from); }
made_node make_tuple_node(const schema_builder& from) { return std::make_unique<tuple_node>(from); }
made_node make_dict_node(const schema_builder& from) { return std::make_unique<dict_node>(from); }

} // namespace fasterapi::python
