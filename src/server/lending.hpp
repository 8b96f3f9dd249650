#pragma once

#include "config/settings.hpp"
#include "dispatch/lane.hpp"
#include "hosting/worker.hpp"
#include "server/io_thread.hpp"

#include <memory>
#include <vector>

namespace fasterapi::server {

/// Whether some route of the app runs where the reactor runs (docs/dispatch.md).
bool lends_reactors(const hosting::app_description& app, const config::settings& settings);

/// Idle workers may run the reactors of these threads from here on, for good where no route asks
/// for less.
void lend_reactors(dispatch::lane& to, const std::vector<std::unique_ptr<io_thread>>& of,
                   const hosting::app_description& app, const config::settings& settings);

} // namespace fasterapi::server
