#include "routing/builtin_routes.hpp"

#include <string>

FASTERAPI_BUILTIN_ROUTES(router) {
  std::string json = R"({"version":")" FASTERAPI_VERSION R"(","abi_version":)";
  json += std::to_string(fasterapi::abi_version) + "}";
  router.add_cpp_route(
      "GET", "/version",
      [json](fasterapi::HttpRequest*, fasterapi::HttpResponse* res) { res->set_json(json); });
}
