#pragma once

namespace fasterapi::server {

/// How the process ends; docs/running.md lists them. A second SIGTERM or SIGINT ends it at once
/// with 128 + the signal's number.
enum exit_status : int {
  ended = 0,          // asked to stop, everything finished
  failed = 1,         // an error of the server itself or of the system
  bad_config = 2,     // file, variable, flag, or a shared object with routes
  bad_app = 3,        // the app does not import or start, or its routes conflict
  cannot_listen = 4,  // address in use, no permission
  drain_exceeded = 5, // asked to stop, but something did not end within timeouts.drain
};

} // namespace fasterapi::server
