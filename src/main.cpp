#include "config/load.hpp"
#include "observe/log.hpp"
#include "process/standard_streams.hpp"
#include "server/exit_status.hpp"
#include "server/log_settings.hpp"
#include "server/server.hpp"
#include "server/supervise.hpp"

#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iostream>
#include <malloc.h>

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

/// asyncio asks for 256 KiB at each receive and gives back what it did not fill. From glibc's 128
/// KiB on that is mmap, mremap and munmap, with the faults of fresh pages: more than the rest of a
/// round trip. Set once, the thresholds do not grow by themselves either.
void keep_receive_buffers_in_the_heap() {
#ifdef __GLIBC__
  ::mallopt(M_MMAP_THRESHOLD, 1024 * 1024);
  ::mallopt(M_TRIM_THRESHOLD, 2 * 1024 * 1024);
#endif
}

/// False where the file cannot be written.
bool print(const std::string& text, const std::string& file) {
  if (file.empty()) return static_cast<bool>(std::cout << text << std::flush);
  std::ofstream output{file, std::ios::trunc};
  output << text;
  output.close();
  if (!output) std::cerr << "fasterapi-server: cannot write " << file << '\n';
  return static_cast<bool>(output);
}

int report(const config::loaded& configuration) {
  return server::server{configuration}.report(
      [&](const std::string& text) { return print(text, configuration.output); });
}

int act(const config::loaded& configuration, process::inheritance given, int argc, char** argv) {
  switch (configuration.action) {
  case config::action::routes:
  case config::action::openapi:
    return report(configuration);
  case config::action::dev:
    if (!given.supervisor.is_open())
      return server::supervise(configuration, given, {argv, argv + argc});
    [[fallthrough]];
  default:
    return server::server{configuration, std::move(given)}.run();
  }
}

int run(const config::loaded& configuration, process::inheritance given, int argc, char** argv) {
  int status = server::exit_status::failed;
  try {
    observe::start_log(server::to_log_settings(configuration.settings));
    status = act(configuration, std::move(given), argc, argv);
  } catch (const std::exception& error) {
    observe::log(observe::level::error, "server", error.what());
  }
  observe::stop_log();
  return status;
}

} // namespace

int main(int argc, char** argv) {
  process::open_standard_streams();
  keep_receive_buffers_in_the_heap();
  config::loaded configuration;
  process::inheritance given;
  try {
    given = process::take_inheritance();
    configuration = load(argc, argv);
  } catch (const std::runtime_error& error) {
    std::cerr << "fasterapi-server: " << error.what() << '\n';
    return server::exit_status::bad_config;
  }
  switch (configuration.action) {
  case config::action::help:
    std::cout << config::help_text(configuration.command);
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
  case config::action::dev:
  case config::action::routes:
  case config::action::openapi:
    break;
  }
  return run(configuration, std::move(given), argc, argv);
}
