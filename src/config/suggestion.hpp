#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace fasterapi::config {

/// "; did you mean 'limits.max_body_bytes'?" with the candidate nearest to `word` (behind `prefix`,
/// that all of them share), or nothing where none is near. An end that both have in common
/// ("max_body_bytes") makes them near as well.
std::string suggestion(std::string_view word, const std::vector<std::string>& candidates,
                       std::string_view prefix = "");

} // namespace fasterapi::config
