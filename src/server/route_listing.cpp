#include "server/route_listing.hpp"

#include "config/value.hpp"

#include <algorithm>
#include <array>

namespace fasterapi::server {

namespace {

/// What the package adds for what no route takes.
constexpr std::string_view unmatched_origin = "fasterapi";

using row = std::array<std::string, 5>;

std::string join(const std::vector<std::string>& texts, std::string_view between) {
  std::string made;
  for (const auto& each : texts) made += (made.empty() ? "" : std::string{between}) + each;
  return made;
}

std::string json_list(const std::string& methods) {
  std::string made = "[";
  for (std::size_t at = 0; at <= methods.size();) {
    const auto end = std::min(methods.find(',', at), methods.size());
    if (at != 0) made += ", ";
    made += config::quote(methods.substr(at, end - at));
    at = end + 1;
  }
  return made + "]";
}

/// A source file of the server's own tree, whatever folder it was compiled in.
std::string place(std::string origin) {
  while (origin.rfind("../", 0) == 0) origin.erase(0, 3);
  return origin;
}

} // namespace

std::vector<listed_route> list_routes(const hosting::app_description& app,
                                      const routing::route_table& table) {
  std::vector<listed_route> made;
  for (const auto& each : app.routes) {
    if (each.origin == unmatched_origin) continue;
    made.push_back({join(each.methods, ","), each.path, each.name, each.kind, each.origin});
  }
  const auto is_of_app = [&](const routing::route& of) {
    return std::any_of(app.routes.begin(), app.routes.end(), [&](const auto& each) {
      return each.origin == of.origin && each.path == of.pattern;
    });
  };
  for (const auto& each : table.routes()) {
    if (each->type != HandlerType::CPP || is_of_app(*each)) continue;
    made.push_back({each->method, each->pattern, "", "C++", place(each->origin)});
  }
  return made;
}

std::string to_table(const std::vector<listed_route>& routes) {
  std::vector<row> rows{{"METHOD", "PATH", "NAME", "KIND", "HANDLER"}};
  for (const auto& [methods, path, name, kind, origin] : routes)
    rows.push_back({methods, path, name.empty() ? "-" : name, kind, origin});
  std::array<std::size_t, 5> widths{};
  for (const row& each : rows)
    for (std::size_t i = 0; i < each.size(); ++i) widths[i] = std::max(widths[i], each[i].size());
  std::string made;
  for (const row& each : rows) {
    for (std::size_t i = 0; i + 1 < each.size(); ++i)
      made += each[i] + std::string(widths[i] - each[i].size() + 2, ' ');
    made += each.back() + "\n";
  }
  return made;
}

std::string to_json(const std::vector<listed_route>& routes) {
  std::string made;
  for (const auto& [methods, path, name, kind, origin] : routes) {
    made += made.empty() ? "[\n  " : ",\n  ";
    made += "{\"methods\": " + json_list(methods) + ", \"path\": " + config::quote(path) +
            ", \"name\": " + (name.empty() ? "null" : config::quote(name)) +
            ", \"kind\": " + config::quote(kind) + ", \"handler\": " + config::quote(origin) + "}";
  }
  return made.empty() ? "[]\n" : made + "\n]\n";
}

} // namespace fasterapi::server
