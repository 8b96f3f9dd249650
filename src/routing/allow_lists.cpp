#include "routing/allow_lists.hpp"

#include <algorithm>
#include <stdexcept>

namespace fasterapi::routing {

// Nine common methods have at most 512 sets; only a crowd of uncommon ones could exceed this.
constexpr std::size_t most_texts = 4096;

std::uint32_t allow_lists::bit_of(std::string_view method) {
  auto found = std::find(names_.begin(), names_.end(), method);
  if (found == names_.end()) {
    if (names_.size() == 32) throw std::invalid_argument{"more than 32 different methods"};
    found = names_.emplace(names_.end(), method);
  }
  return std::uint32_t{1} << (found - names_.begin());
}

void allow_lists::add(std::uint32_t methods) {
  all_ |= methods;
  if (texts_.contains(methods)) return;
  std::vector<std::uint32_t> unions{methods};
  if (texts_.size() < most_texts)
    for (const auto& [known, text] : texts_) unions.push_back(known | methods);
  unions.push_back(all_);
  for (const auto each : unions) texts_.try_emplace(each, describe(each));
}

std::string_view allow_lists::text(std::uint32_t methods) const noexcept {
  const auto found = texts_.find(methods);
  return found == texts_.end() ? all() : found->second;
}

std::string_view allow_lists::all() const noexcept {
  const auto found = texts_.find(all_);
  return found == texts_.end() ? std::string_view{"OPTIONS"} : found->second;
}

std::string allow_lists::describe(std::uint32_t methods) const {
  std::vector<std::string_view> names;
  for (std::size_t bit = 0; bit != names_.size(); ++bit)
    if ((methods >> bit & 1) != 0) names.push_back(names_[bit]);
  std::sort(names.begin(), names.end());
  std::string text;
  for (const auto name : names) text.append(text.empty() ? "" : ", ").append(name);
  return text;
}

} // namespace fasterapi::routing
