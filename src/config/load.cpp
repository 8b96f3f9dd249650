#include "config/load.hpp"

#include "config/arguments.hpp"
#include "config/command.hpp"
#include "config/file.hpp"
#include "config/service_link.hpp"
#include "config/suggestion.hpp"
#include "config/usable_cores.hpp"
#include "config/value.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <system_error>

namespace fasterapi::config {
namespace {

constexpr std::string_view prefix = "FASTERAPI_";

/// What follows the prefix in variables that are no keys: of set-up, build, tests, Python package.
constexpr std::array<std::string_view, 12> other_variables{
    "CONFIG",        "CACHE", "PYTHON_ROOT",  "CATCH2_ROOT",  "PYTHON_PACKAGES", "CPYTHON",
    "CPYTHON_TESTS", "JOBS",  "SOAK_SECONDS", "FUZZ_SECONDS", "BUILD_DIR",       "SERVER"};
constexpr std::string_view test_prefix = "TEST_";

void set(const key& target, std::string_view text, const std::string& origin, loaded& into) {
  if (!assign(target, text, into.settings))
    throw config_error{origin + ": " + quote(text) + " is not valid: expected " + expected(target)};
  into.origins[std::string{target.name}] = origin;
  into.secrets.erase(std::string{target.name});
}

void apply_file(const std::string& path, loaded& into, const environment& get) {
  std::string text;
  try {
    text = read_file(path);
  } catch (const std::system_error& error) {
    throw config_error{path + ": cannot be read: " + error.code().message()};
  }
  apply_json(text, path, into, get);
}

void set_list(const key& target, std::string_view text, const std::string& origin, loaded& into) {
  clear(target, into.settings);
  while (!text.empty()) {
    const auto colon = text.find(':');
    set(target, text.substr(0, colon), origin, into);
    text = colon == text.npos ? "" : text.substr(colon + 1);
  }
}

void refuse_unknown(std::string_view variable) {
  const std::string_view word = variable.substr(prefix.size());
  if (word.substr(0, test_prefix.size()) == test_prefix ||
      std::find(other_variables.begin(), other_variables.end(), word) != other_variables.end())
    return;
  std::vector<std::string> words{other_variables.begin(), other_variables.end()};
  for (const key& each : keys()) words.push_back(each.variable().substr(prefix.size()));
  throw config_error{std::string{variable} + ": unknown variable" +
                     suggestion(word, words, prefix)};
}

void apply_variables(const std::vector<std::string>& names, loaded& into, const environment& get) {
  for (const auto& name : names) {
    if (name.rfind(prefix, 0) != 0) continue;
    const auto text = get(name);
    if (is_service_link(name, text.value_or(""))) {
      into.service_links.push_back(name);
      continue;
    }
    const key* const target = find_variable(name);
    if (!target) {
      refuse_unknown(name);
      continue;
    }
    if (!text || text->empty()) continue; // compose files pass on unset variables as empty ones
    if (target->kind() == kind::list)
      set_list(*target, *text, name, into);
    else
      set(*target, *text, name, into);
  }
}

void apply_flags(const std::vector<given_flag>& flags, loaded& into) {
  for (const auto& each : flags) {
    // The first flag of a list replaces what file and variable gave; further ones add to it.
    const auto origin = into.origins.find(std::string{each.target->name});
    if (origin == into.origins.end() || origin->second != each.origin)
      clear(*each.target, into.settings);
    set(*each.target, each.text, each.origin, into);
  }
}

void check_app(const loaded& from) {
  const std::string& app = from.settings.app;
  const auto colon = app.rfind(':');
  const bool is_named = colon != app.npos && colon > 0 && colon + 1 < app.size();
  if (app.empty() || is_named) return;
  throw config_error{from.origins.at("app") + ": " + quote(app) +
                     " is no app: expected \"module:attr\" or \"path/file.py:attr\""};
}

/// Defaults of a command that differ from those of serving.
void apply_command(action command, loaded& into) {
  const auto set_default = [&](const char* name, const char* value) {
    set(*find_key(name), value, std::string{find_command(command)->name}, into);
  };
  if (command == action::dev) {
    set_default("debug", "true");
    set_default("log.access", "text");
    set_default("timeouts.drain", "5");
  } else if (command != action::serve) {
    set_default("log.level", "warning"); // what is printed is what was asked for
  }
}

void check_command(const loaded& from) {
  const command* const given = find_command(from.command);
  if (given && given->needs_app && from.settings.app.empty())
    throw config_error{std::string{given->name} +
                       ": no app is given: expected \"module:attr\" or \"path/file.py:attr\""};
}

std::string describe(const char* name, const loaded& from) {
  const auto origin = from.origins.find(name);
  return std::string{name} + " (" + to_json(*find_key(name), from.settings) + ", " +
         (origin == from.origins.end() ? "default" : origin->second) + ")";
}

/// A target has to fit into its head.
void resolve_head(loaded& into) {
  config::settings::limit_settings& limits = into.settings.limits;
  if (limits.max_target_bytes <= limits.max_head_bytes) return;
  if (into.has_explicit("limits.max_target_bytes"))
    throw config_error{describe("limits.max_head_bytes", into) + " is smaller than " +
                       describe("limits.max_target_bytes", into) +
                       ": a request target has to fit into its head"};
  limits.max_target_bytes = limits.max_head_bytes;
}

void resolve_threads(settings& into, action command) {
  if (into.workers != 0 && into.io_threads != 0) return;
  // Two show what workers do not share, and start soon.
  const unsigned cores = std::min(usable_cores(), command == action::dev ? 2U : 256U);
  if (into.workers == 0) into.workers = cores;
  if (into.io_threads != 0) return;
  into.io_threads = into.dispatch == "ring" ? std::max(1U, cores / 4) : into.workers;
}

} // namespace

loaded load(const std::vector<std::string>& arguments, const std::vector<std::string>& variables,
            const environment& get) {
  const command_line given = parse_arguments(arguments);
  loaded made;
  made.action = given.action;
  made.command = given.command;
  made.output = given.output;
  made.is_json = given.is_json;
  if (given.action == action::help || given.action == action::version) return made;

  apply_command(given.command, made);
  const std::string file = given.file.empty() ? get("FASTERAPI_CONFIG").value_or("") : given.file;
  if (!file.empty()) apply_file(file, made, get);
  apply_variables(variables, made, get);
  apply_flags(given.flags, made);
  check_app(made);
  check_command(made);
  resolve_head(made);
  resolve_threads(made.settings, given.command);
  return made;
}

} // namespace fasterapi::config
