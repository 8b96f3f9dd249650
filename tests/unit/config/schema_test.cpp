#include "config/key.hpp"
#include "config/load.hpp"
#include "unit/config/committed_file.hpp"

#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>

using namespace fasterapi::config;
using namespace fasterapi::config::test;

TEST_CASE("schema: config/schema.json is what the table of keys makes") {
  if (writes_committed()) write_committed("config/schema.json", to_json_schema());
  CHECK(read_committed("config/schema.json") == to_json_schema());
}

TEST_CASE("schema: every key has description, default and no unknown sibling") {
  const auto schema = nlohmann::json::parse(to_json_schema());
  CHECK(schema["additionalProperties"] == false);
  for (const key& each : keys()) {
    INFO(each.name);
    const auto dot = each.name.find('.');
    const std::string leaf{each.name.substr(dot + 1)};
    const auto& owner = dot == each.name.npos
                            ? schema
                            : schema["properties"][std::string{each.name.substr(0, dot)}];
    CHECK(owner["additionalProperties"] == false);
    REQUIRE(owner["properties"].contains(leaf));
    CHECK(owner["properties"][leaf]["description"] == each.description);
    CHECK(owner["properties"][leaf].contains("default"));
  }
}

TEST_CASE("schema: ranges and choices are those of the table") {
  const auto properties = nlohmann::json::parse(to_json_schema())["properties"];
  const auto& port = properties["listen"]["properties"]["port"]["anyOf"][0];
  CHECK(port["minimum"] == 0);
  CHECK(port["maximum"] == 65535);
  CHECK(properties["timeouts"]["properties"]["header"]["anyOf"][0]["minimum"] == 0.001);
  CHECK(properties["log"]["properties"]["format"]["anyOf"][0]["enum"] ==
        nlohmann::json{"text", "json"});
}
