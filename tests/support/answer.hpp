#pragma once

#include <catch2/catch_test_macros.hpp>

#include <string>

namespace fasterapi::test {

/// What comes behind the head of an answer.
inline std::string body_of(const std::string& answer) {
  const auto end = answer.find("\r\n\r\n");
  REQUIRE(end != std::string::npos);
  return answer.substr(end + 4);
}

} // namespace fasterapi::test
