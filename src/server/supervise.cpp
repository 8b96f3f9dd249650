#include "server/supervise.hpp"

#include "observe/log.hpp"
#include "process/reloader.hpp"
#include "server/exit_status.hpp"
#include "server/listening_sockets.hpp"

#include <filesystem>

namespace fasterapi::server {

namespace {

namespace fs = std::filesystem;

/// Of a file: where it lies; of a module: where the server looks first.
fs::path folder_of(const std::string& app) {
  const fs::path target = app.substr(0, app.rfind(':'));
  const bool is_file = target.extension() == ".py" || target.has_parent_path();
  return is_file ? fs::absolute(target).parent_path() : fs::current_path();
}

} // namespace

int supervise(const config::loaded& configuration, const process::inheritance& given,
              std::vector<std::string> arguments) {
  const config::settings& settings = configuration.settings;
  listening_sockets sockets{settings, given.listening_fds};
  std::vector<int> fds;
  try {
    for (const auto& each : sockets.open()) fds.push_back(each.fd);
  } catch (const std::exception& failure) {
    observe::log(observe::level::error, "dev", failure.what());
    return exit_status::cannot_listen;
  }
  process::reloader reloader{{.arguments = std::move(arguments),
                              .listening_fds = std::move(fds),
                              .folder = folder_of(settings.app),
                              .drain = settings.timeouts.drain}};
  const int status = reloader.run();
  sockets.remove_file();
  return status;
}

} // namespace fasterapi::server
