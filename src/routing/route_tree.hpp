#pragma once

#include "routing/allow_lists.hpp"
#include "routing/path_tree.hpp"
#include "routing/route_table.hpp"

namespace fasterapi::routing {

/// What route_table_builder fills and route_table searches.
struct route_table::tree {
  route_options options;
  std::vector<std::unique_ptr<route>> routes;
  path_tree paths;
  path_tree websockets; // all under GET, the method of their handshake
  std::vector<const endpoint*> endpoints;
  allow_lists allows;
};

} // namespace fasterapi::routing
