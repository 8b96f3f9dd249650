#include "process/stop_signal.hpp"

#include "process/signals.hpp"

#include <atomic>
#include <cerrno>
#include <csignal>
#include <sys/eventfd.h>
#include <system_error>
#include <unistd.h>

namespace fasterapi::process {

namespace {

// A signal handler reaches globals only.
std::atomic<int> first_signal{0};
std::atomic<int> event{-1};

void ring() {
  const eventfd_t one = 1;
  [[maybe_unused]] const auto written = ::write(event.load(), &one, sizeof one);
}

extern "C" void note_signal(int number) {
  const int saved_errno = errno;
  int none = 0;
  if (!first_signal.compare_exchange_strong(none, number) && number != SIGHUP)
    ::_exit(128 + number);
  ring();
  errno = saved_errno;
}

void handle(int number, void (*handler)(int)) {
  struct sigaction action {};
  action.sa_handler = handler;
  action.sa_flags = SA_RESTART;
  sigemptyset(&action.sa_mask);
  if (::sigaction(number, &action, nullptr) != 0) {
    throw std::system_error{errno, std::generic_category(), "sigaction"};
  }
}

} // namespace

stop_signal::stop_signal() {
  event = ::eventfd(0, EFD_CLOEXEC);
  if (event < 0) throw std::system_error{errno, std::generic_category(), "eventfd"};
  first_signal = 0;
  handle(SIGPIPE, SIG_IGN);
  handle(SIGTERM, note_signal);
  handle(SIGINT, note_signal);
  has_hangup_ = !is_ignored(SIGHUP);
  if (has_hangup_) handle(SIGHUP, note_signal);
}

stop_signal::~stop_signal() {
  handle(SIGTERM, SIG_DFL);
  handle(SIGINT, SIG_DFL);
  if (has_hangup_) handle(SIGHUP, SIG_DFL);
  ::close(event.exchange(-1));
}

int stop_signal::received() const noexcept { return first_signal.load(); }

int stop_signal::wait() noexcept {
  if (received() != 0) return received();
  eventfd_t count = 0;
  while (::read(event.load(), &count, sizeof count) < 0 && errno == EINTR) {
  }
  return received();
}

void stop_signal::nudge() noexcept { ring(); }

} // namespace fasterapi::process
