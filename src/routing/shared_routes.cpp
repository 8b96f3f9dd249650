#include "fasterapi/routes.hpp"
#include "routing/route_table.hpp"

#include <dlfcn.h>

#include <cstdint>
#include <stdexcept>

namespace fasterapi::routing {

namespace {

// A shared object resolves the public API in the executable: one symbol of each of its files, so
// that the linker takes them out of their archives even where nothing else needs them.
[[gnu::used]] const auto request_api = &HttpRequest::method;
[[gnu::used]] const auto response_api = &HttpResponse::set_json;
[[gnu::used]] const auto router_api = &Router::add_cpp_route;

[[noreturn]] void refuse(const std::string& file, const std::string& why) {
  throw std::runtime_error{"C++ routes: " + file + ": " + why};
}

template <class Function>
Function* entry_point(void* object, const char* name) {
  return reinterpret_cast<Function*>(dlsym(object, name));
}

void require_our_version(void* object, const std::string& file,
                         const std::string& macro = "ROUTES") {
  const char* const symbol =
      macro == "ROUTES" ? "fasterapi_routes_abi_version" : "fasterapi_handlers_abi_version";
  const auto version = entry_point<std::uint32_t()>(object, symbol);
  if (version == nullptr)
    refuse(file,
           "has no FASTERAPI_" + macro + ", or was compiled without -DFASTERAPI_SHARED_ROUTES");
  if (version() != abi_version)
    refuse(file, "was built for ABI version " + std::to_string(version()) + ", this server has " +
                     std::to_string(abi_version) + ": compile it against this server's headers");
}

// With all symbols bound: one that is missing is an error now, not in a request.
void* open(const std::string& file) {
  // dlopen would look for a bare name in the system's folders.
  const std::string path = file.find('/') == std::string::npos ? "./" + file : file;
  if (void* const object = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL)) return object;
  const std::string why = dlerror();
  // Symbols go with ABI versions: where those differ, that is the reason to give.
  if (void* const unbound = dlopen(path.c_str(), RTLD_LAZY | RTLD_LOCAL))
    require_our_version(unbound, file);
  throw std::runtime_error{"C++ routes: " + why};
}

} // namespace

void add_shared_routes(route_table_builder& into, const std::string& file) {
  void* const object = open(file);
  require_our_version(object, file);
  const auto registers = entry_point<void(Router&)>(object, "fasterapi_register_routes");
  if (registers == nullptr) refuse(file, "has a version but no FASTERAPI_ROUTES");

  Router router{into};
  registers(router); // its handlers live in the object, which is never unloaded
}

CppHandler find_cpp_handler(const std::string& name) {
  const auto colon = name.rfind(':');
  if (colon == name.npos) {
    if (auto found = find_compiled_handler(name)) return found;
    throw std::runtime_error{"CppHandler(\"" + name +
                             "\"): no FASTERAPI_HANDLER of that name is "
                             "compiled into this server (fasterapi_add_routes in CMake)"};
  }
  const std::string file = name.substr(0, colon);
  void* const object = open(file);
  require_our_version(object, file, "HANDLER");
  const auto found =
      entry_point<void(HttpRequest*, HttpResponse*)>(object, name.c_str() + colon + 1);
  if (found == nullptr)
    refuse(file, "has no FASTERAPI_HANDLER(" + name.substr(colon + 1) + ", ...)");
  return found;
}

} // namespace fasterapi::routing
