#include "process/inheritance.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers.hpp>

#include <cstdlib>
#include <fcntl.h>
#include <string>
#include <unistd.h>

using namespace fasterapi::process;

namespace {

void set(const char* name, const std::string& value) { ::setenv(name, value.c_str(), 1); }

} // namespace

TEST_CASE("inheritance: without variables there is nothing") {
  const inheritance made = take_inheritance();
  CHECK(made.listening_fds.empty());
  CHECK_FALSE(made.supervisor.is_open());
  CHECK(made.failure.empty());
}

TEST_CASE("inheritance: sockets are for the process whose id is there, and taken once") {
  set("LISTEN_FDS", "2");
  set("LISTEN_FDNAMES", "a:b");
  set("LISTEN_PID", "1");
  CHECK(take_inheritance().listening_fds.empty());
  CHECK(::getenv("LISTEN_FDS") == nullptr);

  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  REQUIRE(::dup2(ends[0], 3) == 3);
  REQUIRE(::dup2(ends[1], 4) == 4);
  set("LISTEN_FDS", "2");
  set("LISTEN_PID", std::to_string(::getpid()));
  CHECK(take_inheritance().listening_fds == std::vector<int>{3, 4});
  CHECK((::fcntl(3, F_GETFD) & FD_CLOEXEC) != 0);
  CHECK(::getenv("LISTEN_PID") == nullptr);
  CHECK(::getenv("LISTEN_FDNAMES") == nullptr);
  CHECK(take_inheritance().listening_fds.empty());
}

TEST_CASE("inheritance: a supervisor's channel and failure") {
  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  set("FASTERAPI_SUPERVISOR", std::to_string(ends[1]));
  set("FASTERAPI_FAILURE", "what\nwent wrong");
  const inheritance made = take_inheritance();
  CHECK(made.supervisor.fd() == ends[1]);
  CHECK(made.failure == "what\nwent wrong");
  CHECK(::getenv("FASTERAPI_SUPERVISOR") == nullptr);
  ::close(ends[0]);
}

TEST_CASE("inheritance: what is malformed is said") {
  for (const char* text : {"x", "-1", "1x"}) {
    set("LISTEN_FDS", text);
    CHECK_THROWS_WITH(take_inheritance(), "LISTEN_FDS: \"" + std::string{text} + "\" is no number");
  }
  set("LISTEN_PID", std::to_string(::getpid()));
  set("LISTEN_FDS", "100000");
  CHECK_THROWS(take_inheritance());
}
