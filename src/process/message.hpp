#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace fasterapi::process {

/// What a supervisor and a process of its say to each other, over a Unix stream socket: one byte
/// that says which, the text's length in four bytes of the machine's order, the text.
struct message {
  enum class kind : std::uint8_t {
    loaded = 'L', // by the process: it is ready to serve; the files that it was made of, in lines
    failed = 'F', // by the process: it ends; why, for people
    files = 'f',  // by the process, before failed: the files that it tried, in lines
    serve = 'S',  // to the process: accept connections
    closed = 'C', // by the process: it accepts no more, and drains
  };
  kind what = kind::loaded;
  std::string text;
};

/// One end of it. Owns the descriptor.
class channel {
public:
  channel() = default;
  explicit channel(int fd) noexcept : fd_(fd) {}
  ~channel() { close(); }
  channel(channel&& other) noexcept;
  channel& operator=(channel&& other) noexcept;

  int fd() const noexcept { return fd_; }
  bool is_open() const noexcept { return fd_ >= 0; }
  void close() noexcept;

  /// Blocks until it is sent; false where nobody is there.
  bool send(message::kind what, std::string_view text = {});
  /// Takes in what has arrived; false at the end of the other side. Does not block.
  bool receive();
  /// The next whole message of those, if there is one.
  std::optional<message> take();
  /// Waits for the next message; none where the other side has ended.
  std::optional<message> wait();

private:
  bool receive_some(int flags);

  int fd_ = -1;
  std::string received_;
};

} // namespace fasterapi::process
