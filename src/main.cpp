#include "config/load.hpp"
#include "observe/log.hpp"
#include "server/exit_status.hpp"
#include "server/log_settings.hpp"
#include "server/server.hpp"

#include <cstdlib>
#include <cstring>
#include <iostream>

namespace {

using namespace fasterapi;

config::loaded load(int argc, char** argv) {
  std::vector<std::string> variables;
  for (char** each = environ; *each != nullptr; ++each) {
    variables.emplace_back(*each, std::strcspn(*each, "="));
  }
  return config::load({argv + 1, argv + argc}, variables,
                      [](const std::string& name) -> std::optional<std::string> {
                        const char* value = std::getenv(name.c_str());
                        return value == nullptr ? std::nullopt : std::optional<std::string>{value};
                      });
}

int serve(const config::loaded& configuration) {
  int status = server::exit_status::failed;
  try {
    observe::start_log(server::to_log_settings(configuration.settings));
    server::server instance{configuration};
    status = instance.run();
  } catch (const std::exception& error) {
    observe::log(observe::level::error, "server", error.what());
  }
  observe::stop_log();
  return status;
}

} // namespace

int main(int argc, char** argv) {
  config::loaded configuration;
  try {
    configuration = load(argc, argv);
  } catch (const config::config_error& error) {
    std::cerr << "fasterapi-server: " << error.what() << '\n';
    return server::exit_status::bad_config;
  }
  switch (configuration.action) {
  case config::action::help:
    std::cout << config::help_text();
    return 0;
  case config::action::version:
    std::cout << server::version_text();
    return 0;
  case config::action::print_config:
    std::cout << config::print(configuration) << '\n';
    return 0;
  case config::action::check_config:
    std::cout << "configuration is valid\n";
    return 0;
  case config::action::serve:
    break;
  }
  return serve(configuration);
}
