#pragma once

#include "config/settings.hpp"
#include "observe/log.hpp"

namespace fasterapi::server {

/// What the log needs of the configuration.
observe::log_settings to_log_settings(const config::settings& from);

} // namespace fasterapi::server
