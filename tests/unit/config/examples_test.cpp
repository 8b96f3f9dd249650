#include "config/load.hpp"
#include "unit/config/committed_file.hpp"
#include "unit/config/loading.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace fasterapi::config;
using namespace fasterapi::config::test;

TEST_CASE("examples: every file in config/ loads, has comments and an app") {
  int examples = 0;
  for (const auto& entry : std::filesystem::directory_iterator{committed("config")}) {
    const auto& path = entry.path();
    if (path.extension() != ".json" || path.filename() == "schema.json") continue;
    INFO(path);
    const loaded made = load_with({"--config", path.string()});
    CHECK(made.has_explicit("app"));
    CHECK(read_committed("config/" + path.filename().string()).find("// ") != std::string::npos);
    ++examples;
  }
  CHECK(examples >= 3);
}

TEST_CASE("examples: the container's takes port and app from the platform's variables") {
  const std::string file = committed("config/container.json").string();
  const loaded made = load_with({"--config", file}, {{"PORT", "9001"}, {"APP", "main:app"}});
  CHECK(made.settings.listen.port == 9001);
  CHECK(made.settings.app == "main:app");
  CHECK(load_with({"--config", file}).settings.listen.port == 8000);
}
