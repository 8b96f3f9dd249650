#include "routing/pattern.hpp"
#include "routing/route_tree.hpp"

#include <algorithm>
#include <stdexcept>

namespace fasterapi::routing {

namespace {

std::string describe(const route& named) {
  return (named.is_websocket ? "WEBSOCKET" : named.method) + " " + named.pattern + " (" +
         named.origin + ")";
}

std::string to_upper(std::string text) {
  for (char& c : text)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  return text;
}

bool is_token(std::string_view method) noexcept {
  constexpr std::string_view marks = "!#$%&'*+-.^_`|~";
  return !method.empty() && std::all_of(method.begin(), method.end(), [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           marks.find(c) != std::string_view::npos;
  });
}

// Methods are case-sensitive (RFC 9110, section 9.1), but nobody means "get" as one of its own.
void normalize_method(std::string& method) {
  if (!is_token(method)) throw std::invalid_argument{"the method is no token"};
  std::string upper = to_upper(method);
  if (http::to_method(upper) != http::method::unknown) method = std::move(upper);
}

} // namespace

route_table_builder::route_table_builder(route_options options)
    : tree_(std::make_unique<route_table::tree>()) {
  tree_->options = options;
}
route_table_builder::route_table_builder(route_table_builder&&) noexcept = default;
route_table_builder::~route_table_builder() = default;

void route_table_builder::add(route added) try {
  if (added.is_builtin && !tree_->options.builtin_routes) return;
  if (added.is_websocket) return add_websocket(std::move(added));
  normalize_method(added.method);
  auto& here = tree_->paths.insert(read_pattern(added.pattern).steps);
  if (const route* const taken = here.at(added.method)) {
    if (taken->is_builtin == added.is_builtin)
      throw std::logic_error{describe(added) + " is already taken by " + describe(*taken)};
    if (added.is_builtin) return;
    std::erase_if(tree_->routes, [&](const auto& each) { return each.get() == taken; });
  }
  if (here.methods == 0) tree_->endpoints.push_back(&here);
  here.methods |= tree_->allows.bit_of("OPTIONS");
  if (added.method != any_method) here.methods |= tree_->allows.bit_of(added.method);
  if (added.method == "GET") here.methods |= tree_->allows.bit_of("HEAD");
  here.set(*tree_->routes.emplace_back(std::make_unique<route>(std::move(added))));
} catch (const std::invalid_argument& error) {
  throw std::invalid_argument{describe(added) + ": " + error.what()};
}

void route_table_builder::add_websocket(route added) {
  added.method = "GET";
  auto& here = tree_->websockets.insert(read_pattern(added.pattern).steps);
  if (const route* const taken = here.at(added.method))
    throw std::logic_error{describe(added) + " is already taken by " + describe(*taken)};
  here.set(*tree_->routes.emplace_back(std::make_unique<route>(std::move(added))));
}

route_table route_table_builder::build() && {
  for (const endpoint* const each : tree_->endpoints) tree_->allows.add(each->methods);
  std::uint32_t place = 0;
  for (const auto& each : tree_->routes) each->place = place++;
  return route_table{std::move(tree_)};
}

} // namespace fasterapi::routing
