#include "fasterapi/routes.hpp"
#include "routing/route_table.hpp"

namespace fasterapi::routing {

namespace {

constinit compiled_routes* first = nullptr;
constinit compiled_routes** last_link = &first;

} // namespace

compiled_routes::compiled_routes(void (*registration)(Router&), bool builtin) noexcept
    : registers(registration), is_builtin(builtin) {
  *last_link = this;
  last_link = &next;
}

void add_compiled_routes(route_table_builder& into) {
  for (const compiled_routes* each = first; each != nullptr; each = each->next) {
    Router router{into, each->is_builtin};
    each->registers(router);
  }
}

} // namespace fasterapi::routing
