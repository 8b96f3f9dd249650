#include "server/server.hpp"

#include <boost/version.hpp>

namespace fasterapi::server {

std::string version_text() {
  return "fasterapi-server " FASTERAPI_VERSION "\nCPython " FASTERAPI_PYTHON_BUILD
         "\nBoost " BOOST_LIB_VERSION ", compiled by " __VERSION__ FASTERAPI_BUILT_WITH "\n";
}

} // namespace fasterapi::server
