#pragma once

#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace fasterapi::http {

/// The pieces of a response head: first measured, then copied once to where the head goes. Views
/// must stay valid until then.
class head_pieces {
public:
  void add(std::string_view text) noexcept {
    pieces_[count_++] = {text.data(), text.size()};
    size_ += text.size();
  }
  /// At most two numbers per head: the status and the length.
  void add_number(std::uint64_t number) noexcept {
    char* const end = numbers_.data() + numbers_.size();
    const auto written = std::to_chars(number_, end, number);
    add({number_, static_cast<std::size_t>(written.ptr - number_)});
    number_ = written.ptr;
  }

  std::size_t size() const noexcept { return size_; }
  void copy_to(char* place) const noexcept {
    for (std::size_t i = 0; i != count_; ++i) {
      std::memcpy(place, pieces_[i].data, pieces_[i].size);
      place += pieces_[i].size;
    }
  }

  head_pieces() noexcept {} // the arrays stay uninitialised
  head_pieces(const head_pieces&) = delete;
  head_pieces& operator=(const head_pieces&) = delete;

private:
  struct piece {
    const char* data;
    std::size_t size;
  };

  std::array<piece, 16> pieces_;
  std::array<char, 48> numbers_;
  char* number_ = numbers_.data();
  std::size_t count_ = 0;
  std::size_t size_ = 0;
};

} // namespace fasterapi::http
