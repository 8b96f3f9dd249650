#pragma once

#include "routing/route_table.hpp"

#include <array>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

namespace fasterapi::routing {

/// The method of a route that serves every one which no other route of its place does.
inline constexpr std::string_view any_method = "*";

/// Routes of one shape of pattern, by method. HEAD is served by GET's route where it has none.
class endpoint {
public:
  const route* find(http::method verb, std::string_view method_text) const noexcept;
  /// The route registered for that very method.
  const route* at(std::string_view method) const noexcept;
  void set(const route& serving);

  /// Bits of the methods that it answers, as allow_lists numbers them.
  std::uint32_t methods = 0;

private:
  const route* find_other(http::method verb, std::string_view method_text) const noexcept;

  std::array<const route*, http::method_count> known_{};
  std::vector<const route*> others_; // methods that http::method does not name
  const route* any_ = nullptr;       // of any_method
};

} // namespace fasterapi::routing
