#include "config/command.hpp"
#include "config/key.hpp"
#include "unit/config/loading.hpp"

#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>

using namespace fasterapi::config;
using namespace fasterapi::config::test;

TEST_CASE("print: valid JSON with every key, its value and origin") {
  const loaded made =
      load_with({"--host", "a\"b\xFF\n", "--port", "0"}, {{"FASTERAPI_DEBUG", "on"}});
  const auto printed = nlohmann::json::parse(print(made));
  CHECK(printed.size() == keys().size());
  CHECK(printed["listen.host"]["value"] == "a\"b\xEF\xBF\xBD\n");
  CHECK(printed["listen.port"]["value"] == 0);
  CHECK(printed["listen.port"]["origin"] == "--port");
  CHECK(printed["debug"]["value"] == true);
  CHECK(printed["debug"]["origin"] == "FASTERAPI_DEBUG");
  CHECK(printed["timeouts.drain"]["origin"] == "default");
}

TEST_CASE("help: a command has its own, with its flags, in lines of at most 100 columns") {
  for (const command& each : commands()) {
    const std::string text = help_text(each.action);
    CHECK(text.find("fasterapi-server " + std::string{each.name}) == 0);
    CHECK(help_text().find("  " + std::string{each.name} + " ") != std::string::npos);
    for (const auto& [flag, ignored] : each.flags)
      CHECK(text.find("  " + std::string{flag}) != std::string::npos);
    for (std::size_t at = 0, end; (end = text.find('\n', at)) != text.npos; at = end + 1)
      CHECK(end - at <= 100);
  }
}

TEST_CASE("help: every flag is listed, in lines of at most 100 columns") {
  const std::string text = help_text();
  for (const key& each : keys()) CHECK(text.find("  " + each.flag()) != std::string::npos);
  for (const char* flag : {"--config", "--check-config", "--print-config", "--version", "--help"})
    CHECK(text.find("  " + std::string{flag}) != std::string::npos);
  for (std::size_t at = 0, end; (end = text.find('\n', at)) != text.npos; at = end + 1)
    CHECK(end - at <= 100);
}
