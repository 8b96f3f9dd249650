#include "python/schema_fields.hpp"

#include <array>
#include <cstring>

namespace fasterapi::python {

namespace dom = simdjson::dom;

namespace {

// FNV-1a (Fowler, Noll, Vo): collisions only cost a step.
std::size_t hash_of(std::string_view key) noexcept {
  std::uint32_t hash = 2166136261U;
  for (const char c : key) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619U;
  return hash ^ (hash >> 16);
}

schema_fields::field::absence absence_of(std::string_view name) {
  using absence = schema_fields::field::absence;
  constexpr std::array<std::pair<std::string_view, absence>, 6> names{{
      {"required", absence::required},
      {"absent", absence::absent},
      {"constant", absence::constant},
      {"list", absence::list},
      {"dict", absence::dict},
      {"call", absence::call},
  }};
  for (const auto& [text, value] : names)
    if (text == name) return value;
  PyErr_SetString(PyExc_ValueError, "unknown kind of default");
  schema_builder::throw_malformed();
}

std::string_view utf8_of(PyObject* text) {
  Py_ssize_t size = 0;
  const char* const utf8 = PyUnicode_AsUTF8AndSize(text, &size);
  if (utf8 == nullptr) schema_builder::throw_malformed();
  return {utf8, static_cast<std::size_t>(size)};
}

} // namespace

// The members of an object, by slot: of several with one key the last, as in a dict.
class schema_fields::found {
public:
  explicit found(std::size_t slots) {
    if (slots > few) many_.resize(slots);
    slots_ = slots > few ? many_.data() : few_.data();
  }

  std::optional<element>& operator[](std::size_t slot) noexcept { return slots_[slot]; }
  const std::optional<element>& operator[](std::size_t slot) const noexcept { return slots_[slot]; }

  // The first of a field's names that is there.
  std::size_t slot_for(const field& of) const noexcept {
    for (std::size_t slot = of.first_slot; slot != of.first_slot + of.slot_count; ++slot)
      if (slots_[slot]) return slot;
    return none;
  }

  bool has_others = false; // members that are no field's

private:
  static constexpr std::size_t few = 16;

  std::array<std::optional<element>, few> few_;
  std::vector<std::optional<element>> many_;
  std::optional<element>* slots_;
};

schema_fields::schema_fields(const schema_builder& from, PyObject* members, const char* extra)
    : tools_(from.tools()), hides_(tools_.excludes_none != 0 || tools_.excludes_unset != 0) {
  if (!PyTuple_Check(members)) schema_builder::throw_malformed();
  for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(members); ++i)
    add(from, PyTuple_GET_ITEM(members, i));
  all_names_ = py_ref::steal(PySet_New(nullptr));
  for (const field& each : fields_)
    if (!all_names_ || PySet_Add(all_names_.get(), each.name) != 0)
      schema_builder::throw_malformed();
  const std::string_view name{extra};
  missing_ = from.problem("missing");
  no_extra_ = from.problem("extra_forbidden");
  extra_ = name == "allow" ? surplus::allow : name == "forbid" ? surplus::forbid : surplus::ignore;
  index();
}

// (name, keys, shown, place, kind of default, default, hidden: () or (value, whether it is
// called to make one))
void schema_fields::add(const schema_builder& from, PyObject* said) {
  PyObject *name = nullptr, *keys = nullptr, *shown = nullptr, *fallback = nullptr,
           *hidden = nullptr;
  Py_ssize_t place = 0;
  const char* kind = nullptr;
  if (!PyArg_ParseTuple(said, "O!O!OnsOO!", &PyUnicode_Type, &name, &PyTuple_Type, &keys, &shown,
                        &place, &kind, &fallback, &PyTuple_Type, &hidden))
    schema_builder::throw_malformed();
  const auto count = static_cast<std::size_t>(PyTuple_GET_SIZE(keys));
  field made{name,     keys,    {},    from.place(place), absence_of(kind),
             fallback, nullptr, false, keys_.size(),      count};
  if (PyTuple_GET_SIZE(hidden) == 2) {
    made.hidden = PyTuple_GET_ITEM(hidden, 0);
    made.is_hidden_made = PyTuple_GET_ITEM(hidden, 1) == Py_True;
  }
  hides_ |= made.hidden != nullptr;
  if (shown != Py_None) made.shown = std::string{utf8_of(shown)} + ':';
  for (std::size_t i = 0; i < count; ++i)
    keys_.emplace_back(utf8_of(PyTuple_GET_ITEM(keys, static_cast<Py_ssize_t>(i))));
  fields_.push_back(std::move(made));
}

void schema_fields::index() {
  std::size_t size = 8;
  while (size < 2 * keys_.size()) size *= 2;
  table_.assign(size, 0);
  for (std::size_t slot = 0; slot < keys_.size(); ++slot) {
    std::size_t at = hash_of(keys_[slot]) & (size - 1);
    while (table_[at] != 0) at = (at + 1) & (size - 1);
    table_[at] = static_cast<std::uint32_t>(slot + 1);
  }
}

// Members mostly come in the order of the fields.
std::size_t schema_fields::slot_of(std::string_view key, std::size_t expected) const noexcept {
  if (expected < keys_.size() && keys_[expected] == key) return expected;
  const std::size_t mask = table_.size() - 1;
  for (std::size_t at = hash_of(key) & mask; table_[at] != 0; at = (at + 1) & mask)
    if (keys_[table_[at] - 1] == key) return table_[at] - 1;
  return none;
}

bool schema_fields::find(dom::object from, bool goes_on, found& into) const {
  std::size_t expected = 0;
  for (const auto& member : from) {
    const std::size_t slot = slot_of(member.key, expected);
    if (slot == none) {
      if (extra_ == surplus::forbid && !goes_on) return false;
      into.has_others = true;
      continue;
    }
    into[slot] = member.value;
    expected = slot + 1;
  }
  return true;
}

py_ref schema_fields::otherwise(const field& of, PyObject* so_far, schema_pass& pass,
                                bool& is_absent) const {
  using absence = field::absence;
  switch (of.otherwise) {
  case absence::required:
    return pass.unfit();
  case absence::absent:
    is_absent = true;
    return {};
  case absence::constant:
    return py_ref::borrow(of.fallback);
  case absence::list:
    return pass.checked(py_ref::steal(PyList_New(0)));
  case absence::dict:
    return pass.checked(py_ref::steal(PyDict_New()));
  case absence::call:
    break;
  }
  return pass.checked(py_ref::steal(PyObject_CallOneArg(of.fallback, so_far)));
}

bool schema_fields::read_each(element from, found& at, schema_pass& pass, values& into,
                              Py_ssize_t& count) const {
  bool are_fit = true;
  for (const field& each : fields_) {
    const std::size_t slot = at.slot_for(each), since = pass.problem_count();
    bool is_absent = false;
    py_ref made;
    if (slot != none)
      made = (*each.node)->read(*at[slot], pass);
    else if (each.otherwise == field::absence::required)
      pass.unfit(missing_, from);
    else
      made = otherwise(each, into.fields.get(), pass, is_absent);
    if (is_absent) continue;
    if (!made) {
      const std::string_view key = keys_[slot != none ? slot : each.first_slot];
      if (!pass.goes_on(since, key)) return false;
      are_fit = false;
    } else if (PyDict_SetItem(into.fields.get(), each.name, made.get()) != 0) {
      return pass.raised(), false;
    }
    if (slot != none) ++count;
    // Keys under another of a field's names are over.
    if (extra_ == surplus::ignore) continue;
    for (std::size_t other = each.first_slot; other != each.first_slot + each.slot_count; ++other) {
      if (other == slot || !at[other]) continue;
      at[other].reset();
      at.has_others = true;
    }
  }
  return are_fit;
}

// Of what is over, in its order.
bool schema_fields::refuse_extra(dom::object from, const found& at, schema_pass& pass) const {
  if (pass.problems == nullptr || has_duplicates(from)) return pass.unfit(), false;
  for (const auto& member : from) {
    const std::size_t slot = slot_of(member.key, none), since = pass.problem_count();
    if (slot != none && at[slot]) continue;
    pass.unfit(no_extra_, member.value);
    if (!pass.goes_on(since, member.key)) break;
  }
  return false;
}

bool schema_fields::read_extra(dom::object from, const found& at, schema_pass& pass,
                               values& into) const {
  into.extra = pass.checked(py_ref::steal(PyDict_New()));
  if (!into.extra || !at.has_others) return static_cast<bool>(into.extra);
  for (const auto& member : from) {
    const std::size_t slot = slot_of(member.key, none);
    if (slot != none && at[slot]) continue;
    const py_ref key = pass.key(member.key);
    const py_ref value = key ? pass.value(member.value) : py_ref{};
    if (!value) return false;
    if (PyDict_SetItem(into.extra.get(), key.get(), value.get()) != 0) return pass.raised(), false;
  }
  return true;
}

bool schema_fields::add_given(const found& at, schema_pass& pass, values& into,
                              Py_ssize_t count) const {
  const bool are_all = count == static_cast<Py_ssize_t>(fields_.size());
  into.given = pass.checked(py_ref::steal(PySet_New(are_all ? all_names_.get() : nullptr)));
  if (!into.given) return false;
  for (const field& each : fields_) {
    if (are_all) break;
    if (at.slot_for(each) != none && PySet_Add(into.given.get(), each.name) != 0)
      return pass.raised(), false;
  }
  if (extra_ != surplus::allow) return true;
  PyObject* key = nullptr;
  for (Py_ssize_t place = 0; PyDict_Next(into.extra.get(), &place, &key, nullptr);)
    if (PySet_Add(into.given.get(), key) != 0) return pass.raised(), false;
  return true;
}

bool schema_fields::read(element value, schema_pass& pass, values& into, bool wants_given) const {
  const dom::object from = value.get_object().value_unsafe();
  found at{keys_.size()};
  if (!find(from, pass.problems != nullptr, at)) return pass.unfit(), false;
  into.fields = pass.checked(py_ref::steal(PyDict_New()));
  if (!into.fields) return false;
  Py_ssize_t count = 0;
  PyObject* const outer = std::exchange(pass.data, into.fields.get());
  const bool are_read = read_each(value, at, pass, into, count);
  pass.data = outer;
  if (!are_read && (pass.problems == nullptr || pass.why != misfit::unfit)) return false;
  if (extra_ == surplus::forbid && at.has_others) return refuse_extra(from, at, pass);
  if (!are_read) return false;
  into.extra = py_ref::borrow(Py_None);
  if (extra_ == surplus::allow && !read_extra(from, at, pass, into)) return false;
  if (wants_given) {
    if (!add_given(at, pass, into, count)) return false;
    count = PySet_GET_SIZE(into.given.get());
  }
  pass.add_given(count);
  return true;
}

} // namespace fasterapi::python
