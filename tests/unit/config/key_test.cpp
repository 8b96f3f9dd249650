#include "config/key.hpp"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <set>

using namespace fasterapi::config;

TEST_CASE("key: flag and variable are named after the path") {
  const key* body = find_key("limits.max_body_bytes");
  REQUIRE(body);
  CHECK(body->flag() == "--limits-max-body-bytes");
  CHECK(body->variable() == "FASTERAPI_LIMITS_MAX_BODY_BYTES");
  CHECK(find_flag("--limits-max-body-bytes") == body);
  CHECK(find_variable("FASTERAPI_LIMITS_MAX_BODY_BYTES") == body);
}

TEST_CASE("key: the address has short flags") {
  CHECK(find_flag("--host") == find_key("listen.host"));
  CHECK(find_flag("--port") == find_key("listen.port"));
  CHECK(find_variable("FASTERAPI_PORT") == find_key("listen.port"));
  CHECK(find_flag("--unix-socket") == find_key("listen.unix_socket"));
  CHECK(find_flag("--port-file") == find_key("listen.port_file"));
  CHECK_FALSE(find_flag("--listen-port"));
}

TEST_CASE("key: names, flags, variables and members are used once") {
  std::set<std::string> names, flags, variables;
  std::set<const void*> members;
  settings of;
  for (const key& each : keys()) {
    names.emplace(each.name);
    flags.insert(each.flag());
    variables.insert(each.variable());
    members.insert(std::visit([&](auto get) -> const void* { return &get(of); }, each.member));
  }
  CHECK(names.size() == keys().size());
  CHECK(flags.size() == keys().size());
  CHECK(variables.size() == keys().size());
  CHECK(members.size() == keys().size());
}

TEST_CASE("key: every nested key belongs to a described section") {
  for (const key& each : keys()) {
    const auto dot = each.name.find('.');
    if (dot == each.name.npos) continue;
    INFO(each.name);
    CHECK(std::any_of(sections().begin(), sections().end(),
                      [&](const section& in) { return in.name == each.name.substr(0, dot); }));
  }
}
