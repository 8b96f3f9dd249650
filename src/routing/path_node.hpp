#pragma once

#include "routing/path_tree.hpp"

#include <utility>

namespace fasterapi::routing {

struct path_tree::mixed_edge {
  parameter_step step;
  std::unique_ptr<node> to;
};

struct path_tree::parameter_edge {
  path_parameter::kind kind;
  std::unique_ptr<node> to;
};

struct path_tree::node {
  node() = default;
  explicit node(std::string_view text) : prefix(text) {}

  /// The literal child whose text starts this one, which is not empty.
  const node* next(std::string_view text) const noexcept {
    std::size_t place = 0;
    while (place != first_bytes.size() && first_bytes[place] != text[0]) ++place;
    if (place == first_bytes.size()) return nullptr;
    const node* const child = literals[place].get();
    // Most branches are a byte long: no call for those.
    return child->prefix.size() == 1 || text.starts_with(child->prefix) ? child : nullptr;
  }

  /// Puts a node of the first `size` bytes before the split one.
  static std::unique_ptr<node> split(std::unique_ptr<node> of, std::size_t size) {
    auto before = std::make_unique<node>(std::string_view{of->prefix}.substr(0, size));
    of->prefix.erase(0, size);
    before->first_bytes = of->prefix[0];
    before->literals.push_back(std::move(of));
    return before;
  }

  std::string prefix;
  std::string first_bytes; // of the literals' prefixes: they all differ
  std::vector<std::unique_ptr<node>> literals;
  std::unique_ptr<endpoint> end; // null: no pattern ends here
  bool has_parameters = false;
  std::vector<mixed_edge> mixed; // both by precedence
  std::vector<parameter_edge> parameters;
};

} // namespace fasterapi::routing
