#include "fasterapi/routes.hpp"
#include "routing/route_table.hpp"

namespace fasterapi::routing {

namespace {

constinit compiled_routes* first = nullptr;
constinit compiled_routes** last_link = &first;
constinit compiled_handler* first_handler = nullptr;

} // namespace

compiled_routes::compiled_routes(void (*registration)(Router&), bool builtin) noexcept
    : registers(registration), is_builtin(builtin) {
  *last_link = this;
  last_link = &next;
}

compiled_handler::compiled_handler(const char* called,
                                   void (*handles)(HttpRequest*, HttpResponse*)) noexcept
    : name(called), handler(handles), next(first_handler) {
  first_handler = this;
}

CppHandler find_compiled_handler(const std::string& name) {
  for (const compiled_handler* each = first_handler; each != nullptr; each = each->next) {
    if (name == each->name) return each->handler;
  }
  return {};
}

void add_compiled_routes(route_table_builder& into) {
  for (const compiled_routes* each = first; each != nullptr; each = each->next) {
    Router router{into, each->is_builtin};
    each->registers(router);
  }
}

} // namespace fasterapi::routing
