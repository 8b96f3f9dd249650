#pragma once

#include "python/json_writing.hpp"
#include "python/py_ref.hpp"
#include "python/schema_pass.hpp"

#include <simdjson.h>

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace fasterapi::python {

class schema_builder;

/// A compiled annotation: its node in fasterapi._schema, in C++. Immutable; its Python objects are
/// kept by the schema that it is part of.
class schema_node {
public:
  explicit schema_node(const schema_builder& from) noexcept;
  virtual ~schema_node() = default;
  schema_node(const schema_node&) = delete;
  schema_node& operator=(const schema_node&) = delete;

  /// The validated value, exactly as the Python node would make it of json.loads' one. Null:
  /// `pass.why` says why.
  virtual py_ref read(simdjson::dom::element value, schema_pass& pass) const = 0;
  /// A value of Python's own. By the Python node, unless a kind knows better.
  virtual py_ref check(PyObject* value, schema_pass& pass) const;
  /// Writes a validated value as JSON, as the Python node would dump it. By that, unless a kind
  /// knows better. False with a Python exception set.
  virtual bool write(PyObject* value, json_writer& to, const value_path& at) const;

protected:
  /// By the value's own type, as fasterapi._schema._dump.dump_any has it.
  bool write_any(PyObject* value, json_writer& to, const value_path& at) const;
  /// DumpOptions for what is left to Python.
  py_ref options_of(const json_writer& to) const;
  bool write_in_python(PyObject* value, json_writer& to, const value_path& at) const;
  static bool has_text_keys(PyObject* dict) noexcept;
  /// The State of a part that is left to Python.
  py_ref begin_in_python(schema_pass& pass) const;
  const schema_tools& tools() const noexcept { return *tools_; }

private:
  const schema_tools* tools_;
  PyObject* run_;
  PyObject* dump_;
};

/// Another node, which may not be made yet: types can contain themselves.
using schema_place = const std::unique_ptr<const schema_node>*;

/// What one node of a program says, while it is made.
class schema_builder {
public:
  using nodes = std::vector<std::unique_ptr<const schema_node>>;

  /// What it is given is borrowed: the schema keeps the program.
  schema_builder(nodes& all, const schema_tools& tools, problem_texts& texts, PyObject* run,
                 PyObject* dump, PyObject* said) noexcept
      : all_(all), tools_(tools), texts_(texts), run_(run), dump_(dump), said_(said) {}

  const schema_tools& tools() const noexcept { return tools_; }
  PyObject* run() const noexcept { return run_; }
  PyObject* dump() const noexcept { return dump_; }
  /// As PyArg_ParseTuple with what the node says. Throws malformed_schema.
  template <class... Places>
  void take(const char* format, Places*... places) const {
    if (!PyArg_ParseTuple(said_, format, places...)) throw_malformed();
  }
  schema_place place(Py_ssize_t at) const;
  std::vector<schema_place> places(PyObject* tuple) const;
  /// Of a tuple, in UTF-8.
  std::string text(PyObject* tuple, std::size_t at) const;
  /// How an error is told; null: in Python. With a ctx of one member, a size or an object.
  const problem_text* problem(const char* type) const;
  const problem_text* problem(const char* type, const char* name, Py_ssize_t size) const;
  const problem_text* problem(const char* type, const char* name, PyObject* value) const;
  [[noreturn]] static void throw_malformed();

private:
  nodes& all_;
  const schema_tools& tools_;
  problem_texts& texts_;
  PyObject* run_;
  PyObject* dump_;
  PyObject* said_;
};

/// A program that fasterapi._schema._export does not make; a Python exception is set.
struct malformed_schema {};

} // namespace fasterapi::python
