#include "routing/pattern.hpp"

#include <algorithm>
#include <stdexcept>

namespace fasterapi::routing {

namespace {

using kind = path_parameter::kind;

kind to_kind(std::string_view convertor) {
  if (convertor == "str") return kind::segment;
  if (convertor == "int") return kind::integer;
  if (convertor == "float") return kind::floating;
  if (convertor == "uuid") return kind::uuid;
  if (convertor == "path") return kind::rest;
  throw std::invalid_argument{"unknown type '" + std::string{convertor} +
                              "' of a parameter: int, float, uuid, str or path"};
}

bool is_identifier(std::string_view name) noexcept {
  const auto is_letter = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  };
  return !name.empty() && is_letter(name[0]) && std::all_of(name.begin(), name.end(), [&](char c) {
    return is_letter(c) || (c >= '0' && c <= '9');
  });
}

// The text between braces: "id" or "id:int".
path_parameter parse_parameter(std::string_view inside) {
  const auto colon = inside.find(':');
  const auto name = inside.substr(0, colon);
  if (!is_identifier(name))
    throw std::invalid_argument{"'" + std::string{name} + "' is no name for a parameter"};
  const auto convertor = colon == std::string_view::npos ? "str" : inside.substr(colon + 1);
  return {std::string{name}, to_kind(convertor)};
}

// Requests with such paths are refused or never look like this: the route could not be reached.
void require_reachable(std::string_view pattern) {
  for (const char c : pattern)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f)
      throw std::invalid_argument{"control character"};
  for (std::size_t begin = 1; begin <= pattern.size();) {
    const auto end = std::min(pattern.find('/', begin), pattern.size());
    const auto segment = pattern.substr(begin, end - begin);
    if (segment == "." || segment == "..")
      throw std::invalid_argument{"dot segments are refused in requests"};
    begin = end + 1;
  }
}

/// Takes a pattern apart from left to right.
class pattern_reader {
public:
  explicit pattern_reader(std::string_view text) : left_(text) {}

  pattern read() {
    while (!left_.empty()) {
      if (auto literal = take_literal("{}"); !literal.empty())
        read_.steps.emplace_back(std::move(literal));
      else
        read_.steps.emplace_back(take_step());
    }
    require_bounded_search();
    return std::move(read_);
  }

private:
  std::string take_literal(std::string_view up_to) {
    const std::string taken{left_.substr(0, left_.find_first_of(up_to))};
    left_.remove_prefix(taken.size());
    return taken;
  }

  parameter_step take_step() {
    parameter_step step{.first = take_parameter(), .between = {}, .second = {}, .suffix = {}};
    if (step.first == kind::rest) {
      const auto next = left_.find_first_of("{/"); // text up to there is an ordinary literal
      if (next != std::string_view::npos && left_[next] == '{')
        throw std::invalid_argument{"a path parameter shares its segment with another parameter"};
      return step;
    }
    step.suffix = take_literal("{}/");
    if (!left_.starts_with('{')) return step;
    if (step.suffix.empty())
      throw std::invalid_argument{"two parameters without text between them"};
    step.between = std::move(step.suffix);
    step.second = take_parameter();
    step.suffix = take_literal("{}/");
    if (step.second == kind::rest)
      throw std::invalid_argument{"a path parameter shares its segment with another parameter"};
    if (left_.starts_with('{'))
      throw std::invalid_argument{"more than two parameters in one segment"};
    return step;
  }

  kind take_parameter() {
    const auto end = left_.find_first_of("{}", 1);
    if (left_[0] == '}' || end == std::string_view::npos || left_[end] == '{')
      throw std::invalid_argument{"unbalanced braces"};
    auto parameter = parse_parameter(left_.substr(1, end - 1));
    left_.remove_prefix(end + 1);
    for (const auto& each : read_.parameters)
      if (each.name == parameter.name)
        throw std::invalid_argument{"parameter '" + each.name + "' appears twice"};
    read_.parameters.push_back(std::move(parameter));
    return read_.parameters.back().what;
  }

  void require_bounded_search() const {
    constexpr std::size_t most = http::path_values::max_count;
    if (read_.parameters.size() > most)
      throw std::invalid_argument{"more than " + std::to_string(most) + " parameters"};
    const auto rests =
        std::count_if(read_.parameters.begin(), read_.parameters.end(),
                      [](const path_parameter& each) { return each.what == kind::rest; });
    if (rests > 1) throw std::invalid_argument{"more than one path parameter"};
  }

  std::string_view left_;
  pattern read_;
};

} // namespace

pattern read_pattern(std::string_view text) {
  if (!text.starts_with('/')) throw std::invalid_argument{"a pattern starts with '/'"};
  require_reachable(text);
  return pattern_reader{text}.read();
}

std::vector<path_parameter> parse_pattern(std::string_view pattern) {
  return read_pattern(pattern).parameters;
}

} // namespace fasterapi::routing
