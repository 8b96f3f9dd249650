#pragma once

#include "fasterapi/routes.hpp"

/// FASTERAPI_ROUTES for the server's own routes: they give way to any other route of the same
/// method and path, and the configuration may leave them out.
#define FASTERAPI_BUILTIN_ROUTES(router)                                                           \
  static void fasterapi_register_routes(::fasterapi::Router& router);                              \
  static ::fasterapi::routing::compiled_routes fasterapi_compiled_routes{                          \
      fasterapi_register_routes, true};                                                            \
  static void fasterapi_register_routes(::fasterapi::Router& router)
