#pragma once

#include "config/load.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace fasterapi::config {

/// A word of the command line that asks for something else than serving.
struct command {
  std::string_view name;
  config::action action;
  bool needs_app;
  std::string_view summary;
  std::string_view description; // for its own help
  /// Flags of this command alone, no keys: "--output FILE" and what it does.
  std::vector<std::pair<std::string_view, std::string_view>> flags;
};

const std::vector<command>& commands();

const command* find_command(std::string_view name);
const command* find_command(action of);

} // namespace fasterapi::config
