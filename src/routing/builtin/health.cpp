#include "routing/builtin_routes.hpp"

FASTERAPI_BUILTIN_ROUTES(router) {
  router.add_cpp_route("GET", "/health", [](fasterapi::HttpRequest*, fasterapi::HttpResponse* res) {
    res->set_json(R"({"status":"ok"})");
  });
}
