#pragma once

#include "config/settings.hpp"

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace fasterapi::config {

/// What the command line asks for: a command (serve, dev, routes, openapi), or about itself.
enum class action { serve, dev, routes, openapi, check_config, print_config, version, help };

struct loaded {
  config::settings settings;
  config::action action = config::action::serve;
  config::action command = config::action::serve; // of which help, check, print were asked
  std::string output;                             // --output; empty: standard output
  bool is_json = false;                           // --json
  /// key -> "config/server.json:12", "FASTERAPI_PORT" or "--port"; a key that is not here has its
  /// default.
  std::map<std::string, std::string> origins;
  std::set<std::string> secrets; // keys whose value holds a ${file:...}; print() hides them
  std::vector<std::string> service_links; // variables that were left alone: is_service_link()
  bool has_explicit(const std::string& key) const { return origins.count(key) != 0; }
};

/// A mistake in file, variable or flag: what() says where (file, line, column and JSON pointer;
/// variable; flag), the value, what was expected, the nearest valid key. Exit status 2.
class config_error : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

using environment = std::function<std::optional<std::string>(const std::string&)>;

/// Defaults, file, variables, flags. `arguments` are without the program's name; `variables` lists
/// the names present, so that a misspelt FASTERAPI_ one is seen. In the result `workers` and
/// `io_threads` are resolved, so never 0. With action help or version nothing else was looked at.
/// Throws config_error.
loaded load(const std::vector<std::string>& arguments, const std::vector<std::string>& variables,
            const environment& get);

/// The file's part alone (fuzz target, tests). `name` is the file's, for origins and errors.
void apply_json(std::string_view text, std::string_view name, loaded& into, const environment& get);

std::string help_text(action of_command = action::serve);
std::string
print(const loaded& from);    // JSON: {"listen.port": {"value": 8000, "origin": "default"}, ...}
std::string to_json_schema(); // what config/schema.json holds; a test compares

} // namespace fasterapi::config
