#include "python/schema.hpp"

#include "http/byte_buffer.hpp"
#include "python/schema_kinds.hpp"

#include <array>
#include <new>
#include <utility>

namespace fasterapi::python {

namespace {

// The parser needs some fifteen times the text; more than this is given back after use.
constexpr std::size_t most_kept_bytes = 256 * 1024;
constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

constexpr std::array<std::pair<std::string_view, made_node (*)(const schema_builder&)>, 25> kinds{{
    {"any", make_any_node},
    {"none", make_none_node},
    {"bool", make_bool_node},
    {"str", make_str_node},
    {"bytes", make_bytes_node},
    {"int", make_int_node},
    {"float", make_float_node},
    {"literal", make_literal_node},
    {"enum", make_enum_node},
    {"nullable", make_nullable_node},
    {"union", make_union_node},
    {"tagged", make_tagged_node},
    {"items", make_items_node},
    {"tuple", make_tuple_node},
    {"dict", make_dict_node},
    {"model", make_model_node},
    {"dataclass", make_dataclass_node},
    {"typed_dict", make_typed_dict_node},
    {"named_tuple", make_named_tuple_node},
    {"moment", make_moment_node},
    {"uuid", make_uuid_node},
    {"decimal", make_decimal_node},
    {"alias", make_alias_node},
    {"after", make_after_node},
    {"checked", make_checked_node},
}};

} // namespace

std::unique_ptr<schema> schema::compile(PyObject* program) {
  std::unique_ptr<schema> made{new schema};
  made->program_ = py_ref::borrow(program);
  try {
    if (made->read_program()) return made;
  } catch (const malformed_schema&) {
    // The exception is set.
  } catch (const std::bad_alloc&) {
    PyErr_NoMemory();
  }
  return nullptr;
}

// (root, nodes, tools)
bool schema::read_program() {
  PyObject *nodes = nullptr, *tools = nullptr;
  Py_ssize_t root = 0;
  if (!PyTuple_Check(program_.get()))
    return PyErr_SetString(PyExc_TypeError, "a program is a tuple"), false;
  if (!PyArg_ParseTuple(program_.get(), "nO!O!", &root, &PyTuple_Type, &nodes, &PyTuple_Type,
                        &tools))
    return false;
  dump_choice& choice = tools_.choice;
  if (!PyArg_ParseTuple(tools, "OOOOOO(ppOO)p", &tools_.begin, &tools_.invalid, &tools_.options,
                        &tools_.dump_any, &tools_.values, &tools_.describe, &tools_.excludes_unset,
                        &tools_.excludes_none, &choice.include, &choice.exclude,
                        &tools_.calls_users))
    return false;
  if (choice.include == Py_None) choice.include = nullptr;
  if (choice.exclude == Py_None) choice.exclude = nullptr;
  const Py_ssize_t count = PyTuple_GET_SIZE(nodes);
  nodes_.reserve(static_cast<std::size_t>(count)); // places stay where they are
  nodes_.resize(static_cast<std::size_t>(count));
  root_ = static_cast<std::size_t>(root);
  for (Py_ssize_t i = 0; i < count; ++i) {
    const char* kind = nullptr;
    PyObject *run = nullptr, *dump = nullptr, *said = nullptr;
    if (!PyArg_ParseTuple(PyTuple_GET_ITEM(nodes, i), "sOOO", &kind, &run, &dump, &said))
      return false;
    auto make = make_python_node;
    for (const auto& [name, known] : kinds)
      if (name == kind) make = known;
    nodes_[static_cast<std::size_t>(i)] = make({nodes_, tools_, texts_, run, dump, said});
  }
  return root_ < nodes_.size() ||
         (PyErr_SetString(PyExc_ValueError, "a program without its root"), false);
}

py_ref schema::read(std::string_view text, module_state& state, misfit& why,
                    py_ref* entries) const {
  static_assert(http::byte_buffer::padding >= simdjson::SIMDJSON_PADDING);
  if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
  try {
    lent_parser parser{state.codec};
    const auto parsed = (*parser).parse(text.data(), text.size(), false);
    why = misfit::unsure;
    if (parsed.error() != simdjson::SUCCESS) return {};
    schema_pass pass{state.codec};
    py_ref made = root().read(parsed.value_unsafe(), pass);
    why = pass.why;
    if (!made && why == misfit::unfit && entries != nullptr)
      *entries = explain(parsed.value_unsafe(), state);
    if (text.size() > most_kept_bytes) parser.drop();
    return made;
  } catch (const std::bad_alloc&) {
    PyErr_NoMemory();
    why = misfit::raised;
    return {};
  }
}

// Once more, to the end. Functions of users are not called twice here.
py_ref schema::explain(simdjson::dom::element value, module_state& state) const {
  if (tools_.calls_users != 0) return {};
  schema_problems problems;
  schema_pass pass{state.codec};
  pass.problems = &problems;
  const py_ref made = root().read(value, pass);
  py_ref entries;
  if (!made && pass.why == misfit::unfit && pass.problems != nullptr)
    entries = problems.json(state);
  if (!entries) PyErr_Clear(); // Python says it, without an input where JSON has none
  return entries;
}

bool schema::write(PyObject* value, json_writer& to, const value_path& at) const {
  const dump_choice outer = std::exchange(to.choice, tools_.choice);
  const bool is_written = root().write(value, to, at);
  to.choice = outer;
  return is_written;
}

py_ref schema::check(PyObject* value, module_state& state, misfit& why) const {
  schema_pass pass{state.codec};
  py_ref made = root().check(value, pass);
  why = pass.why;
  return made;
}

} // namespace fasterapi::python
