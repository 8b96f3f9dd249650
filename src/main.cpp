#include "config/load.hpp"
#include "observe/log.hpp"
#include "process/descriptor_limit.hpp"
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
#include <optional>

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

/// On standard output where no file is named. False where it cannot be written.
bool print(const std::string& text, const std::string& file = {}) {
  std::ofstream named;
  if (!file.empty()) named.open(file, std::ios::trunc);
  std::ostream& output = file.empty() ? std::cout : named;
  if (output << text << std::flush) return true;
  std::cerr << "fasterapi-server: cannot write " << (file.empty() ? "standard output" : file)
            << '\n';
  return false;
}

/// What the command line asks about the server itself; nothing where it asks for something else.
std::optional<std::string> answer_to(const config::loaded& configuration) {
  switch (configuration.action) {
  case config::action::help:
    return config::help_text(configuration.command);
  case config::action::version:
    return server::version_text();
  case config::action::print_config:
    return config::print(configuration) + "\n";
  case config::action::check_config:
    return "configuration is valid\n";
  default:
    return {};
  }
}

void start_log(const config::loaded& configuration) {
  observe::start_log(server::to_log_settings(configuration.settings));
  if (configuration.service_links.empty()) return;
  std::string names;
  for (const auto& each : configuration.service_links) names += " " + each;
  observe::log(observe::level::debug, "server", "left alone, as Kubernetes has set them:" + names);
}

void allow_connections(std::size_t wanted) {
  constexpr std::size_t others = 64; // the log, the event loops, files of the app
  const auto limit = process::raise_descriptor_limit();
  if (limit >= wanted + others) return;
  observe::log(observe::level::warning, "server",
               "the system allows " + std::to_string(limit) +
                   " open files (ulimit -Hn): too few for limits.max_connections, " +
                   std::to_string(wanted));
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
    allow_connections(configuration.settings.limits.max_connections);
    return server::server{configuration, std::move(given)}.run();
  }
}

int run(const config::loaded& configuration, process::inheritance given, int argc, char** argv) {
  int status = server::exit_status::failed;
  try {
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
    if (const auto text = answer_to(configuration))
      return print(*text) ? server::exit_status::ended : server::exit_status::failed;
    start_log(configuration);
  } catch (const std::runtime_error& error) {
    std::cerr << "fasterapi-server: " << error.what() << '\n';
    return server::exit_status::bad_config;
  }
  return run(configuration, std::move(given), argc, argv);
}
