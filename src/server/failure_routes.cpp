#include "server/failure_routes.hpp"

#include "http/error_page.hpp"

#include <utility>

namespace fasterapi::server {

routing::route_table failure_routes(std::string failure) {
  routing::route_table_builder builder{{.redirect_slashes = false, .builtin_routes = false}};
  const CppHandler answer = [failure = std::move(failure)](HttpRequest* request,
                                                           HttpResponse* response) {
    const auto page = http::render_error(failure, request->header("accept").value_or(""), true);
    response->status(500).header("Content-Type", page.content_type);
    response->header("Cache-Control", "no-store").header("X-FasterAPI-Failure", "1");
    response->body(page.body);
  };
  for (const char* method : {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"})
    builder.add({.cpp = answer, .method = method, .pattern = "/{path:path}", .origin = "dev"});
  return std::move(builder).build();
}

} // namespace fasterapi::server
