#include "support/rest_routes.hpp"
#include "support/timing.hpp"

#include "routing/route_table.hpp"

#include <cstdlib>
#include <string_view>

using namespace fasterapi;

namespace {

routing::route_table build() {
  routing::route_table_builder builder;
  for (const auto each : bench::rest_routes) {
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

int main(int count, char* arguments[]) {
  bench::results().start(count, arguments);
  const auto table = build();
  measure_find(table, "literal, /health", "/health");
  measure_find(table, "literal, /api/v1/status", "/api/v1/status");
  measure_find(table, "one parameter, /items/42", "/items/42");
  measure_find(table, "typed, backed out, /users/1234567", "/users/1234567");
  measure_find(table, "two parameters, four segments", "/users/1234567/orders/42");
  measure_find(table, "text in a segment, /images/logo.png", "/images/logo.png");
  measure_find(table, "rest, /files/css/site/main.css", "/files/css/site/main.css");
  measure_find(table, "not found, /nothing/here", "/nothing/here", routing::match::kind::not_found);
  return bench::results().finish();
}
