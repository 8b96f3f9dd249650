#pragma once

#include <array>
#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <stdexcept>

namespace fasterapi::dispatch {

/// Which workers announced that they sleep: one bit each. Taking a bit away by remove() is the
/// right, and the duty, to ring that worker's bell. Sequentially consistent throughout: a worker
/// adds itself and then looks for work, others add work and then look for sleepers.
class sleeper_set {
  static constexpr unsigned bits = 64;

public:
  static constexpr unsigned max_workers = 1024;

  /// Throws std::length_error above max_workers.
  explicit sleeper_set(unsigned workers) : size_{(workers + bits - 1) / bits} {
    if (workers > max_workers) throw std::length_error("lane: too many workers");
  }

  void add(unsigned worker) noexcept { word(worker).fetch_or(bit(worker)); }
  /// True: it was in, and the caller is the one that took it out.
  bool remove(unsigned worker) noexcept {
    if ((word(worker).load() & bit(worker)) == 0) return false;
    return (word(worker).fetch_and(~bit(worker)) & bit(worker)) != 0;
  }
  bool any() const noexcept {
    for (std::size_t i = 0; i < size_; ++i) {
      if (words_[i].load() != 0) return true;
    }
    return false;
  }
  /// The lowest: a light load then stays on few warm workers.
  std::optional<unsigned> first() const noexcept {
    for (std::size_t i = 0; i < size_; ++i) {
      if (const auto word = words_[i].load(); word != 0) {
        return static_cast<unsigned>(i * bits) + static_cast<unsigned>(std::countr_zero(word));
      }
    }
    return std::nullopt;
  }
  unsigned count() const noexcept {
    unsigned sum = 0;
    for (std::size_t i = 0; i < size_; ++i) {
      sum += static_cast<unsigned>(std::popcount(words_[i].load(std::memory_order_relaxed)));
    }
    return sum;
  }

private:
  std::atomic<std::uint64_t>& word(unsigned worker) noexcept { return words_[worker / bits]; }
  static std::uint64_t bit(unsigned worker) noexcept { return std::uint64_t{1} << (worker % bits); }

  const std::size_t size_; // words in use
  std::array<std::atomic<std::uint64_t>, max_workers / bits> words_{};
};

} // namespace fasterapi::dispatch
