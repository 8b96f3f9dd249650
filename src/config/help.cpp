#include "config/command.hpp"
#include "config/load.hpp"
#include "config/value.hpp"

namespace fasterapi::config {
namespace {

constexpr std::size_t indent = 36;
constexpr std::size_t width = 100;

std::string_view operand(kind of) {
  switch (of) {
  case kind::text:
    return " TEXT";
  case kind::choice:
    return " WORD";
  case kind::boolean:
    return "";
  case kind::integer:
    return " N";
  case kind::size:
    return " SIZE";
  case kind::duration:
    return " TIME";
  case kind::list:
    return " TEXT";
  }
  return "";
}

/// The flag, then its description in a column of its own.
std::string row(std::string made, std::string_view description) {
  made = "  " + made;
  made += made.size() + 1 < indent ? std::string(indent - made.size(), ' ')
                                   : "\n" + std::string(indent, ' ');
  while (indent + description.size() > width) {
    const auto space = description.rfind(' ', width - indent);
    made += std::string{description.substr(0, space)} + "\n" + std::string(indent, ' ');
    description.remove_prefix(space + 1);
  }
  return made + std::string{description} + "\n";
}

std::string describe(const key& each) {
  std::string made{each.description};
  if (each.kind() == kind::choice) made += ": " + expected(each);
  if (each.kind() == kind::list) return made + " (repeatable)";
  const std::string value = to_json(each, settings{});
  return value == "\"\"" ? made
                         : made + " (" + value + (each.kind() == kind::duration ? " s)" : ")");
}

std::string command_help(const command& of) {
  const std::string name{of.name};
  std::string made = "fasterapi-server " + name + (of.needs_app ? " APP" : " [APP]") +
                     " [--flag VALUE | --flag=VALUE]...\n\n" + std::string{of.description} + "\n";
  for (const auto& [flag, what] : of.flags) made += row(std::string{flag}, what);
  return made + row("--help", "Print this, then exit") +
         "\nAll other flags are those of fasterapi-server --help.\n";
}

} // namespace

std::string help_text(action of_command) {
  if (const command* of = find_command(of_command)) return command_help(*of);
  std::string made =
      "fasterapi-server: serves Python apps and C++ routes over HTTP/1.1\n\n"
      "  fasterapi-server [COMMAND] [APP] [--flag VALUE | --flag=VALUE]...\n\n"
      "APP is \"module:attr\" or \"path/file.py:attr\", the same as --app. Without a\n"
      "command it is served.\n\n";
  for (const command& each : commands()) made += row(std::string{each.name}, each.summary);
  made += "\n";
  made += row("--config FILE", "JSON configuration file, also FASTERAPI_CONFIG");
  made += row("--check-config", "Read and check the configuration, then exit");
  made += row("--print-config", "Print the effective values and where each came from, then exit");
  made += row("--version", "Print version and build, then exit");
  made += row("--help", "Print this, or about COMMAND, then exit");
  made +=
      "\nEvery flag below is also a key of the file and a variable (--log-level: log.level and\n"
      "FASTERAPI_LOG_LEVEL). Flags win over variables, these over the file. In brackets: the\n"
      "default. A switch is turned off by --no-SWITCH or --SWITCH=false.\n\n";
  for (const key& each : keys())
    made += row(each.flag() + std::string{operand(each.kind())}, describe(each));
  return made + "\nExit status 2: a mistake in the configuration.\n";
}

} // namespace fasterapi::config
