#include <fasterapi/routes.hpp>

void defined_nowhere();

FASTERAPI_ROUTES(router) {
  router.add_cpp_route("GET", "/unresolved", [](auto*, auto*) { defined_nowhere(); });
}
