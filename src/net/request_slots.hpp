#pragma once

#include "http/request.hpp"
#include "routing/route_table.hpp"

#include <cstddef>
#include <string_view>

namespace fasterapi::net {

/// How requests are told apart in metrics: by route (two slots, one for a HEAD that a route of GET
/// answers), and without a route by method.
class request_slots {
public:
  explicit request_slots(const routing::route_table& routes) noexcept : routes_{&routes} {}

  std::size_t count() const noexcept { return of_methods() + http::method_count; }
  std::size_t of(const routing::match& matched, http::method verb) const noexcept {
    if (matched.route == nullptr) return of_methods() + static_cast<std::size_t>(verb);
    return std::size_t{2} * matched.route->place + (verb == http::method::head ? 1 : 0);
  }
  /// What has no method yet: refused before it was understood.
  std::size_t of_nothing() const noexcept { return count() - 1; }

  /// Labels: the route's pattern or "unmatched"; the method, or "other".
  std::string_view route(std::size_t slot) const noexcept {
    if (slot >= of_methods()) return unmatched;
    const routing::route& named = *routes_->routes()[slot / 2];
    // What an app with middleware has for all that no route takes.
    const bool is_rest = named.origin == "fasterapi" && named.pattern == "/{path:path}";
    if (is_rest) return unmatched;
    return named.pattern;
  }
  std::string_view method(std::size_t slot) const noexcept {
    if (slot < of_methods() && slot % 2 == 1) return "HEAD";
    if (slot < of_methods()) return routes_->routes()[slot / 2]->method;
    const auto name = http::to_string(static_cast<http::method>(slot - of_methods()));
    return name.empty() ? "other" : name;
  }

private:
  static constexpr std::string_view unmatched = "unmatched";
  std::size_t of_methods() const noexcept { return 2 * routes_->routes().size(); }

  const routing::route_table* routes_;
};

} // namespace fasterapi::net
