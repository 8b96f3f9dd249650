#pragma once

#include "routing/route_table.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace fasterapi::routing {

/// What one edge of the tree takes of a path: one parameter, or the parameters of a segment that
/// mixes them with text: "{name}.json", "{a}-{b}", "{a}-{b}.json". Matches as Starlette's regular
/// expressions do: the first parameter takes all it can.
struct parameter_step {
  path_parameter::kind first = path_parameter::kind::segment;
  std::string between; // empty without a second
  std::optional<path_parameter::kind> second;
  std::string suffix;

  bool operator==(const parameter_step&) const = default;
  bool is_mixed() const noexcept { return second || !suffix.empty(); }
  std::size_t count() const noexcept { return second ? 2 : 1; }
  /// Values of the parameters, views into the segment; false: no match.
  bool match(std::string_view segment, std::string_view* values) const noexcept;
};

/// A pattern is literal text and parameters in turn; either may be first or last.
using pattern_step = std::variant<std::string, parameter_step>;

struct pattern {
  std::vector<pattern_step> steps;
  std::vector<path_parameter> parameters;
};

/// "/a/{id:int}.json/b" is "/a/", {id:int}.json, "/b". Throws std::invalid_argument that says what
/// is wrong, without the pattern.
pattern read_pattern(std::string_view text);

/// Whether a parameter of that kind takes all of the text.
bool accepts(path_parameter::kind kind, std::string_view text) noexcept;

} // namespace fasterapi::routing
