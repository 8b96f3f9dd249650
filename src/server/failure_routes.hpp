#pragma once

#include "routing/route_table.hpp"

#include <string>

namespace fasterapi::server {

/// Routes that answer everything with 500 and what went wrong (http::render_error), with
/// X-FasterAPI-Failure, by which the page knows that it still does.
routing::route_table failure_routes(std::string failure);

} // namespace fasterapi::server
