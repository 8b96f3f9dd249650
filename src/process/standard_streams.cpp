#include "process/standard_streams.hpp"

#include <fcntl.h>
#include <unistd.h>

namespace fasterapi::process {

void open_standard_streams() noexcept {
  for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; ++fd) {
    if (::fcntl(fd, F_GETFD) < 0)
      ::open("/dev/null", O_RDWR); // gets the lowest number, which is fd
  }
}

} // namespace fasterapi::process
