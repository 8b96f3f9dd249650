#include "timing.hpp"

#include "routing/route_table.hpp"

#include <cstdlib>
#include <string_view>

using namespace fasterapi;

namespace {

// A REST service of usual shape: 30 routes.
constexpr std::string_view routes[] = {
    "GET /",
    "GET /health",
    "GET /version",
    "GET /metrics",
    "GET /openapi.json",
    "GET /docs",
    "POST /login",
    "POST /logout",
    "GET /users",
    "POST /users",
    "GET /users/me",
    "GET /users/{user_id:int}",
    "PUT /users/{user_id:int}",
    "DELETE /users/{user_id:int}",
    "GET /users/{user_id:int}/orders",
    "GET /users/{user_id:int}/orders/{order_id:int}",
    "GET /users/{name}",
    "GET /items",
    "POST /items",
    "GET /items/{item_id}",
    "PATCH /items/{item_id}",
    "GET /items/{item_id}/reviews",
    "POST /items/{item_id}/reviews",
    "GET /items/{item_id}/reviews/{review_id}",
    "GET /categories",
    "GET /categories/{slug}",
    "GET /categories/{slug}/items",
    "GET /files/{rest:path}",
    "GET /images/{name}.png",
    "GET /api/v1/status",
};

routing::route_table build() {
  routing::route_table_builder builder;
  for (const auto each : routes) {
    const auto space = each.find(' ');
    builder.add({.type = HandlerType::PYTHON,
                 .cpp = {},
                 .python_handler = 0,
                 .method = std::string{each.substr(0, space)},
                 .pattern = std::string{each.substr(space + 1)},
                 .origin = "bench",
                 .is_builtin = false});
  }
  return std::move(builder).build();
}

void measure_find(const routing::route_table& table, const char* name, std::string_view path,
                  routing::match::kind expected = routing::match::kind::found) {
  http::path_values params;
  bench::measure(name, [&] {
    bench::keep(path);
    const auto found = table.find(http::method::get, "GET", path, params);
    if (found.what != expected) std::abort();
    bench::keep(params);
  });
}

} // namespace

int main() {
  const auto table = build();
  measure_find(table, "literal, /health", "/health");
  measure_find(table, "literal, /api/v1/status", "/api/v1/status");
  measure_find(table, "one parameter, /items/42", "/items/42");
  measure_find(table, "typed, backed out, /users/1234567", "/users/1234567");
  measure_find(table, "two parameters, four segments", "/users/1234567/orders/42");
  measure_find(table, "text in a segment, /images/logo.png", "/images/logo.png");
  measure_find(table, "rest, /files/css/site/main.css", "/files/css/site/main.css");
  measure_find(table, "not found, /nothing/here", "/nothing/here", routing::match::kind::not_found);
}
