#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace fasterapi::routing {

/// Values of the Allow field (RFC 9110, section 10.2.1), made at start: one for each set of methods
/// that patterns have, alone or together where several match one path.
class allow_lists {
public:
  /// Bit of a method; throws std::invalid_argument when there are more than 32 of them.
  std::uint32_t bit_of(std::string_view method);
  /// A set that some pattern answers.
  void add(std::uint32_t methods);
  /// "GET, HEAD, OPTIONS" for a union of such sets; in alphabetical order. A union
  /// that was not foreseen gives them all.
  std::string_view text(std::uint32_t methods) const noexcept;
  std::string_view all() const noexcept;

private:
  std::string describe(std::uint32_t methods) const;

  std::vector<std::string> names_; // by bit
  std::map<std::uint32_t, std::string> texts_;
  std::uint32_t all_ = 0;
};

} // namespace fasterapi::routing
