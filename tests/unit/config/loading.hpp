#pragma once

#include "config/load.hpp"

#include <map>
#include <string>
#include <vector>

namespace fasterapi::config::test {

using variables = std::map<std::string, std::string>;

inline environment lookup(variables of) {
  return [of](const std::string& name) -> std::optional<std::string> {
    const auto found = of.find(name);
    return found == of.end() ? std::nullopt : std::optional{found->second};
  };
}

inline loaded load_with(const std::vector<std::string>& arguments, const variables& of = {}) {
  std::vector<std::string> names;
  for (const auto& [name, ignored] : of) names.push_back(name);
  return load(arguments, names, lookup(of));
}

inline loaded from_json(const std::string& text, const variables& of = {}) {
  loaded made;
  apply_json(text, "app.json", made, lookup(of));
  return made;
}

/// What went wrong; empty where nothing did.
template <typename Action>
std::string error_of(Action action) {
  try {
    action();
  } catch (const config_error& error) {
    return error.what();
  }
  return "";
}

inline std::string error_in(const std::string& text, const variables& of = {}) {
  return error_of([&] { from_json(text, of); });
}

} // namespace fasterapi::config::test
