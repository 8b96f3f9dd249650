#pragma once

#include "fasterapi/router.hpp"

#include <cstdint>

/// Routes in C++, compiled into the binary or loaded from a shared object.
///
///     #include <fasterapi/routes.hpp>
///
///     FASTERAPI_ROUTES(router) {
///       router.add_cpp_route("GET", "/ping", [](auto*, fasterapi::HttpResponse* res) {
///         res->body("pong");
///       });
///     }
///
/// Compiled in: `fasterapi_add_routes(<target> ping.cpp)` in CMake. As a shared object (built with
/// -DFASTERAPI_SHARED_ROUTES -shared -fPIC, or by `fasterapi_add_shared_routes`): list its path
/// under "cpp_routes" in the configuration. Once per source file, and once per shared object.
namespace fasterapi {

/// Changes whenever anything in include/fasterapi changes its layout or meaning; a shared object
/// built against another version is refused at start.
inline constexpr std::uint32_t abi_version = 1;

namespace routing {
/// A registration function in a list that is built before main() runs.
struct compiled_routes {
  explicit compiled_routes(void (*registers)(Router&), bool is_builtin = false) noexcept;

  void (*registers)(Router&);
  bool is_builtin; // gives way to other routes of the same method and path
  compiled_routes* next = nullptr;
};

/// A named handler in a list that is built before main() runs.
struct compiled_handler {
  compiled_handler(const char* name, void (*handler)(HttpRequest*, HttpResponse*)) noexcept;

  const char* name;
  void (*handler)(HttpRequest*, HttpResponse*);
  compiled_handler* next = nullptr;
};
} // namespace routing

} // namespace fasterapi

// FASTERAPI_HANDLER(name, req, res) { res->body("pong"); }
//
// A handler without a route, which Python gives one: app.register_cpp_handler("GET", "/ping",
// CppHandler("ping")) where it is compiled into the server, CppHandler("ping.so:ping") where it is
// in a shared object. `name` is an identifier, unique among them.
#ifdef FASTERAPI_SHARED_ROUTES
extern "C" __attribute__((visibility("default"), used)) inline std::uint32_t
fasterapi_handlers_abi_version() {
  return ::fasterapi::abi_version;
}
#define FASTERAPI_HANDLER(name, request, response)                                                 \
  extern "C" __attribute__((visibility("default"))) void name(                                     \
      [[maybe_unused]] ::fasterapi::HttpRequest* request,                                          \
      [[maybe_unused]] ::fasterapi::HttpResponse* response)
#else
#define FASTERAPI_HANDLER(name, request, response)                                                 \
  static void name(::fasterapi::HttpRequest*, ::fasterapi::HttpResponse*);                         \
  static ::fasterapi::routing::compiled_handler name##_compiled{#name, name};                      \
  static void name([[maybe_unused]] ::fasterapi::HttpRequest* request,                             \
                   [[maybe_unused]] ::fasterapi::HttpResponse* response)
#endif

#ifdef FASTERAPI_SHARED_ROUTES
#define FASTERAPI_ROUTES(router)                                                                   \
  extern "C" __attribute__((visibility("default"))) std::uint32_t fasterapi_routes_abi_version() { \
    return ::fasterapi::abi_version;                                                               \
  }                                                                                                \
  extern "C" __attribute__((visibility("default"))) void fasterapi_register_routes(                \
      ::fasterapi::Router& router)
#else
#define FASTERAPI_ROUTES(router)                                                                   \
  static void fasterapi_register_routes(::fasterapi::Router& router);                              \
  static ::fasterapi::routing::compiled_routes fasterapi_compiled_routes{                          \
      fasterapi_register_routes};                                                                  \
  static void fasterapi_register_routes([[maybe_unused]] ::fasterapi::Router& router)
#endif
