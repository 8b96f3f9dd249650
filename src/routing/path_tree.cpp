#include "routing/path_tree.hpp"

#include "routing/path_node.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

namespace fasterapi::routing {

namespace {

// More literal text first; of equal ones those with the narrower parameters.
auto rank(const parameter_step& step) noexcept {
  const auto literal = static_cast<std::ptrdiff_t>(step.between.size() + step.suffix.size());
  return std::tuple{-literal, step.first, step.second};
}

} // namespace

path_tree::path_tree() : root_(std::make_unique<node>()) {}
path_tree::~path_tree() = default;

endpoint& path_tree::insert(const std::vector<pattern_step>& steps) {
  node* at = root_.get();
  for (const auto& step : steps) {
    if (const auto* literal = std::get_if<std::string>(&step))
      at = &insert_literal(*at, *literal);
    else
      at = &insert_step(*at, std::get<parameter_step>(step));
  }
  if (!at->end) at->end = std::make_unique<endpoint>();
  return *at->end;
}

path_tree::node& path_tree::insert_literal(node& from, std::string_view text) {
  node* at = &from;
  while (!text.empty()) {
    const auto place = at->first_bytes.find(text[0]);
    if (place == std::string::npos) {
      at->first_bytes += text[0];
      return *at->literals.emplace_back(std::make_unique<node>(text));
    }
    auto& child = at->literals[place];
    const auto differs =
        std::mismatch(text.begin(), text.end(), child->prefix.begin(), child->prefix.end()).first;
    const auto common = static_cast<std::size_t>(differs - text.begin());
    if (common < child->prefix.size()) child = node::split(std::move(child), common);
    at = child.get();
    text.remove_prefix(common);
  }
  return *at;
}

path_tree::node& path_tree::insert_step(node& from, const parameter_step& step) {
  from.has_parameters = true;
  if (step.is_mixed()) return insert_mixed(from, step);
  auto& edges = from.parameters;
  const auto place = std::find_if(edges.begin(), edges.end(), [&](const parameter_edge& each) {
    return each.kind >= step.first;
  });
  if (place != edges.end() && place->kind == step.first) return *place->to;
  return *edges.insert(place, {step.first, std::make_unique<node>()})->to;
}

path_tree::node& path_tree::insert_mixed(node& from, const parameter_step& step) {
  auto& edges = from.mixed;
  for (const auto& each : edges)
    if (each.step == step) return *each.to;
  const auto place = std::find_if(edges.begin(), edges.end(), [&](const mixed_edge& each) {
    return rank(step) < rank(each.step);
  });
  return *edges.insert(place, {step, std::make_unique<node>()})->to;
}

bool path_tree::find(path_search& search) const {
  search.params->count = 0;
  if (visit(*root_, search.path, search)) return true;
  search.params->count = 0;
  return false;
}

bool path_tree::accept(const endpoint& here, path_search& search) {
  search.found = here.find(search.verb, search.method_text);
  if (search.found != nullptr) return true;
  search.other_methods |= here.methods;
  return false;
}

bool path_tree::visit(const node& from, std::string_view left, path_search& search) {
  const node* at = &from;
  while (!at->has_parameters) { // there is nothing to come back to
    if (left.empty()) return at->end && accept(*at->end, search);
    at = at->next(left);
    if (at == nullptr) return false;
    left.remove_prefix(at->prefix.size());
  }
  if (left.empty()) {
    if (at->end && accept(*at->end, search)) return true;
  } else if (const node* const next = at->next(left)) {
    if (visit(*next, left.substr(next->prefix.size()), search)) return true;
  }
  return visit_parameters(*at, left, search);
}

bool path_tree::visit_parameters(const node& at, std::string_view left, path_search& search) {
  auto& [values, count] = *search.params;
  const auto before = count;
  const auto segment = left.substr(0, left.find('/'));
  const auto behind = left.substr(segment.size());
  for (const auto& each : at.mixed) {
    if (!each.step.match(segment, values.data() + before)) continue;
    count = static_cast<std::uint8_t>(before + each.step.count());
    if (visit(*each.to, behind, search)) return true;
  }
  for (const auto& each : at.parameters) {
    count = before;
    if (each.kind == path_parameter::kind::rest) {
      if (visit_rest(*each.to, left, search)) return true;
    } else if (accepts(each.kind, segment)) {
      values[count++] = segment;
      if (visit(*each.to, behind, search)) return true;
    }
  }
  count = before;
  return false;
}

// The longest first, as a regular expression takes it.
bool path_tree::visit_rest(const node& behind, std::string_view left, path_search& search) {
  auto& [values, count] = *search.params;
  const auto place = count;
  for (std::size_t size = left.size() + 1; size-- > 0;) {
    values[place] = left.substr(0, size);
    count = static_cast<std::uint8_t>(place + 1);
    if (visit(behind, left.substr(size), search)) return true;
    if (behind.literals.empty()) break; // nothing follows: only the whole rest can match
  }
  return false;
}

} // namespace fasterapi::routing
