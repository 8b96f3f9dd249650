#pragma once

#include "routing/endpoint.hpp"
#include "routing/pattern.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace fasterapi::routing {

/// A search through a path_tree and what it found.
struct path_search {
  http::method verb;
  std::string_view method_text;
  std::string_view path;
  http::path_values* params;
  const route* found = nullptr;
  std::uint32_t other_methods = 0; // of endpoints that match the path but not the method
};

/// A radix tree of patterns: edges of literal text, compressed across slashes, and edges of
/// parameters, each of which takes the rest of a segment (a rest parameter: any part of the path).
/// Every node is thus reached at one place of a path only, or behind a rest parameter at one place
/// per byte, so that backing out of a branch cannot multiply the work.
class path_tree {
public:
  path_tree();
  path_tree(path_tree&&) = delete;
  ~path_tree();

  /// The endpoint of that shape of pattern; names of parameters make no difference.
  endpoint& insert(const std::vector<pattern_step>& steps);
  /// The best match; fills in the search and its params.
  bool find(path_search& search) const;

private:
  struct node;
  struct mixed_edge;
  struct parameter_edge;

  static node& insert_literal(node& from, std::string_view text);
  static node& insert_step(node& from, const parameter_step& step);
  static node& insert_mixed(node& from, const parameter_step& step);
  static bool visit(const node& from, std::string_view left, path_search& search);
  static bool visit_parameters(const node& at, std::string_view left, path_search& search);
  static bool visit_rest(const node& behind, std::string_view left, path_search& search);
  static bool accept(const endpoint& here, path_search& search);

  std::unique_ptr<node> root_;
};

} // namespace fasterapi::routing
