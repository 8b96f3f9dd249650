#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string_view>

namespace fasterapi::http {

/// A flat byte queue: written at the end, consumed at the front, in one piece of memory.
///
/// Reading never moves bytes; only prepare() may, when the tail has no room, so views into the
/// buffer stay valid until the next prepare() or release(). Every allocation has `padding` further
/// bytes behind its end that may be read (not written): parsers that read in wide steps rely on it.
/// Not thread-safe; it has one owner at a time.
class byte_buffer {
public:
  static constexpr std::size_t padding = 64;

  byte_buffer() = default;
  byte_buffer(byte_buffer&&) = default;
  byte_buffer& operator=(byte_buffer&&) = default;

  const char* data() const noexcept { return storage_.get() + begin_; }
  char* data() noexcept { return storage_.get() + begin_; }
  std::size_t size() const noexcept { return end_ - begin_; }
  bool empty() const noexcept { return begin_ == end_; }
  std::size_t capacity() const noexcept { return capacity_; }
  std::size_t room() const noexcept { return capacity_ - end_; }
  std::string_view view() const noexcept { return {data(), size()}; }

  /// Room for `size` more bytes behind the last one; compacts or grows. Invalidates views.
  char* prepare(std::size_t size) {
    if (room() < size) make_room(size);
    return storage_.get() + end_;
  }
  /// Where the next byte goes, without making room.
  char* tail() noexcept { return storage_.get() + end_; }
  void commit(std::size_t size) noexcept { end_ += size; }
  void append(std::string_view bytes) {
    if (bytes.empty()) return;
    std::memcpy(prepare(bytes.size()), bytes.data(), bytes.size());
    commit(bytes.size());
  }
  /// Drops `size` bytes at the front.
  void consume(std::size_t size) noexcept {
    begin_ += size;
    if (begin_ == end_) begin_ = end_ = 0;
  }
  /// Drops `size` bytes at the end.
  void shrink(std::size_t size) noexcept { end_ -= size; }
  void clear() noexcept { begin_ = end_ = 0; }
  /// Gives the memory back to the allocator.
  void release() noexcept {
    storage_.reset();
    begin_ = end_ = capacity_ = 0;
  }

private:
  void make_room(std::size_t size);

  std::unique_ptr<char[]> storage_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  std::size_t capacity_ = 0; // without the padding
};

} // namespace fasterapi::http
