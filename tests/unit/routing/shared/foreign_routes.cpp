#include <fasterapi/routes.hpp>

void gone_from_this_version();

// As if built against the headers of another version.
extern "C" __attribute__((visibility("default"))) std::uint32_t fasterapi_routes_abi_version() {
  return fasterapi::abi_version + 1;
}
extern "C" __attribute__((visibility("default"))) void
fasterapi_register_routes(fasterapi::Router&) {
  gone_from_this_version();
}
