#pragma once

#include "config/load.hpp"
#include "process/inheritance.hpp"

#include <string>
#include <vector>

namespace fasterapi::server {

/// The command `dev`: opens the listening sockets and has processes of this binary, with the same
/// `arguments`, take turns at serving the app as its files change (process::reloader). The exit
/// status. Main thread.
int supervise(const config::loaded& configuration, const process::inheritance& given,
              std::vector<std::string> arguments);

} // namespace fasterapi::server
