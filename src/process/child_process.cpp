#include "process/child_process.hpp"

#include "process/variables.hpp"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>

namespace fasterapi::process {

namespace {

constexpr int out_of_the_way = 100;                 // above the descriptors that the child expects
constexpr std::size_t most_failure_bytes = 100'000; // of a variable: MAX_ARG_STRLEN

[[noreturn]] void fail(const char* what) {
  throw std::system_error{errno, std::generic_category(), what};
}

/// Descriptors where no dup2 of the child overwrites one that is still needed.
class moved_fds {
public:
  explicit moved_fds(const std::vector<int>& fds) {
    for (const int fd : fds) {
      moved_.push_back(::fcntl(fd, F_DUPFD_CLOEXEC, out_of_the_way));
      if (moved_.back() < 0) fail("fcntl");
    }
  }
  ~moved_fds() {
    for (const int fd : moved_) ::close(fd);
  }
  moved_fds(const moved_fds&) = delete;
  moved_fds& operator=(const moved_fds&) = delete;
  const std::vector<int>& get() const noexcept { return moved_; }

private:
  std::vector<int> moved_;
};

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> made;
  for (auto& each : texts) made.push_back(each.data());
  made.push_back(nullptr);
  return made;
}

std::vector<std::string> child_environment(const child_settings& settings) {
  std::vector<std::string> made;
  for (char** each = environ; *each != nullptr; ++each) made.emplace_back(*each);
  const auto count = settings.listening_fds.size();
  made.push_back(std::string{listen_fds_variable} + "=" + std::to_string(count));
  made.push_back(std::string{supervisor_variable} + "=" +
                 std::to_string(first_listening_fd + static_cast<int>(count)));
  if (!settings.failure.empty())
    made.push_back(std::string{failure_variable} + "=" +
                   settings.failure.substr(0, most_failure_bytes));
  made.push_back(std::string{listen_pid_variable} + "=" + std::string(20, '\0')); // by the child
  return made;
}

/// Between fork and exec, beside a log thread: only what is safe in a signal handler.
[[noreturn]] void become(const std::vector<int>& fds, char* const* arguments,
                         char* const* variables, char* listen_pid, pid_t parent) {
  ::prctl(PR_SET_PDEATHSIG, SIGTERM);
  if (::getppid() != parent) ::_exit(1);
  sigset_t none;
  sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  for (std::size_t i = 0; i < fds.size(); ++i)
    if (::dup2(fds[i], first_listening_fd + static_cast<int>(i)) < 0) ::_exit(1);
  char digits[20];
  int count = 0;
  for (pid_t left = ::getpid(); left != 0; left /= 10)
    digits[count++] = static_cast<char>('0' + left % 10);
  while (count != 0) *listen_pid++ = digits[--count];
  ::execve("/proc/self/exe", arguments, variables);
  ::_exit(1);
}

} // namespace

child_process::child_process(const child_settings& settings) {
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) fail("socketpair");
  channel_ = process::channel{ends[0]};
  const process::channel of_child{ends[1]};
  std::vector<int> fds = settings.listening_fds;
  fds.push_back(of_child.fd());
  const moved_fds moved{fds};
  std::vector<std::string> arguments = settings.arguments, variables = child_environment(settings);
  const auto argument_list = pointers(arguments), variable_list = pointers(variables);
  char* const listen_pid = variables.back().data() + std::strlen(listen_pid_variable) + 1;
  const pid_t parent = ::getpid();
  pid_ = ::fork();
  if (pid_ < 0) fail("fork");
  if (pid_ == 0)
    become(moved.get(), argument_list.data(), variable_list.data(), listen_pid, parent);
}

void child_process::end(std::chrono::milliseconds grace, bool is_told) noexcept {
  if (has_ended_) return;
  if (is_told && !is_ending()) ::kill(pid_, SIGTERM);
  const auto at = clock::now() + grace;
  kill_at_ = std::min(kill_at_.value_or(at), at);
}

void child_process::on_time(clock::time_point now) noexcept {
  if (!has_ended_ && kill_at_ && *kill_at_ <= now) ::kill(pid_, SIGKILL);
}

bool child_process::reap() noexcept {
  if (!has_ended_) has_ended_ = ::waitpid(pid_, &status_, WNOHANG) == pid_;
  return has_ended_;
}

std::string describe_status(int wait_status) {
  if (WIFSIGNALED(wait_status)) {
    const int number = WTERMSIG(wait_status);
    return "was ended by signal " + std::to_string(number) + " (" + ::strsignal(number) + ")";
  }
  return "ended with status " + std::to_string(WEXITSTATUS(wait_status));
}

} // namespace fasterapi::process
