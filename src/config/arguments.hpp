#pragma once

#include "config/key.hpp"
#include "config/load.hpp"

#include <string>
#include <vector>

namespace fasterapi::config {

/// A key's value as the command line gives it.
struct given_flag {
  const key* target = nullptr;
  std::string text;
  std::string origin; // the flag as written
};

struct command_line {
  config::action action = config::action::serve;
  config::action command = config::action::serve;
  std::string output; // --output
  bool is_json = false;
  std::string file; // --config
  std::vector<given_flag> flags;
};

/// `--flag value`, `--flag=value`, `--switch`, `--no-switch`, a command, and the app without a
/// flag. Stops at --help and --version. Throws config_error.
command_line parse_arguments(const std::vector<std::string>& arguments);

} // namespace fasterapi::config
