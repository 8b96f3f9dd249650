#pragma once

#include "hosting/worker.hpp"
#include "routing/route_table.hpp"

#include <cstdint>
#include <utility>

namespace fasterapi::bench {

/// The routes of an app, as the server adds them.
inline routing::route_table build_app_routes(const hosting::app_description& described) {
  routing::route_table_builder builder;
  for (std::uint32_t index = 0; index < described.routes.size(); ++index) {
    for (const auto& method : described.routes[index].methods) {
      builder.add({.type = HandlerType::PYTHON,
                   .cpp = {},
                   .python_handler = index,
                   .method = method,
                   .pattern = described.routes[index].path,
                   .origin = described.routes[index].origin,
                   .is_builtin = false});
    }
  }
  return std::move(builder).build();
}

} // namespace fasterapi::bench
