#include <fasterapi/routes.hpp>

FASTERAPI_ROUTES(router) {
  router.add_cpp_route("GET", "/health", [](fasterapi::HttpRequest*, fasterapi::HttpResponse* res) {
    res->content_type("text/plain; charset=utf-8").body("ok");
  });
}
