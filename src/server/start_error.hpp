#pragma once

#include "server/exit_status.hpp"

#include <stdexcept>
#include <string>
#include <utility>

namespace fasterapi::server {

/// What can fail between start and the first request, with the status that it ends with.
struct start_error : std::runtime_error {
  start_error(exit_status with, const std::string& what, std::string about = {})
      : std::runtime_error(what), status(with), report(std::move(about)) {}
  exit_status status;
  std::string report; // hosting::app_error's
};

} // namespace fasterapi::server
