#pragma once

#include <string_view>

namespace fasterapi::config {

/// Whether Kubernetes has set this variable for a Service whose name begins with "fasterapi"
/// (enableServiceLinks): FASTERAPI_PORT=tcp://10.0.0.1:80, FASTERAPI_SERVICE_HOST,
/// FASTERAPI_SERVICE_PORT, FASTERAPI_SERVICE_PORT_HTTP, FASTERAPI_PORT_80_TCP and its _PROTO,
/// _PORT, _ADDR; of "fasterapi-shop" FASTERAPI_SHOP_PORT and so on.
bool is_service_link(std::string_view variable, std::string_view value);

} // namespace fasterapi::config
