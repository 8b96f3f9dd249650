#include "config/service_link.hpp"
#include "unit/config/loading.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace fasterapi::config;
using namespace fasterapi::config::test;

namespace {

/// As of a Service "fasterapi" with a port named "http".
const variables of_kubernetes{
    {"FASTERAPI_PORT", "tcp://10.0.0.1:80"},    {"FASTERAPI_PORT_80_TCP", "tcp://10.0.0.1:80"},
    {"FASTERAPI_PORT_80_TCP_ADDR", "10.0.0.1"}, {"FASTERAPI_PORT_80_TCP_PORT", "80"},
    {"FASTERAPI_PORT_80_TCP_PROTO", "tcp"},     {"FASTERAPI_SERVICE_HOST", "10.0.0.1"},
    {"FASTERAPI_SERVICE_PORT", "80"},           {"FASTERAPI_SERVICE_PORT_HTTP", "80"}};

} // namespace

TEST_CASE("service link: what Kubernetes sets is left alone, and noted") {
  const loaded made = load_with({}, of_kubernetes);
  CHECK(made.settings.listen.port == 8000);
  CHECK(made.origins.empty());
  CHECK(made.service_links.size() == of_kubernetes.size());
}

TEST_CASE("service link: of a Service whose name goes on as well") {
  for (const auto& [name, value] : of_kubernetes) {
    const std::string longer = "FASTERAPI_SHOP_V2" + name.substr(name.find('_'));
    INFO(longer);
    CHECK(is_service_link(longer, value));
  }
  CHECK(is_service_link("FASTERAPI_PORT_53_UDP", "udp://10.0.0.1:53"));
}

TEST_CASE("service link: a port is one, and what is misspelt is an error") {
  CHECK(load_with({}, {{"FASTERAPI_PORT", "9000"}}).settings.listen.port == 9000);
  for (const char* name :
       {"FASTERAPI_SERVICE", "FASTERAPI_SERVICE_PORTS", "FASTERAPI_SERVICE_PORT_",
        "FASTERAPI_PORT_TCP", "FASTERAPI_PORT_80", "FASTERAPI_PORT_80_", "FASTERAPI_PORT_80_HTTP",
        "FASTERAPI_PORT_80_TCP_HOST", "FASTERAPI_METRICS_PORT"}) {
    INFO(name);
    CHECK_FALSE(error_of([&] { load_with({}, {{name, "80"}}); }).empty());
  }
  CHECK_FALSE(error_of([] { load_with({}, {{"FASTERAPI_PORT", "http://10.0.0.1"}}); }).empty());
}
