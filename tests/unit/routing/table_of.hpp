#pragma once

#include "routing/route_table.hpp"

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fasterapi::routing {

/// A Python route; its origin is "app.py:<line>".
inline route route_at(std::string method, std::string pattern, unsigned line = 1) {
  return {.type = HandlerType::PYTHON,
          .cpp = {},
          .python_handler = line,
          .method = std::move(method),
          .pattern = std::move(pattern),
          .origin = "app.py:" + std::to_string(line)};
}

/// A table of "METHOD /pattern" lines.
inline route_table table_of(std::initializer_list<std::string_view> routes,
                            route_options options = {}) {
  route_table_builder builder{options};
  unsigned line = 0;
  for (const auto each : routes) {
    const auto space = each.find(' ');
    builder.add(
        route_at(std::string{each.substr(0, space)}, std::string{each.substr(space + 1)}, ++line));
  }
  return std::move(builder).build();
}

/// What a request finds: "/a/{x} b c" (pattern and values), or "404", "405 GET, HEAD", "307",
/// "204 GET, HEAD, OPTIONS".
inline std::string find(const route_table& table, std::string_view method, std::string_view path) {
  http::path_values params;
  const auto found = table.find(http::to_method(method), method, path, params);
  switch (found.what) {
  case match::kind::found: {
    std::string text = found.route->pattern;
    for (std::size_t i = 0; i != params.count; ++i) text += ' ' + std::string{params.values[i]};
    return text;
  }
  case match::kind::redirect:
    return "307";
  case match::kind::not_found:
    return "404";
  case match::kind::method_not_allowed:
    return "405 " + std::string{found.allow};
  case match::kind::automatic_options:
    return "204 " + std::string{found.allow};
  }
  return "?";
}

inline std::string get(const route_table& table, std::string_view path) {
  return find(table, "GET", path);
}

} // namespace fasterapi::routing
