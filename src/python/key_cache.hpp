#pragma once

#include "python/py_ref.hpp"

#include <array>
#include <cstddef>
#include <string_view>

namespace fasterapi::python {

/// Keys of JSON objects come again and again: a direct-mapped cache of their str objects, whose
/// hash is computed already. Holds at most 256 short keys whatever clients send. Belongs to one
/// interpreter.
class key_cache {
public:
  /// The str of a key in UTF-8; null with a Python exception set.
  py_ref get(std::string_view key);
  void clear() noexcept;

private:
  static constexpr std::size_t slot_count = 256;
  static constexpr std::size_t longest_bytes = 64;

  std::array<py_ref, slot_count> slots_;
};

} // namespace fasterapi::python
