// The least that a server can do: an epoll loop that answers each "\r\n\r\n" it receives with one
// static response. No parser, no routes. `bare_loop FD THREADS` serves the listening socket FD,
// beside so many threads that sleep for good: with any, the kernel counts references to descriptors
// in each call.

#include <array>
#include <cstdlib>
#include <string>
#include <string_view>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

namespace {

constexpr std::string_view answer =
    "HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-length: 13\r\n\r\nHello, World!";

void watch(int epoll, int fd) {
  epoll_event of{};
  of.events = EPOLLIN;
  of.data.fd = fd;
  ::epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &of);
}

void serve(int fd) {
  std::array<char, 16384> into;
  const ssize_t size = ::recv(fd, into.data(), into.size(), 0);
  if (size <= 0) {
    ::close(fd);
    return;
  }
  const std::string_view requests{into.data(), static_cast<std::size_t>(size)};
  std::string out;
  for (auto end = requests.find("\r\n\r\n"); end != std::string_view::npos;
       end = requests.find("\r\n\r\n", end + 4))
    out += answer;
  if (::send(fd, out.data(), out.size(), MSG_NOSIGNAL) < 0) ::close(fd);
}

} // namespace

int main(int count, char** arguments) {
  if (count != 3) return 2;
  const int listening = std::atoi(arguments[1]);
  for (int left = std::atoi(arguments[2]); left > 0; --left)
    std::thread{[] { ::pause(); }}.detach();
  const int epoll = ::epoll_create1(EPOLL_CLOEXEC);
  watch(epoll, listening);
  std::array<epoll_event, 256> ready;
  for (;;) {
    const int found = ::epoll_wait(epoll, ready.data(), int{ready.size()}, -1);
    for (int i = 0; i < found; ++i) {
      const int fd = ready[static_cast<std::size_t>(i)].data.fd;
      if (fd != listening)
        serve(fd);
      else if (const int accepted = ::accept4(fd, nullptr, nullptr, SOCK_NONBLOCK); accepted >= 0)
        watch(epoll, accepted);
    }
  }
}
