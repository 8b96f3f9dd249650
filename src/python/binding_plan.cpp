#include "python/binding_plan.hpp"

#include "python/schema_object.hpp"

#include <array>
#include <utility>

namespace fasterapi::python {

namespace {

using source = parameter::source;
using type = parameter::type;

constexpr std::array<std::pair<std::string_view, source>, 5> sources{{
    {"path", source::path},
    {"query", source::query},
    {"body", source::body},
    {"request", source::request},
    {"response", source::response},
}};

constexpr std::array<std::pair<std::string_view, type>, 8> types{{
    {"str", type::text},
    {"int", type::integer},
    {"float", type::floating},
    {"bool", type::boolean},
    {"json", type::json},
    {"dict", type::dict},
    {"list", type::list},
    {"bytes", type::bytes},
}};

bool refuse(const char* what) {
  PyErr_Format(PyExc_ValueError, "malformed plan: %s", what);
  return false;
}

template <class Names, class Value>
bool find(const Names& names, std::string_view name, Value& into) {
  for (const auto& [text, value] : names) {
    if (text != name) continue;
    into = value;
    return true;
  }
  return refuse("unknown source or type");
}

bool is_scalar(type as) noexcept { return as <= type::boolean; }

bool check(const parameter& made, Py_ssize_t index, std::size_t path_size) {
  if (made.from == source::path && (index < 0 || static_cast<std::size_t>(index) >= path_size))
    return refuse("no such path parameter");
  const bool is_field = made.from == source::path || made.from == source::query;
  if (is_field && !is_scalar(made.as)) return refuse("path and query parameters are scalars");
  if (made.from == source::body && is_scalar(made.as)) return refuse("a body is no scalar");
  return true;
}

// fasterapi._bodies.BodySchema
bool read_schema(PyObject* said, parameter& into) {
  into.as = type::schema;
  into.native = py_ref::steal(PyObject_GetAttrString(said, "native"));
  into.check = into.native ? py_ref::steal(PyObject_GetAttrString(said, "check")) : py_ref{};
  if (!into.check) return false;
  const module_state* const state = current_state();
  if (state != nullptr) into.body_schema = schema_in(into.native.get(), state->codec);
  return into.body_schema != nullptr || refuse("a body without its schema");
}

bool read_type(PyObject* said, parameter& into) {
  if (!PyUnicode_Check(said)) return read_schema(said, into);
  const char* const name = PyUnicode_AsUTF8(said);
  return name != nullptr && find(types, name, into.as);
}

bool read_parameter(PyObject* tuple, std::size_t path_size, parameter& into) {
  const char *name = nullptr, *from = nullptr, *alias = nullptr;
  PyObject *as = nullptr, *fallback = nullptr;
  Py_ssize_t index = -1;
  int is_required = 0, is_nullable = 0;
  if (!PyTuple_Check(tuple)) return refuse("a parameter is no tuple");
  if (!PyArg_ParseTuple(tuple, "ssOpOsnp", &name, &from, &as, &is_required, &fallback, &alias,
                        &index, &is_nullable))
    return false;
  if (!find(sources, from, into.from) || !read_type(as, into)) return false;
  into.is_required = is_required != 0;
  into.is_nullable = is_nullable != 0;
  into.alias = alias;
  into.fallback = py_ref::borrow(fallback);
  if (!check(into, index, path_size)) return false;
  if (into.from == source::path) into.place = static_cast<std::size_t>(index);
  return true;
}

// "/a/{b}/{c:int}"; that it is well-formed is for the route table to say.
bool read_names(std::string_view pattern, path_names& into) {
  const py_ref names = py_ref::steal(PyList_New(0));
  if (!names) return false;
  for (std::uint32_t place = 1; pattern.find('{') != std::string_view::npos; place <<= 1) {
    pattern.remove_prefix(pattern.find('{') + 1);
    const auto inside = pattern.substr(0, pattern.find('}'));
    const auto name = inside.substr(0, inside.find(':'));
    if (inside.substr(name.size()) == ":int") into.integers |= place;
    const py_ref text = py_ref::steal(
        PyUnicode_DecodeUTF8(name.data(), static_cast<Py_ssize_t>(name.size()), nullptr));
    if (!text || PyList_Append(names.get(), text.get()) != 0) return false;
  }
  into.names = py_ref::steal(PyList_AsTuple(names.get()));
  return static_cast<bool>(into.names);
}

bool add(binding_plan& plan, parameter made) {
  if (made.from == source::query) made.place = plan.query_count++;
  if (made.from == source::body) {
    if (plan.body) return refuse("more than one body");
    plan.body = plan.parameters.size();
  }
  plan.parameters.push_back(std::move(made));
  return true;
}

} // namespace

std::optional<binding_plan> binding_plan::read(PyObject* plan, std::string_view pattern) {
  binding_plan made;
  if (!PyTuple_Check(plan)) return refuse("it is no tuple"), std::nullopt;
  if (!read_names(pattern, made.path)) return std::nullopt;
  const auto path_size = static_cast<std::size_t>(PyTuple_GET_SIZE(made.path.names.get()));
  const Py_ssize_t count = PyTuple_GET_SIZE(plan);
  if (count > static_cast<Py_ssize_t>(most_parameters))
    return refuse("more than 64 parameters"), std::nullopt;
  for (Py_ssize_t i = 0; i < count; ++i) {
    parameter one;
    if (!read_parameter(PyTuple_GET_ITEM(plan, i), path_size, one) || !add(made, std::move(one)))
      return std::nullopt;
  }
  return made;
}

} // namespace fasterapi::python
