#include "http/byte_buffer.hpp"

#include <algorithm>

namespace fasterapi::http {

void byte_buffer::make_room(std::size_t size) {
  const std::size_t used = end_ - begin_;
  if (capacity_ - used >= size && begin_ >= used) { // cheap: the halves do not overlap
    std::memcpy(storage_.get(), storage_.get() + begin_, used);
  } else {
    const std::size_t wanted = std::max({used + size, capacity_ * 2, std::size_t{512}});
    std::unique_ptr<char[]> grown{new char[wanted + padding]}; // uninitialised on purpose
    if (used != 0) std::memcpy(grown.get(), storage_.get() + begin_, used);
    storage_ = std::move(grown);
    capacity_ = wanted;
  }
  begin_ = 0;
  end_ = used;
}

} // namespace fasterapi::http
