#include "server/supervise.hpp"

#include "net/listening_socket.hpp"
#include "observe/log.hpp"
#include "process/reloader.hpp"
#include "server/exit_status.hpp"

#include <filesystem>
#include <unistd.h>

namespace fasterapi::server {

namespace {

namespace fs = std::filesystem;

/// Of a file: where it lies; of a module: where the server looks first.
fs::path folder_of(const std::string& app) {
  const fs::path target = app.substr(0, app.rfind(':'));
  const bool is_file = target.extension() == ".py" || target.has_parent_path();
  return is_file ? fs::absolute(target).parent_path() : fs::current_path();
}

int open_socket(const config::settings& settings) {
  const auto& where = settings.listen;
  if (!where.unix_socket.empty()) return net::listen_unix(where.unix_socket, where.backlog).fd;
  return net::listen_tcp(where.host, where.port, where.backlog, true).fd;
}

} // namespace

int supervise(const config::loaded& configuration, const process::inheritance& given,
              std::vector<std::string> arguments) {
  const config::settings& settings = configuration.settings;
  std::vector<int> sockets = given.listening_fds;
  const bool is_own = sockets.empty();
  try {
    if (is_own) sockets.push_back(open_socket(settings));
  } catch (const std::exception& failure) {
    observe::log(observe::level::error, "dev", failure.what());
    return exit_status::cannot_listen;
  }
  process::reloader reloader{{.arguments = std::move(arguments),
                              .listening_fds = std::move(sockets),
                              .folder = folder_of(settings.app),
                              .drain = settings.timeouts.drain}};
  const int status = reloader.run();
  if (is_own && !settings.listen.unix_socket.empty()) ::unlink(settings.listen.unix_socket.c_str());
  return status;
}

} // namespace fasterapi::server
