#pragma once

#include "python/codec.hpp"
#include "python/json_writing.hpp"
#include "python/module_state.hpp"
#include "python/py_ref.hpp"

namespace fasterapi::python {

class schema;

/// The type _fasterapi.Schema: a schema that Python can hold. `read(bytes)` and `check(value)` give
/// a validated value, or NotImplemented where the schema in Python has to say; `dump(value)` is
/// JSON. `explain(bytes)` is the entries of the 422 that read() leads to, as the server writes
/// them, or NotImplemented. `shape(value)` is as check(), in a _fasterapi.Shaped: a value that is
/// written as its schema says.
py_ref make_schema_type(PyObject* module);
py_ref make_shaped_type(PyObject* module);

/// Of a program of fasterapi._schema._export. Null with a Python exception set.
py_ref make_schema(PyObject* type, PyObject* program);

/// The schema that a _fasterapi.Schema holds; null where it is none.
const schema* schema_in(PyObject* object, const codec& codec) noexcept;

/// A _fasterapi.Shaped of what a _fasterapi.Schema makes of a value. Null: the schema in Python has
/// to say, or a Python exception is set.
py_ref make_shaped(PyObject* schema, PyObject* value, module_state& state);

/// Writes an instance of a fasterapi.Model, or a _fasterapi.Shaped; `is_model` says whether it is
/// one.
bool write_model(PyObject* value, json_writer& to, const value_path& at, codec& codec,
                 bool& is_model);

} // namespace fasterapi::python
