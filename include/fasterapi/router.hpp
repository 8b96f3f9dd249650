#pragma once

#include "fasterapi/http_request.hpp"
#include "fasterapi/http_response.hpp"

#include <functional>
#include <string>

namespace fasterapi {

namespace routing {
class route_table_builder;
}

/// What serves a route.
enum class HandlerType { PYTHON, CPP };

/// A handler in C++. It runs on an I/O thread and must not block; it may run on several threads at
/// once. What it throws becomes a 500 and a line in the log.
using CppHandler = std::function<void(HttpRequest*, HttpResponse*)>;

/// Where routes are registered, once, before the server listens.
class Router {
public:
  explicit Router(routing::route_table_builder& into, bool adds_builtins = false) noexcept
      : into_(&into), adds_builtins_(adds_builtins) {}

  /// Patterns: "/items", "/items/{name}", "/items/{id:int}", "/files/{rest:path}" and more, see
  /// docs/routes.md. A literal segment beats a parameter. Throws std::invalid_argument for a
  /// malformed pattern or method, and std::logic_error naming both places where method and path are
  /// already taken. The place is the caller's.
  void add_cpp_route(const std::string& method, const std::string& path, CppHandler handler,
                     const char* file = __builtin_FILE(), unsigned line = __builtin_LINE());

private:
  routing::route_table_builder* into_;
  bool adds_builtins_;
};

} // namespace fasterapi
