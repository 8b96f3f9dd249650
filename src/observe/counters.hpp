#pragma once

#include "observe/duration_histogram.hpp"

#include <array>
#include <atomic>
#include <cstdint>

namespace fasterapi::observe {

/// Statuses of answers that the server gives by itself, because of a limit, a timeout or a
/// malformed request; 0 stands for any other.
inline constexpr std::array<unsigned, 12> refusals{0,   400, 408, 411, 413, 414,
                                                   417, 431, 501, 503, 504, 505};

/// What one reactor counts: written by its thread only (relaxed), read by any.
struct alignas(64) reactor_counters {
  std::atomic<std::uint64_t> connections_accepted{0};
  std::atomic<std::uint64_t> connections_open{0};
  std::array<std::atomic<std::uint64_t>, refusals.size()> refused{}; // by refusal_place(status)
  std::atomic<std::uint64_t> idle_closed{0};                         // timeouts.keep_alive
  std::atomic<std::uint64_t> accept_pauses{0}; // limits.max_connections, or no fd
};

constexpr std::size_t refusal_place(unsigned status) noexcept {
  for (std::size_t i = 1; i < refusals.size(); ++i) {
    if (refusals[i] == status) return i;
  }
  return 0;
}

/// Increments a counter that only this thread writes.
inline void add(std::atomic<std::uint64_t>& counter) noexcept { add<std::uint64_t>(counter, 1); }

} // namespace fasterapi::observe
