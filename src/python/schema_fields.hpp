#pragma once

#include "python/schema_node.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fasterapi::python {

/// The named fields of a record, read from the members of a JSON object in one pass over it.
class schema_fields {
public:
  using element = simdjson::dom::element;

  schema_fields(const schema_builder& from, PyObject* members, const char* extra);

  /// What was read. Of the sets only those that were asked for.
  struct values {
    py_ref fields; // a dict, in the fields' order
    py_ref given;  // a set of names
    py_ref extra;  // a dict where the record keeps what is over, else None
  };
  /// False: `pass.why` says why.
  bool read(element from, schema_pass& pass, values& into, bool wants_given) const;
  /// The same of a dict of Python's own.
  bool check(PyObject* dict, schema_pass& pass, values& into) const;

  struct field {
    enum class absence : std::uint8_t { required, absent, constant, list, dict, call };

    PyObject* name;
    PyObject* keys;    // a tuple
    std::string shown; // its key as JSON, a colon behind it; empty: not shown
    schema_place node;
    absence otherwise;
    PyObject* fallback;
    PyObject* hidden; // a value that is not shown, or what makes it, or null
    bool is_hidden_made;
    std::size_t first_slot; // of its keys
    std::size_t slot_count;
  };
  const std::vector<field>& all() const noexcept { return fields_; }
  /// Where the schema's options do not show a field's value, it becomes null. `given` are the names
  /// of those that were given, null where that is not known. False: a Python exception is set.
  bool keep_shown(const field& of, PyObject* given, json_writer& to, py_ref& value) const {
    return !hides_ || !value || keep_or_hide(of, given, to, value);
  }
  /// What a field is where nothing is given; null with `pass.why` set, or where it has nothing:
  /// `is_absent` then.
  py_ref otherwise(const field& of, PyObject* so_far, schema_pass& pass, bool& is_absent) const;

private:
  bool keep_or_hide(const field& of, PyObject* given, json_writer& to, py_ref& value) const;
  static constexpr std::size_t none = static_cast<std::size_t>(-1);

  class found;
  void add(const schema_builder& from, PyObject* said);
  void index();
  std::size_t slot_of(std::string_view key, std::size_t expected) const noexcept;
  bool find(simdjson::dom::object from, bool goes_on, found& into) const;
  bool read_each(element from, found& at, schema_pass& pass, values& into, Py_ssize_t& count) const;
  bool refuse_extra(simdjson::dom::object from, const found& at, schema_pass& pass) const;
  bool read_extra(simdjson::dom::object from, const found& at, schema_pass& pass,
                  values& into) const;
  bool add_given(const found& at, schema_pass& pass, values& into, Py_ssize_t count) const;
  bool check_each(PyObject* dict, schema_pass& pass, values& into) const;
  bool check_field(const field& of, PyObject* dict, schema_pass& pass, values& into) const;
  bool check_extra(PyObject* dict, schema_pass& pass, values& into) const;

  enum class surplus : std::uint8_t { ignore, forbid, allow };

  std::vector<field> fields_;
  std::vector<std::string> keys_;    // by slot
  std::vector<std::uint32_t> table_; // open addressing: slot + 1, 0 for none
  py_ref all_names_;                 // a set
  surplus extra_ = surplus::ignore;
  const schema_tools& tools_;
  bool hides_; // whether the options may leave out a field that has a value
  const problem_text *missing_, *no_extra_;
};

} // namespace fasterapi::python
