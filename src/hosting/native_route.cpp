#include "hosting/native_route.hpp"

#include "hosting/python_values.hpp"

#include <array>
#include <string_view>

namespace fasterapi::hosting {

namespace {

using http::response_program;
using piece = response_program::piece;

constexpr std::array<std::string_view, 5> sources{"literal", "path_param", "query", "header",
                                                  "path"};
constexpr std::array<std::string_view, 4> forms{"raw", "inside_string", "json_string", "integer"};

template <class Enum, std::size_t Size>
Enum find(const std::array<std::string_view, Size>& names, const std::string& name) {
  for (std::size_t i = 0; i < Size; ++i) {
    if (names[i] == name) return static_cast<Enum>(i);
  }
  throw app_error("The package fasterapi is of another version than this server.");
}

// A str, or (source, form, name, place, fallback).
piece read_piece(PyObject* from) {
  piece made;
  if (PyUnicode_Check(from)) {
    made.text = to_string(from);
    return made;
  }
  made.from = find<piece::source>(sources, to_string(PyTuple_GET_ITEM(from, 0)));
  made.as = find<piece::form>(forms, to_string(PyTuple_GET_ITEM(from, 1)));
  made.text = to_string(PyTuple_GET_ITEM(from, 2));
  made.place = PyLong_AsSize_t(PyTuple_GET_ITEM(from, 3));
  PyObject* const fallback = PyTuple_GET_ITEM(from, 4);
  if (fallback != Py_None) made.fallback = to_string(fallback);
  return made;
}

response_program::pieces read_pieces(PyObject* from) {
  response_program::pieces made;
  for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(from); ++i)
    made.push_back(read_piece(PyTuple_GET_ITEM(from, i)));
  return made;
}

} // namespace

void read_native_route(PyObject* native, route_description& into) {
  if (native == Py_None) return;
  if (PyUnicode_Check(native)) {
    into.cpp_handler = to_string(native);
    return;
  }
  response_program program;
  program.status = static_cast<unsigned>(PyLong_AsLong(PyTuple_GET_ITEM(native, 0)));
  PyObject* const fields = PyTuple_GET_ITEM(native, 1);
  for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(fields); ++i) {
    PyObject* const field = PyTuple_GET_ITEM(fields, i);
    program.fields.emplace_back(to_string(PyTuple_GET_ITEM(field, 0)),
                                read_pieces(PyTuple_GET_ITEM(field, 1)));
  }
  program.body = read_pieces(PyTuple_GET_ITEM(native, 2));
  into.program = std::move(program);
}

} // namespace fasterapi::hosting
