#include "server/routes.hpp"

#include "server/start_error.hpp"

#include <cstdint>
#include <memory>

namespace fasterapi::server {

namespace {

using routing::route_table_builder;

/// What serves the route without Python; empty: Python does.
CppHandler native_handler(const hosting::route_description& of) {
  if (!of.cpp_handler.empty()) return routing::find_cpp_handler(of.cpp_handler);
  if (!of.program) return {};
  return [program = std::make_shared<const http::response_program>(*of.program)](
             HttpRequest* request, HttpResponse* response) { program->run(*request, *response); };
}

void add_cpp_routes(route_table_builder& to, const config::settings& settings) try {
  routing::add_compiled_routes(to);
  for (const auto& file : settings.cpp_routes) routing::add_shared_routes(to, file);
} catch (const std::exception& failure) {
  throw start_error{exit_status::bad_config, failure.what()};
}

void add_app_route(route_table_builder& to, const hosting::route_description& described,
                   std::uint32_t index) {
  const CppHandler native = native_handler(described);
  for (const auto& method : described.methods) {
    to.add({.type = native ? HandlerType::CPP : HandlerType::PYTHON,
            .cpp = native,
            .python_handler = index,
            .method = method,
            .pattern = described.path,
            .origin = described.origin,
            .is_builtin = false,
            .is_websocket = described.is_websocket,
            .streams_body = described.streams_body});
  }
}

} // namespace

routing::route_table build_routes(const config::settings& settings,
                                  const hosting::app_description& app, metrics_page& metrics) {
  route_table_builder builder{
      {.redirect_slashes = settings.redirect_slashes && app.redirect_slashes,
       .builtin_routes = settings.builtin_routes}};
  add_cpp_routes(builder, settings);
  try {
    for (std::uint32_t index = 0; index < app.routes.size(); ++index)
      add_app_route(builder, app.routes[index], index);
    if (!settings.metrics.path.empty() && settings.metrics.listen.empty())
      metrics.add_route(builder, settings.metrics.path);
    return std::move(builder).build();
  } catch (const std::exception& failure) {
    throw start_error{exit_status::bad_app, failure.what()};
  }
}

} // namespace fasterapi::server
