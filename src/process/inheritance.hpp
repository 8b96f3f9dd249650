#pragma once

#include "process/message.hpp"

#include <string>
#include <vector>

namespace fasterapi::process {

/// What a process got from the one that started it, by descriptor and variable.
///
/// Listening sockets come as in systemd's socket activation (sd_listen_fds(3)): LISTEN_FDS of them
/// from descriptor 3 on, for the process whose id is LISTEN_PID. A supervisor of ours also gives
/// the descriptor of a channel, in FASTERAPI_SUPERVISOR, and what went wrong in FASTERAPI_FAILURE:
/// the process then shows that instead of an app.
struct inheritance {
  std::vector<int> listening_fds;
  channel supervisor; // closed: there is none
  std::string failure;
};

/// Takes all of it out of the environment, so that processes of the app do not find it, and keeps
/// the descriptors from them. Once, at the start. Throws std::runtime_error where a variable is
/// malformed.
inheritance take_inheritance();

} // namespace fasterapi::process
