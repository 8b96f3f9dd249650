#include "process/inheritance.hpp"

#include "process/variables.hpp"

#include <charconv>
#include <cstdlib>
#include <fcntl.h>
#include <optional>
#include <stdexcept>
#include <unistd.h>

namespace fasterapi::process {

namespace {

std::string take_variable(const char* name) {
  const char* found = ::getenv(name);
  std::string text = found == nullptr ? "" : found;
  ::unsetenv(name);
  return text;
}

std::optional<int> take_number(const char* name) {
  const std::string text = take_variable(name);
  if (text.empty()) return std::nullopt;
  int number = -1;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size() || number < 0)
    throw std::runtime_error(std::string{name} + ": \"" + text + "\" is no number");
  return number;
}

int keep(int fd, const char* variable) {
  if (::fcntl(fd, F_SETFD, FD_CLOEXEC) != 0)
    throw std::runtime_error(std::string{variable} + ": descriptor " + std::to_string(fd) +
                             " is not open");
  return fd;
}

} // namespace

inheritance take_inheritance() {
  inheritance made;
  const auto meant_for = take_number(listen_pid_variable);
  const auto count = take_number(listen_fds_variable);
  ::unsetenv("LISTEN_FDNAMES");
  if (count && meant_for == ::getpid()) {
    for (int fd = first_listening_fd; fd < first_listening_fd + *count; ++fd)
      made.listening_fds.push_back(keep(fd, listen_fds_variable));
  }
  if (const auto fd = take_number(supervisor_variable))
    made.supervisor = channel{keep(*fd, supervisor_variable)};
  made.failure = take_variable(failure_variable);
  return made;
}

} // namespace fasterapi::process
