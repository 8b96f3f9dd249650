#include "net/ready_set.hpp"

#include <cerrno>
#include <system_error>
#include <utility>

namespace fasterapi::net {

namespace {

int checked(int result, const char* call) {
  if (result < 0) throw std::system_error{errno, std::generic_category(), call};
  return result;
}

} // namespace

ready_set::ready_set(boost::asio::io_context& context)
    : epoll_(context, checked(::epoll_create1(EPOLL_CLOEXEC), "epoll_create1")) {}

void ready_set::add(int fd, void* owner) {
  epoll_event of{};
  of.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLPRI | EPOLLET;
  of.data.ptr = owner;
  checked(::epoll_ctl(epoll_.native_handle(), EPOLL_CTL_ADD, fd, &of), "epoll_ctl");
}

void ready_set::remove(int fd) noexcept {
  epoll_event ignored{};
  ::epoll_ctl(epoll_.native_handle(), EPOLL_CTL_DEL, fd, &ignored);
}

std::size_t ready_set::poll() noexcept {
  const int count = ::epoll_wait(epoll_.native_handle(), events_.data(), int{most_at_once}, 0);
  return count > 0 ? static_cast<std::size_t>(count) : 0;
}

void ready_set::arm() {
  if (std::exchange(is_armed_, true)) return;
  epoll_.async_wait(boost::asio::posix::descriptor_base::wait_read,
                    [this](const boost::system::error_code&) { is_armed_ = false; });
}

} // namespace fasterapi::net
