#pragma once

#include "python/module_state.hpp"
#include "python/schema_node.hpp"

#include <memory>
#include <string_view>

namespace fasterapi::python {

/// A compiled annotation that reads JSON text into validated Python values in one pass, without a
/// dict in between, and writes such values as JSON. It accepts what the schema in Python accepts,
/// with the same values, and leaves the rest to that. The errors of common misfits are told here,
/// in Python's words; for others it validates again, so a user's validator may run twice for a body
/// that does not fit.
///
/// Belongs to one interpreter.
class schema {
public:
  /// Of a program of fasterapi._schema._export. Null with a Python exception set.
  static std::unique_ptr<schema> compile(PyObject* program);

  /// `text` has byte_buffer::padding readable bytes behind it. Null: `why` says why; what is no
  /// JSON is for Python. `entries` gets those of the 422 of what does not fit, as JSON in bytes,
  /// where all of them can be told without Python.
  py_ref read(std::string_view text, module_state& state, misfit& why,
              py_ref* entries = nullptr) const;
  /// A value of Python's own, such as a handler's result.
  py_ref check(PyObject* value, module_state& state, misfit& why) const;
  bool write(PyObject* value, json_writer& to, const value_path& at) const;
  /// What it refers to, for the garbage collector.
  PyObject* program() const noexcept { return program_.get(); }

private:
  py_ref explain(simdjson::dom::element value, module_state& state) const;
  const schema_node& root() const noexcept { return *nodes_[root_]; }
  bool read_program();
  void add(PyObject* said);

  py_ref program_; // keeps all that the nodes refer to
  schema_tools tools_;
  problem_texts texts_;
  schema_builder::nodes nodes_;
  std::size_t root_ = 0;
};

} // namespace fasterapi::python
