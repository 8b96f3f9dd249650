#pragma once

#include <arpa/inet.h>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <netinet/tcp.h>
#include <stdexcept>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace fasterapi::net::test {

/// A blocking connection to a local port; every read ends after five seconds at the latest.
class client {
public:
  explicit client(std::uint16_t port) : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const int on = 1; // messages are sent in pieces on purpose
    ::setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    const timeval limit{5, 0};
    ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    if (::connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
      throw std::runtime_error(std::strerror(errno));
    }
  }
  ~client() {
    if (fd_ >= 0) ::close(fd_);
  }
  client(const client&) = delete;
  client& operator=(const client&) = delete;

  void send(std::string_view bytes) {
    while (!bytes.empty()) {
      const auto sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) throw std::runtime_error(std::strerror(errno));
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
  }
  void half_close() { ::shutdown(fd_, SHUT_WR); }

  /// Reads one answer with Content-Length, or up to the last chunk; "" at the end of the stream.
  std::string read_answer() {
    while (true) {
      const auto head = received_.find("\r\n\r\n");
      if (head != std::string::npos) {
        const auto end = answer_end(head + 4);
        if (end <= received_.size()) {
          const std::string answer = received_.substr(0, end);
          received_.erase(0, end);
          return answer;
        }
      }
      if (!read_some()) return {};
    }
  }
  /// Up to the empty line.
  std::string read_head() {
    std::size_t end = 0;
    while ((end = received_.find("\r\n\r\n")) == std::string::npos && read_some()) {
    }
    return read_exactly(end == std::string::npos ? received_.size() : end + 4);
  }
  /// Everything until the server closes.
  std::string read_all() {
    while (read_some()) {
    }
    return std::move(received_);
  }

  /// So many bytes, or fewer at the end of the stream.
  std::string read_exactly(std::size_t size) {
    while (received_.size() < size && read_some()) {
    }
    const std::string bytes = received_.substr(0, size);
    received_.erase(0, size);
    return bytes;
  }
  /// True: the peer takes no more bytes now; what was taken of them counts in `sent`.
  bool send_would_block(std::string_view bytes, std::size_t& sent) {
    const auto count = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (count < 0) return errno == EAGAIN;
    sent += static_cast<std::size_t>(count);
    return false;
  }
  /// Ends the connection with a reset.
  void reset() {
    const linger now{1, 0};
    ::setsockopt(fd_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    ::shutdown(fd_, SHUT_RD);
    ::close(std::exchange(fd_, -1));
  }

private:
  std::size_t answer_end(std::size_t body) const {
    const auto length = received_.find("Content-Length: ");
    if (length < body) return body + std::stoul(received_.substr(length + 16, 20));
    if (received_.find("Transfer-Encoding: chunked") >= body) return body; // 1xx, 204
    const auto last = received_.find("0\r\n\r\n", body);
    return last == std::string::npos ? std::string::npos : last + 5;
  }

  bool read_some() {
    char bytes[4096];
    const auto count = ::recv(fd_, bytes, sizeof bytes, 0);
    if (count < 0 && errno == EAGAIN) throw std::runtime_error("no answer within five seconds");
    if (count <= 0) return false;
    received_.append(bytes, static_cast<std::size_t>(count));
    return true;
  }

  int fd_;
  std::string received_;
};

} // namespace fasterapi::net::test
