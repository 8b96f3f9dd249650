#pragma once

#include "python/py_ref.hpp"
#include "python/request_object.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fasterapi::python {

class schema;

/// How one argument of a handler is made.
struct parameter {
  enum class source : std::uint8_t { path, query, body, request, response };
  enum class type : std::uint8_t {
    text,
    integer,
    floating,
    boolean,
    json,
    dict,
    list,
    bytes,
    schema
  };

  source from = source::query;
  type as = type::text;
  bool is_required = true;
  bool is_nullable = false;
  std::size_t place = 0; // among the path's values, or among the plan's query parameters
  std::string alias;     // its name in the request
  py_ref fallback;       // where it is not required
  py_ref native;         // of a schema: the _fasterapi.Schema,
  py_ref check;          // and what gives (is_valid, value or entries) where that does not know
  const python::schema* body_schema = nullptr; // the one in `native`
};

/// What a handler's arguments are made of; the format of its Python form is in handler.hpp.
struct binding_plan {
  static constexpr std::size_t most_parameters = 64;

  std::vector<parameter> parameters;
  std::size_t query_count = 0;
  std::optional<std::size_t> body; // the parameter that is the body
  path_names path;

  /// `pattern` is the route's path. No value: with a Python exception set.
  static std::optional<binding_plan> read(PyObject* plan, std::string_view pattern);
};

} // namespace fasterapi::python
