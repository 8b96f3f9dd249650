#include "process/stop_signal.hpp"

#include <catch2/catch_test_macros.hpp>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <vector>

using fasterapi::process::stop_signal;

namespace {

constexpr int goes_on = 7;

/// The exit status of a process that gets these signals, one after another.
int status_after(const std::vector<int>& numbers) {
  std::fflush(nullptr); // or the child has it as well
  const pid_t child = ::fork();
  if (child == 0) {
    const stop_signal stop;
    for (const int number : numbers) ::raise(number);
    ::_exit(goes_on);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

void (*handler_of(int number))(int) {
  struct sigaction now {};
  ::sigaction(number, nullptr, &now);
  return now.sa_handler;
}

} // namespace

TEST_CASE("stop_signal: the first signal is noted, and ends every wait from then on") {
  for (const int number : {SIGTERM, SIGINT, SIGHUP}) {
    stop_signal stop; // which knows nothing of the one before
    CHECK(stop.received() == 0);
    ::raise(number);
    CHECK(stop.received() == number);
    CHECK(stop.wait() == number);
    CHECK(stop.wait() == number);
  }
}

TEST_CASE("stop_signal: the first of two signals is what was received") {
  stop_signal stop;
  ::raise(SIGTERM);
  ::raise(SIGHUP);
  CHECK(stop.wait() == SIGTERM);
}

TEST_CASE("stop_signal: a second signal ends the process at once, but for SIGHUP") {
  CHECK(status_after({SIGTERM}) == goes_on);
  CHECK(status_after({SIGTERM, SIGTERM}) == 128 + SIGTERM);
  CHECK(status_after({SIGTERM, SIGINT}) == 128 + SIGINT);
  CHECK(status_after({SIGHUP, SIGTERM}) == 128 + SIGTERM);
  CHECK(status_after({SIGTERM, SIGHUP}) == goes_on);
  CHECK(status_after({SIGHUP, SIGHUP}) == goes_on);
}

TEST_CASE("stop_signal: SIGHUP stays ignored where it was") {
  auto* const before = std::signal(SIGHUP, SIG_IGN);
  {
    const stop_signal stop;
    ::raise(SIGHUP);
    CHECK(stop.received() == 0);
  }
  CHECK(handler_of(SIGHUP) == SIG_IGN);
  std::signal(SIGHUP, before);
}

TEST_CASE("stop_signal: the handlers go with it; who writes to nobody is not ended") {
  {
    const stop_signal stop;
    CHECK(handler_of(SIGTERM) != SIG_DFL);
    int ends[2];
    REQUIRE(::pipe(ends) == 0);
    ::close(ends[0]);
    CHECK(::write(ends[1], "x", 1) == -1);
    CHECK(errno == EPIPE);
    ::close(ends[1]);
  }
  for (const int number : {SIGTERM, SIGINT, SIGHUP}) CHECK(handler_of(number) == SIG_DFL);
}

TEST_CASE("stop_signal: no nudge is lost, whoever gives it") {
  constexpr unsigned nudges = 2000;
  stop_signal stop;
  std::atomic<unsigned> told{0};
  std::vector<std::thread> tellers;
  for (int i = 0; i < 3; ++i) {
    tellers.emplace_back([&] {
      for (unsigned n = 0; n < nudges; ++n) {
        told.fetch_add(1);
        stop.nudge();
      }
    });
  }
  for (unsigned heard = 0; heard < 3 * nudges; heard += told.exchange(0)) CHECK(stop.wait() == 0);
  for (auto& each : tellers) each.join();
}

TEST_CASE("stop_signal: a signal that another thread takes ends the wait") {
  stop_signal stop;
  std::thread other{[] { ::raise(SIGTERM); }};
  CHECK(stop.wait() == SIGTERM);
  other.join();
}
