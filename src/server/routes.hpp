#pragma once

#include "config/settings.hpp"
#include "hosting/worker.hpp"
#include "routing/route_table.hpp"
#include "server/metrics_page.hpp"

namespace fasterapi::server {

/// Every route that the app's listeners serve: those compiled in, those of shared objects, the
/// app's, and the metrics page. Throws start_error, both places named where two are at one.
routing::route_table build_routes(const config::settings& settings,
                                  const hosting::app_description& app, metrics_page& metrics);

} // namespace fasterapi::server
