#include "config/command.hpp"

#include <algorithm>

namespace fasterapi::config {

const std::vector<command>& commands() {
  static const std::vector<command> table = {
      {.name = "dev",
       .action = action::dev,
       .needs_app = true,
       .summary = "Serve while APP is being written: a change of its files starts it anew",
       .description =
           "Watches the Python files in the app's folder and those that it imports. A change "
           "starts\n"
           "a fresh process on the same port; a mistake is shown with its traceback, here and in "
           "the\n"
           "browser, until the next change. Defaults that differ: --debug, --log-access=text,\n"
           "--timeouts-drain=5, and at most two workers.\n",
       .flags = {}},
      {.name = "routes",
       .action = action::routes,
       .needs_app = false,
       .summary = "Print the routes of APP, then exit",
       .description =
           "Method, path, name, kind and the handler's place. Kinds: native (the server binds the\n"
           "arguments itself), general (the package does), batch, mount, websocket, and C++ and\n"
           "traced, which never enter Python.\n",
       .flags = {{"--json", "As JSON: a list of objects"}}},
      {.name = "openapi",
       .action = action::openapi,
       .needs_app = true,
       .summary = "Print the OpenAPI document of APP, then exit",
       .description = "The document that the app serves as /openapi.json, on standard output.\n",
       .flags = {{"--output FILE", "Write it to a file instead"}}},
  };
  return table;
}

const command* find_command(std::string_view name) {
  const auto found = std::find_if(commands().begin(), commands().end(),
                                  [&](const command& each) { return each.name == name; });
  return found == commands().end() ? nullptr : &*found;
}

const command* find_command(action of) {
  const auto found = std::find_if(commands().begin(), commands().end(),
                                  [&](const command& each) { return each.action == of; });
  return found == commands().end() ? nullptr : &*found;
}

} // namespace fasterapi::config
