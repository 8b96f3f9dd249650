#include "routing/route_table.hpp"

#include "routing/route_tree.hpp"

#include <array>

namespace fasterapi::routing {

namespace {

bool matches(const path_tree& paths, http::method verb, std::string_view method_text,
             std::string_view path) {
  http::path_values unused;
  path_search search{verb, method_text, path, &unused};
  return paths.find(search) || search.other_methods != 0;
}

// As Starlette, whatever the method. Not for "//host/...": its redirect would lead to another host.
bool matches_with_other_slash(const path_tree& paths, http::method verb,
                              std::string_view method_text, std::string_view path) {
  if (path.size() < 2 || path.starts_with("//")) return false;
  if (path.ends_with('/'))
    return matches(paths, verb, method_text, path.substr(0, path.size() - 1));
  std::array<char, 1024> text; // longer ones are worth an allocation, not a feature less
  if (path.size() < text.size()) {
    path.copy(text.data(), path.size());
    text[path.size()] = '/';
    return matches(paths, verb, method_text, {text.data(), path.size() + 1});
  }
  return matches(paths, verb, method_text, std::string{path} + '/');
}

} // namespace

route_table::route_table(std::unique_ptr<tree> built) noexcept : tree_(std::move(built)) {}
route_table::route_table(route_table&&) noexcept = default;
route_table& route_table::operator=(route_table&&) noexcept = default;
route_table::~route_table() = default;

match route_table::find(http::method verb, std::string_view method_text, std::string_view path,
                        http::path_values& params) const {
  using kind = match::kind;
  path_search search{verb, method_text, path, &params};
  if (tree_->paths.find(search)) return {kind::found, search.found, {}};
  const auto refused =
      verb == http::method::options ? kind::automatic_options : kind::method_not_allowed;
  if (search.other_methods != 0)
    return {refused, nullptr, tree_->allows.text(search.other_methods)};
  if (path == "*" && verb == http::method::options) return {refused, nullptr, tree_->allows.all()};
  if (tree_->options.redirect_slashes &&
      matches_with_other_slash(tree_->paths, verb, method_text, path))
    return {kind::redirect, nullptr, {}};
  return {kind::not_found, nullptr, {}};
}

const route* route_table::find_websocket(std::string_view path, http::path_values& params) const {
  path_search search{http::method::get, {}, path, &params};
  tree_->websockets.find(search);
  return search.found;
}

const std::vector<std::unique_ptr<route>>& route_table::routes() const noexcept {
  return tree_->routes;
}

} // namespace fasterapi::routing
