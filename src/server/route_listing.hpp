#pragma once

#include "hosting/worker.hpp"
#include "routing/route_table.hpp"

#include <string>
#include <vector>

namespace fasterapi::server {

/// A route as people see it.
struct listed_route {
  std::string methods; // "GET,POST"
  std::string path;
  std::string name;
  std::string kind;   // "native", "general", "batch", "mount", "traced", "C++"
  std::string origin; // "app.py:12"
};

/// The app's routes in the order in which it made them, then those in C++.
std::vector<listed_route> list_routes(const hosting::app_description& app,
                                      const routing::route_table& table);

/// Columns with a heading, one line a route.
std::string to_table(const std::vector<listed_route>& routes);
/// A list of objects, their "methods" a list.
std::string to_json(const std::vector<listed_route>& routes);

} // namespace fasterapi::server
