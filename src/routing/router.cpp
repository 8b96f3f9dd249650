#include "fasterapi/router.hpp"

#include "routing/route_table.hpp"

#include <stdexcept>
#include <utility>

namespace fasterapi {

void Router::add_cpp_route(const std::string& method, const std::string& path, CppHandler handler,
                           const char* file, unsigned line) {
  const std::string origin = std::string{file} + ':' + std::to_string(line);
  if (!handler) throw std::invalid_argument{method + " " + path + " (" + origin + "): no handler"};
  into_->add({.type = HandlerType::CPP,
              .cpp = std::move(handler),
              .method = method,
              .pattern = path,
              .origin = origin,
              .is_builtin = adds_builtins_});
}

} // namespace fasterapi
