#include "process/signals.hpp"

#include <cerrno>
#include <csignal>
#include <sys/signalfd.h>
#include <system_error>
#include <unistd.h>

namespace fasterapi::process {

namespace {

sigset_t wanted() {
  sigset_t made;
  sigemptyset(&made);
  for (const int number : {SIGTERM, SIGINT, SIGCHLD}) sigaddset(&made, number);
  if (!is_ignored(SIGHUP)) sigaddset(&made, SIGHUP);
  return made;
}

} // namespace

bool is_ignored(int number) noexcept {
  struct sigaction now {};
  return ::sigaction(number, nullptr, &now) == 0 && now.sa_handler == SIG_IGN;
}

signals::signals() {
  const sigset_t set = wanted();
  ::sigprocmask(SIG_BLOCK, &set, nullptr);
  fd_ = ::signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
  if (fd_ < 0) throw std::system_error{errno, std::generic_category(), "signalfd"};
}

signals::~signals() {
  ::close(fd_);
  const sigset_t set = wanted();
  ::sigprocmask(SIG_UNBLOCK, &set, nullptr);
}

std::optional<signals::received> signals::take() noexcept {
  signalfd_siginfo info{};
  if (::read(fd_, &info, sizeof info) != sizeof info) return std::nullopt;
  return received{static_cast<int>(info.ssi_signo), info.ssi_code == SI_KERNEL};
}

} // namespace fasterapi::process
