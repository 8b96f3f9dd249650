#include "unit/config/loading.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace fasterapi::config;
using namespace fasterapi::config::test;
using namespace std::chrono_literals;

TEST_CASE("apply_json: nested keys of every kind are taken over") {
  const loaded made = from_json(R"({
    "$schema": "./schema.json",
    "app": "m:a", // comment
    "listen": {"host": "::1", "port": 0},
    "workers": 3, "debug": true,
    "cpp_routes": ["a.so", "b.so"],
    "limits": {"max_head_bytes": 4096, "max_body_bytes": "2MiB"},
    "timeouts": {"header": 5, "body": 0.25, "queue": "2m"},
    "log": {"level": "warning"}
  })");
  const settings& of = made.settings;
  CHECK(of.app == "m:a");
  CHECK(of.listen.host == "::1");
  CHECK(of.listen.port == 0);
  CHECK(of.workers == 3);
  CHECK(of.debug);
  CHECK(of.cpp_routes == std::vector<std::string>{"a.so", "b.so"});
  CHECK(of.limits.max_head_bytes == 4096);
  CHECK(of.limits.max_body_bytes == 2 * 1024 * 1024);
  CHECK(of.timeouts.header == 5s);
  CHECK(of.timeouts.body == 250ms);
  CHECK(of.timeouts.queue == 2min);
  CHECK(of.log.level == "warning");
  CHECK(made.origins.at("timeouts.queue") == "app.json:8");
}

TEST_CASE("apply_json: host and port may be flat, but not given twice") {
  CHECK(from_json(R"({"host": "h", "port": 5})").settings.listen.host == "h");
  CHECK(from_json(R"({"host": "h", "port": 5})").settings.listen.port == 5);
  CHECK(error_in("{\"port\": 5,\n\"listen\": {\"port\": 5}}") ==
        "app.json:2:12: /listen/port: 'listen.port' is given twice, first in line 1");
}

TEST_CASE("apply_json: a key or section given twice is refused") {
  CHECK(error_in("{\"debug\": true,\n \"debug\": true}") ==
        "app.json:2:2: /debug: 'debug' is given twice, first in line 1");
  CHECK(error_in("{\"log\": {},\n \"log\": {}}") ==
        "app.json:2:2: /log: 'log' is given twice, first in line 1");
}

TEST_CASE("apply_json: an unknown key is named with the nearest one") {
  CHECK(error_in("{\n \"limits\": {\n  \"max_body_byte\": 5}}") ==
        "app.json:3:3: /limits/max_body_byte: unknown key; did you mean 'limits.max_body_bytes'?");
  CHECK(error_in(R"({"max_body_bytes": 5})") ==
        "app.json:1:2: /max_body_bytes: unknown key; did you mean 'limits.max_body_bytes'?");
  CHECK(error_in(R"({"wrokers": 5})") ==
        "app.json:1:2: /wrokers: unknown key; did you mean 'workers'?");
  CHECK(error_in(R"({"completely_else": 5})") == "app.json:1:2: /completely_else: unknown key");
  CHECK(
      error_in(R"({"listen.host": "h"})") ==
      "app.json:1:2: /listen.host: unknown key; did you mean 'listen.host'? (dots stand for nested "
      "objects)");
  CHECK(error_in(R"({"listen": {"$schema": 1}})") == "app.json:1:13: /listen/$schema: unknown key");
}

TEST_CASE("apply_json: the pointer is escaped and printable") {
  CHECK(error_in(R"({"a/b~c": 5})") == "app.json:1:2: /a~1b~0c: unknown key");
  CHECK(error_in(R"({"\u001b[31m\n": 5})") == "app.json:1:2: /\\u001b[31m\\n: unknown key");
  CHECK(error_in("{\"" + std::string(100'000, 'k') + "\": 1}").size() < 200);
}

TEST_CASE("apply_json: a wrong type or range is named with value and expectation") {
  const std::string port = " is not valid: expected an integer from 0 to 65535";
  CHECK(error_in(R"({"port": 70000})") == "app.json:1:10: /port: 70000" + port);
  CHECK(error_in(R"({"port": -1})") == "app.json:1:10: /port: -1" + port);
  CHECK(error_in(R"({"port": 80.5})") == "app.json:1:10: /port: 80.5" + port);
  CHECK(error_in(R"({"port": "80"})") == "app.json:1:10: /port: \"80\"" + port);
  CHECK(error_in(R"({"port": null})") == "app.json:1:10: /port: null" + port);
  CHECK(error_in(R"({"port": {}})") == "app.json:1:10: /port: an object" + port);
  CHECK(error_in(R"({"debug": 1})") ==
        "app.json:1:11: /debug: 1 is not valid: expected true or false");
  CHECK(error_in(R"({"app": false})") == "app.json:1:9: /app: false is not valid: expected a text");
  CHECK(error_in(R"({"listen": 80})") ==
        "app.json:1:12: /listen: 80 is not valid: expected an object");
  CHECK(error_in(R"({"log": {"level": "inf"}})") ==
        "app.json:1:19: /log/level: \"inf\" is not valid: expected one of \"trace\", \"debug\", "
        "\"info\", \"warning\", \"error\", \"off\"");
  CHECK(error_in(R"({"cpp_routes": "a.so"})") ==
        "app.json:1:16: /cpp_routes: \"a.so\" is not valid: expected a list of texts");
  CHECK(error_in(R"({"cpp_routes": ["a.so", 3]})") ==
        "app.json:1:25: /cpp_routes/1: 3 is not valid: expected a text that is not empty");
}

TEST_CASE("apply_json: variables are put into texts, which may then stand for any scalar") {
  const variables of{{"PORT", "81"}, {"NAME", "x"}, {"EMPTY", ""}};
  CHECK(from_json(R"({"host": "a-${NAME}-${NAME}"})", of).settings.listen.host == "a-x-x");
  CHECK(from_json(R"({"port": "${PORT}"})", of).settings.listen.port == 81);
  CHECK(from_json(R"({"port": "${NOPE:-82}"})", of).settings.listen.port == 82);
  CHECK(from_json(R"({"port": "${EMPTY:-83}"})", of).settings.listen.port == 83);
  CHECK(from_json(R"({"debug": "${D:-yes}"})", of).settings.debug);
  CHECK(from_json(R"({"host": "${EMPTY}"})", of).settings.listen.host.empty());
  CHECK(from_json(R"({"host": "$${NAME}$"})", of).settings.listen.host == "${NAME}$");
  CHECK(from_json(R"({"python": {"path": ["${NAME}/lib"]}})", of).settings.python.path.front() ==
        "x/lib");
}

TEST_CASE("apply_json: a reference that leads nowhere is an error") {
  CHECK(error_in(R"({"host": "${NOPE}"})") ==
        "app.json:1:10: /host: \"${NOPE}\": variable NOPE is not set");
  CHECK(error_in(R"({"host": "${NOPE"})") ==
        "app.json:1:10: /host: \"${NOPE\": reference without its end, '}'");
  CHECK(error_in(R"({"host": "${a b}"})").find("malformed reference") != std::string::npos);
  CHECK(error_in(R"({"host": "${}"})").find("malformed reference") != std::string::npos);
  CHECK(error_in(R"({"host": "${file:/no/such}"})") ==
        "app.json:1:10: /host: \"${file:/no/such}\": no such file: \"/no/such\"");
  CHECK(error_in(R"({"host": "${file:/dev/zero}"})").find("no such file") != std::string::npos);
}
