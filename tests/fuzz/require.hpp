#pragma once

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string_view>

namespace fasterapi::fuzz {

/// An invariant of a fuzz target: false ends the run, and libFuzzer keeps the input.
inline void require(bool holds, const char* claim) {
  if (holds) return;
  std::fprintf(stderr, "does not hold: %s\n", claim);
  std::abort();
}

/// Memory of exactly the text's size, so that AddressSanitizer sees a read behind it.
class exact_copy {
public:
  explicit exact_copy(std::string_view text) : bytes_(new char[text.size()]), size_(text.size()) {
    text.copy(bytes_.get(), text.size());
  }
  std::string_view view() const noexcept { return {bytes_.get(), size_}; }
  bool contains(std::string_view part) const noexcept {
    return part.data() >= bytes_.get() && part.data() + part.size() <= bytes_.get() + size_;
  }

private:
  std::unique_ptr<char[]> bytes_;
  std::size_t size_;
};

} // namespace fasterapi::fuzz
