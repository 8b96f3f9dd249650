#include "http/file_part.hpp"

#include <algorithm>
#include <sys/sendfile.h>
#include <unistd.h>

namespace fasterapi::http {

ssize_t file_part::send_to(int socket, std::size_t at_most) noexcept {
  auto offset = static_cast<off_t>(next_);
  const ssize_t sent = ::sendfile(socket, fd_, &offset, std::min<std::uint64_t>(at_most, size()));
  if (sent > 0) next_ += static_cast<std::uint64_t>(sent);
  return sent;
}

void file_part::close_file() noexcept {
  ::close(std::exchange(fd_, -1));
  next_ = end_ = 0;
}

} // namespace fasterapi::http
