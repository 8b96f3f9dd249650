#pragma once

#include "fasterapi/router.hpp"
#include "http/exchange.hpp"
#include "http/request.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace fasterapi::routing {

/// What a request is handed to. Owned by the route table; immutable once built.
struct route {
  HandlerType type = HandlerType::CPP;
  CppHandler cpp;                   // with CPP
  std::uint32_t python_handler = 0; // with PYTHON: index in the app's list of handlers
  std::string method;
  std::string pattern; // as registered; the name for logs and metrics
  std::string origin;  // "file:line" of the registration
  bool is_builtin = false;
  bool is_websocket = false; // found by find_websocket; the method is GET
  bool streams_body = false; // with PYTHON: its handler may run while the body comes
  std::uint32_t place = 0;   // in routes() of the table
};

/// How a request's method and path were resolved.
struct match {
  enum class kind : std::uint8_t {
    found,
    redirect,           // same path with the trailing slash added or removed: 307 to `location`
    not_found,          // 404
    method_not_allowed, // 405 with `allow`
    automatic_options,  // OPTIONS without a handler of its own: 204 with `allow`
  };
  kind what = kind::not_found;
  const routing::route* route = nullptr; // with found; a HEAD may find the route of GET
  /// "GET, HEAD, OPTIONS": with 405 and OPTIONS, of all patterns that match; lives in the table.
  std::string_view allow;
};

struct route_options {
  bool redirect_slashes = true; // as FastAPI's redirect_slashes
  bool builtin_routes = true;   // false: routes marked is_builtin are left out
};

/// One immutable radix tree for all routes, C++ and Python. Literal text beats {name:int}, which
/// beats {name:uuid}, {name:float}, {name} and {rest:path}, in that order; a branch that fails is
/// backed out of, also where it lacks only the method. find() allocates nothing and may be called
/// from any number of threads. See docs/routes.md.
class route_table {
public:
  route_table(route_table&&) noexcept;
  route_table& operator=(route_table&&) noexcept;
  ~route_table();

  /// Matches the percent-decoded path, or "*" of OPTIONS; fills `params` with views into it.
  match find(http::method verb, std::string_view method_text, std::string_view path,
             http::path_values& params) const;
  /// The same for a WebSocket's handshake; null: none. Slashes make a difference here.
  const route* find_websocket(std::string_view path, http::path_values& params) const;
  /// Every route, in order of registration.
  const std::vector<std::unique_ptr<route>>& routes() const noexcept;

private:
  friend class route_table_builder;
  struct tree;
  explicit route_table(std::unique_ptr<tree> built) noexcept;
  std::unique_ptr<tree> tree_;
};

/// Collects routes at start. Not thread-safe.
class route_table_builder {
public:
  explicit route_table_builder(route_options options = {});
  route_table_builder(route_table_builder&&) noexcept;
  ~route_table_builder();

  /// Throws std::invalid_argument for a bad method or pattern (names the origin), std::logic_error
  /// where the same method and an equivalent pattern exist (names both origins). A built-in route
  /// gives way to any other, whichever comes first.
  void add(route added);
  route_table build() &&;

private:
  void add_websocket(route added);

  std::unique_ptr<route_table::tree> tree_;
};

/// Names of a pattern's parameters with their kind, for binding. "/a/{id:int}/{rest:path}".
struct path_parameter {
  /// In order of precedence. As Starlette's convertors int, uuid, float, str and path.
  enum class kind : std::uint8_t { integer, uuid, floating, segment, rest };
  std::string name;
  kind what = kind::segment;
};
/// Throws std::invalid_argument for a malformed pattern.
std::vector<path_parameter> parse_pattern(std::string_view pattern);

/// Registers what FASTERAPI_ROUTES compiled in. The server's own examples come as built-ins.
void add_compiled_routes(route_table_builder& into);

/// Loads a shared object with routes; throws std::runtime_error (what, where, what to do) where it
/// does not load, lacks the entry points, or has another abi_version. Stays loaded. A name without
/// a slash is one in the working directory.
void add_shared_routes(route_table_builder& into, const std::string& file);

/// What FASTERAPI_HANDLER compiled in under that name; empty where there is none.
CppHandler find_compiled_handler(const std::string& name);

/// "name", compiled in, or "lib.so:symbol". Throws std::runtime_error as add_shared_routes does.
CppHandler find_cpp_handler(const std::string& name);

} // namespace fasterapi::routing
