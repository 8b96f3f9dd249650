#pragma once

#include <array>
#include <atomic>
#include <cstdint>

namespace fasterapi::observe {

/// What one reactor counts: written by its thread only (relaxed), read by any.
struct alignas(64) reactor_counters {
  std::atomic<std::uint64_t> connections_accepted{0};
  std::atomic<std::uint64_t> connections_open{0};
  std::atomic<std::uint64_t> requests{0};
  std::array<std::atomic<std::uint64_t>, 6> responses{}; // by status / 100
  std::atomic<std::uint64_t> malformed{0};               // 400 and other refusals by the parser
  std::atomic<std::uint64_t> queue_timeouts{0};          // 503
  std::atomic<std::uint64_t> handler_timeouts{0};        // 504
  std::atomic<std::uint64_t> timed_out{0};               // 408 and idle connections closed
};

/// Increments a counter that only this thread writes.
inline void add(std::atomic<std::uint64_t>& counter, std::uint64_t amount = 1) noexcept {
  counter.store(counter.load(std::memory_order_relaxed) + amount, std::memory_order_relaxed);
}

} // namespace fasterapi::observe
