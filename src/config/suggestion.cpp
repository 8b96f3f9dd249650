#include "config/suggestion.hpp"

#include <algorithm>
#include <numeric>
#include <optional>
#include <utility>

namespace fasterapi::config {
namespace {

constexpr std::size_t longest_word = 64; // the distance is quadratic
constexpr std::size_t shortest_end = 4;

/// Levenshtein's distance.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i + 1);
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, diagonal + 1, row[j] + 1});
    }
  }
  return row.back();
}

/// "limits.max_body", "max_body", "body"
std::vector<std::string_view> ends_of(std::string_view name) {
  std::vector<std::string_view> ends{name};
  for (auto at = name.find_first_of(".-_"); at != name.npos; at = name.find_first_of(".-_", at + 1))
    if (name.size() - at > shortest_end) ends.push_back(name.substr(at + 1));
  return ends;
}

/// How many edits may lie between a misspelt name and the one that was meant.
std::size_t allowance(std::string_view word) {
  return word.size() < 3 ? 1 : std::max<std::size_t>(2, word.size() / 3);
}

/// Each end that is not the whole costs one more; nothing where all are too far apart.
std::optional<std::size_t> distance_of_ends(std::string_view word, std::string_view candidate) {
  std::optional<std::size_t> best;
  for (const auto of_word : ends_of(word))
    for (const auto of_candidate : ends_of(candidate)) {
      const std::size_t edits = distance(of_word, of_candidate);
      if (edits > allowance(of_word)) continue;
      const std::size_t away =
          edits + (of_word == word ? 0 : 1) + (of_candidate == candidate ? 0 : 1);
      best = std::min(best.value_or(away), away);
    }
  return best;
}

} // namespace

std::string suggestion(std::string_view word, const std::vector<std::string>& candidates,
                       std::string_view prefix) {
  if (word.size() > longest_word) return "";
  std::size_t least = longest_word;
  std::string_view nearest;
  for (const auto& each : candidates) {
    const auto away = distance_of_ends(word, each);
    if (!away || *away >= least) continue;
    least = *away;
    nearest = each;
  }
  if (nearest.empty()) return "";
  return "; did you mean '" + std::string{prefix} + std::string{nearest} + "'?";
}

} // namespace fasterapi::config
