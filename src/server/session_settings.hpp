#pragma once

#include "config/settings.hpp"
#include "net/service.hpp"

namespace fasterapi::server {

/// What a connection needs of the configuration.
net::session_settings to_session_settings(const config::settings& from);

} // namespace fasterapi::server
