#include "support/temporary_file.hpp"
#include "unit/config/loading.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace fasterapi::config;
using namespace fasterapi::config::test;
using fasterapi::test::temporary_file;

TEST_CASE("secret: a file's text comes without its line end and is not printed") {
  const temporary_file secret{"s3cret\r\n"};
  const loaded made = from_json(R"({"log": {"file": "/x/${file:)" + secret.path() + R"(}"}})");
  CHECK(made.settings.log.file == "/x/s3cret");
  CHECK(print(made).find("s3cret") == std::string::npos);
  CHECK(print(made).find("\"(secret)\"") != std::string::npos);
}

TEST_CASE("secret: an error does not show it") {
  const temporary_file secret{"s3cret"};
  const std::string error = error_in(R"({"log": {"level": "${file:)" + secret.path() + R"(}"}})");
  CHECK(error.find("is not valid") != std::string::npos);
  CHECK(error.find("s3cret") == std::string::npos);
}

TEST_CASE("secret: a flag that replaces it is printed") {
  const temporary_file secret{"s3cret"};
  const temporary_file file{R"({"log": {"file": "${file:)" + secret.path() + R"(}"}})"};
  const loaded made = load_with({"--config", file.path(), "--log-file", "plain"});
  CHECK(print(made).find("\"log.file\": {\"value\": \"plain\", \"origin\": \"--log-file\"}") !=
        std::string::npos);
}
