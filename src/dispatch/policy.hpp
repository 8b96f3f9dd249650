#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace fasterapi::dispatch {

/// On which thread a handler runs (docs/dispatch.md, "The policies").
enum class policy : std::uint8_t {
  automatic, // the one that read the request, while it tends to be quick
  inlined,   // that one, however long it takes
  ring,      // one that serves no connections meanwhile
};

/// "auto", "inline", "ring"; no value for another word.
constexpr std::optional<policy> read_policy(std::string_view word) noexcept {
  if (word == "auto") return policy::automatic;
  if (word == "inline") return policy::inlined;
  if (word == "ring") return policy::ring;
  return {};
}

} // namespace fasterapi::dispatch
