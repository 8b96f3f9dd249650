#include "config/load.hpp"
#include "config/value.hpp"
#include "support/temporary_file.hpp"
#include "unit/config/loading.hpp"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>

using namespace fasterapi::config;
using namespace fasterapi::config::test;
using namespace std::chrono_literals;
using fasterapi::test::temporary_file;

TEST_CASE("load: without anything the defaults hold and threads are resolved") {
  const loaded made = load_with({});
  CHECK(made.action == action::serve);
  CHECK(made.settings.listen.port == 8000);
  CHECK(made.settings.workers >= 1);
  CHECK(made.settings.io_threads >= 1);
  CHECK(made.origins.empty());
}

TEST_CASE("load: defaults, file, variables and flags win in rising order") {
  const temporary_file file{
      R"({"app": "f:app", "listen": {"host": "h.file", "port": 1, "backlog": 9},
                                "log": {"level": "error"}})"};
  const variables of{{"FASTERAPI_HOST", "h.variable"}, {"FASTERAPI_PORT", "2"}};
  const loaded made = load_with({"--config", file.path(), "--port=3"}, of);
  CHECK(made.settings.log.level == "error");
  CHECK(made.settings.listen.backlog == 9);
  CHECK(made.settings.listen.host == "h.variable");
  CHECK(made.settings.listen.port == 3);
  CHECK(made.origins.at("listen.backlog") == file.path() + ":1");
  CHECK(made.origins.at("log.level") == file.path() + ":2");
  CHECK(made.origins.at("listen.host") == "FASTERAPI_HOST");
  CHECK(made.origins.at("listen.port") == "--port");
  CHECK(made.has_explicit("app"));
  CHECK_FALSE(made.has_explicit("workers"));
}

TEST_CASE("load: FASTERAPI_CONFIG names the file, --config another") {
  const temporary_file first{R"({"port": 1})"}, second{R"({"port": 2})"};
  const variables of{{"FASTERAPI_CONFIG", first.path()}};
  CHECK(load_with({}, of).settings.listen.port == 1);
  CHECK(load_with({"--config=" + second.path()}, of).settings.listen.port == 2);
}

TEST_CASE("load: every key can be given in the file, as a variable and as a flag") {
  for (const key& each : keys()) {
    INFO(each.name);
    const std::string text = each.name == "app"              ? "m:a"
                             : each.name == "metrics.path"   ? "/m"
                             : each.name == "metrics.listen" ? ":1"
                             : !each.choices.empty()
                                 ? std::string{each.choices.back()}
                                 : std::to_string(std::max<std::uint64_t>(each.least, 1));
    const std::string name{each.name};
    const auto dot = name.find('.');
    const std::string leaf = "{\"" + name.substr(dot + 1) + "\": \"${V}\"}"; // npos + 1 == 0
    const std::string item = "{\"" + name.substr(dot + 1) + "\": [\"${V}\"]}";
    const std::string object = each.kind() == kind::list ? item : leaf;
    const std::string json =
        dot == name.npos ? object : "{\"" + name.substr(0, dot) + "\": " + object + "}";

    const loaded from_file = from_json(json, {{"V", text}});
    const loaded from_variable = load_with({}, {{each.variable(), text}});
    const loaded from_flag = load_with({each.flag() + "=" + text});
    CHECK(from_file.origins.at(name) == "app.json:1");
    CHECK(from_variable.origins.at(name) == each.variable());
    CHECK(from_flag.origins.at(name) == each.flag());
    CHECK(to_json(each, from_file.settings) == to_json(each, from_flag.settings));
    CHECK(to_json(each, from_variable.settings) == to_json(each, from_flag.settings));
    if (each.kind() != kind::boolean) // half of them default to true
      CHECK(to_json(each, from_flag.settings) != to_json(each, settings{}));
  }
}

TEST_CASE("load: a target that does not fit into its head is an error that names both") {
  const std::string error = error_of([] {
    load_with({"--limits-max-head-bytes=2048"}, {{"FASTERAPI_LIMITS_MAX_TARGET_BYTES", "4k"}});
  });
  for (const char* word : {"limits.max_head_bytes", "2048", "--limits-max-head-bytes",
                           "limits.max_target_bytes", "4096", "FASTERAPI_LIMITS_MAX_TARGET_BYTES"})
    CHECK(error.find(word) != error.npos);
  CHECK_FALSE(error_of([] { load_with({"--limits-max-target-bytes=64k"}); }).empty());
  CHECK(load_with({"--limits-max-head-bytes=2048"}).settings.limits.max_target_bytes == 2048);
}

TEST_CASE("load: an address and a path are checked when they are read") {
  const std::string in_file = error_in(R"({"metrics": {"listen": "foo:bar"}})");
  CHECK(in_file.find("/metrics/listen") != in_file.npos);
  CHECK(in_file.find("127.0.0.1:9090") != in_file.npos);
  for (const char* flag : {"--metrics-listen=foo:bar", "--metrics-listen=9090",
                           "--metrics-path=metrics", "--metrics-path=/{metrics}"}) {
    INFO(flag);
    CHECK_FALSE(error_of([&] { load_with({flag}); }).empty());
  }
  CHECK(load_with({"--metrics-path=", "--metrics-listen="}).settings.metrics.path.empty());
}

TEST_CASE("load: an empty name is no file") {
  CHECK_FALSE(error_of([] { load_with({"--config="}); }).empty());
  CHECK_FALSE(error_of([] { load_with({"--config", ""}); }).empty());
  CHECK_FALSE(error_of([] { load_with({"openapi", "m:a", "--output="}); }).empty());
  CHECK(load_with({}, {{"FASTERAPI_CONFIG", ""}}).origins.empty()); // compose files pass it on
}

TEST_CASE("load: switches have three spellings") {
  CHECK(load_with({"--debug"}).settings.debug);
  CHECK(load_with({"--debug=true"}).settings.debug);
  CHECK_FALSE(load_with({"--debug", "--debug=false"}).settings.debug);
  CHECK_FALSE(load_with({"--no-builtin-routes"}).settings.builtin_routes);
  CHECK(load_with({"--no-debug"}, {{"FASTERAPI_DEBUG", "1"}}).settings.debug == false);
}

TEST_CASE("load: a list is a repeated flag or a variable with colons, and replaces the one below") {
  using texts = std::vector<std::string>;
  const temporary_file file{R"({"python": {"path": ["f"]}})"};
  const variables of{{"FASTERAPI_PYTHON_PATH", "a:b"}};
  CHECK(load_with({"--config", file.path()}).settings.python.path == texts{"f"});
  CHECK(load_with({"--config", file.path()}, of).settings.python.path == texts{"a", "b"});
  CHECK(load_with({"--python-path", "c", "--python-path=d:e"}, of).settings.python.path ==
        texts{"c", "d:e"});
}

TEST_CASE("load: the app may be given without its flag") {
  const loaded made = load_with({"--port", "0", "main:app"});
  CHECK(made.settings.app == "main:app");
  CHECK(made.settings.listen.port == 0);
  CHECK(error_of([] {
          load_with({"a:b", "c:d"});
        }) == "\"c:d\": unexpected; the app is given already");
}

TEST_CASE("load: what cannot name an app is refused") {
  for (const std::string app : {"main", ":app", "main:", "main.py", ":"}) {
    CHECK(error_of([&] {
            load_with({"--app", app});
          }) ==
          "--app: \"" + app + "\" is no app: expected \"module:attr\" or \"path/file.py:attr\"");
  }
  CHECK(load_with({"--app", "dir/my app.py:make.app"}).settings.app == "dir/my app.py:make.app");
}

TEST_CASE("load: the command line asks for one action") {
  CHECK(load_with({"--check-config"}).action == action::check_config);
  CHECK(load_with({"--print-config"}).action == action::print_config);
  CHECK(load_with({"--version"}).action == action::version);
  CHECK(load_with({"-h"}).action == action::help);
  CHECK(load_with({"--help", "--nonsense"}, {{"FASTERAPI_X", "1"}}).action == action::help);
  CHECK(error_of([] { load_with({"--version=1"}); }) == "--version: takes no value");
}

TEST_CASE("load: a command stands anywhere and keeps what else is asked of it") {
  CHECK(load_with({"routes", "m:a"}).action == action::routes);
  CHECK(load_with({"--port=1", "m:a", "openapi", "--output", "f"}).output == "f");
  CHECK(load_with({"--json", "routes"}).is_json);
  const loaded checked = load_with({"dev", "m:a", "--check-config"});
  CHECK(checked.action == action::check_config);
  CHECK(checked.command == action::dev);
  CHECK(load_with({"dev", "--help"}).command == action::dev);
}

TEST_CASE("load: dev has defaults of its own, which everything else wins over") {
  const loaded made = load_with({"dev", "m:a"});
  CHECK(made.settings.debug);
  CHECK(made.settings.log.access == "text");
  CHECK(made.settings.workers <= 2);
  CHECK(made.origins.at("debug") == "dev");
  CHECK_FALSE(made.has_explicit("workers"));
  CHECK_FALSE(load_with({"dev", "m:a"}, {{"FASTERAPI_DEBUG", "0"}}).settings.debug);
  CHECK(load_with({"dev", "m:a", "--workers=3"}).settings.workers == 3);
  CHECK_FALSE(load_with({"m:a"}).settings.debug);
}

TEST_CASE("load: a flag's mistake names flag, value, expectation and the nearest flag") {
  const auto error = [](std::vector<std::string> arguments) {
    return error_of([&] { load_with(arguments); });
  };
  CHECK(error({"--prot", "1"}) == "--prot: unknown flag; did you mean '--port'?");
  CHECK(error({"--log_level=info"}) == "--log_level: unknown flag; did you mean '--log-level'?");
  CHECK(error({"--listen-port", "1"}) == "--listen-port: unknown flag; did you mean '--port'?");
  CHECK(error({"--cofnig", "x"}) == "--cofnig: unknown flag; did you mean '--config'?");
  CHECK(error({"--no-port"}) == "--no-port: unknown flag; did you mean '--port'?");
  CHECK(error({"--workers", "257"}) ==
        "--workers: \"257\" is not valid: expected an integer from 0 to 256");
  CHECK(error({"--workers"}) == "--workers: a value is missing: expected an integer from 0 to 256");
  CHECK(error({"--port", "--debug"}) ==
        "--port: a value is missing: expected an integer from 0 to 65535");
  CHECK(error({"--debug=maybe"}) == "--debug: \"maybe\" is not valid: expected true or false");
  CHECK(error({"--config"}) == "--config: a value is missing: expected a file");
}

TEST_CASE(
    "load: a variable's mistake names variable, value, expectation and the nearest variable") {
  const auto error = [](const variables& of) { return error_of([&] { load_with({}, of); }); };
  CHECK(error({{"FASTERAPI_PROT", "1"}}) ==
        "FASTERAPI_PROT: unknown variable; did you mean 'FASTERAPI_PORT'?");
  CHECK(error({{"FASTERAPI_LISTEN_PORT", "1"}}) ==
        "FASTERAPI_LISTEN_PORT: unknown variable; did you mean 'FASTERAPI_PORT'?");
  CHECK(error({{"FASTERAPI_ZZZZZ", "1"}}) == "FASTERAPI_ZZZZZ: unknown variable");
  CHECK(
      error({{"FASTERAPI_TIMEOUTS_QUEUE", "soon"}}) ==
      "FASTERAPI_TIMEOUTS_QUEUE: \"soon\" is not valid: expected a duration from 1 ms to 86400 s: "
      "seconds, or text such as \"10s\" or \"500ms\"");
}

TEST_CASE("load: variables of set-up and tests, empty ones and those of others are left alone") {
  const loaded made = load_with({}, {{"FASTERAPI_CACHE", "x"},
                                     {"FASTERAPI_PYTHON_ROOT", "x"},
                                     {"FASTERAPI_CATCH2_ROOT", "x"},
                                     {"FASTERAPI_PYTHON_PACKAGES", "x"},
                                     {"FASTERAPI_CPYTHON_TESTS", "x"},
                                     {"FASTERAPI_SERVER", "x"},
                                     {"FASTERAPI_TEST_ANYTHING", "x"},
                                     {"FASTERAPI_PORT", ""},
                                     {"FASTERAP_PORT", "x"},
                                     {"PORT", "x"}});
  CHECK(made.origins.empty());
}

TEST_CASE("load: a file that cannot be read is named with the reason") {
  CHECK(error_of([] {
          load_with({"--config", "/no/such/file"});
        }) == "/no/such/file: cannot be read: No such file or directory");
  CHECK(error_of([] { load_with({"--config", "/"}); }) == "/: cannot be read: Is a directory");
  CHECK(error_of([] {
          load_with({"--config", "/dev/null"});
        }) == "/dev/null: empty; expected a JSON object, at least {}");
  CHECK(error_of([] {
          load_with({"--config", "/dev/zero"});
        }) == "/dev/zero: larger than 1 MiB, so no configuration");
}
