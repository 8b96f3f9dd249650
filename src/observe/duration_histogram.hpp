#pragma once

#include <array>
#include <atomic>
#include <bit>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace fasterapi::observe {

/// Adds to what one thread at a time writes and any reads: no locked instruction.
template <class Number>
void add(std::atomic<Number>& counter, Number amount) noexcept {
  counter.store(counter.load(std::memory_order_relaxed) + amount, std::memory_order_relaxed);
}

namespace durations {

// Ten steps for each power of ten (the preferred numbers R10 of ISO 3), from 100 ns to 100 s: two
// neighbours differ by a quarter, and 1, 2.5 and 5 are among them.
inline constexpr std::array<std::uint64_t, 10> steps{100, 125, 160, 200, 250,
                                                     315, 400, 500, 630, 800};
inline constexpr std::size_t decades = 9;
inline constexpr std::size_t bound_count = decades * steps.size() + 1;
inline constexpr auto bounds = [] {
  std::array<std::uint64_t, bound_count> made{};
  std::uint64_t scale = 1;
  for (std::size_t i = 0; i < bound_count; ++i) {
    made[i] = steps[i % steps.size()] * scale;
    if (i % steps.size() == steps.size() - 1) scale *= 10;
  }
  return made;
}();
/// The first bound that a number of so many bits may stay within.
inline constexpr auto first_bound = [] {
  std::array<std::uint8_t, 65> made{};
  for (std::size_t bits = 0; bits < made.size(); ++bits) {
    std::size_t i = 0;
    const std::uint64_t least = bits == 0 ? 0 : std::uint64_t{1} << (bits - 1);
    while (i < bound_count && bounds[i] < least) ++i;
    made[bits] = static_cast<std::uint8_t>(i);
  }
  return made;
}();

/// Which bucket: the first whose bound is not exceeded; bound_count: none of them.
constexpr std::size_t bucket_of(std::uint64_t nanoseconds) noexcept {
  std::size_t i = first_bound[std::bit_width(nanoseconds)];
  while (i < bound_count && nanoseconds > bounds[i]) ++i;
  return i;
}

} // namespace durations

/// How long something took, by size. One thread at a time records; any merges, see duration_totals.
class duration_histogram {
public:
  void record(std::chrono::nanoseconds duration) noexcept {
    const auto length = duration.count() > 0 ? static_cast<std::uint64_t>(duration.count()) : 0;
    add<std::uint64_t>(counts_[durations::bucket_of(length)], 1);
    add(nanoseconds_, length);
  }

private:
  friend class duration_totals;

  std::array<std::atomic<std::uint64_t>, durations::bound_count + 1> counts_{};
  std::atomic<std::uint64_t> nanoseconds_{0};
};

/// The sum of some histograms, as they were about now.
class duration_totals {
public:
  void add(const duration_histogram& part) noexcept;

  std::uint64_t count() const noexcept;
  double seconds() const noexcept { return static_cast<double>(nanoseconds_) / 1e9; }
  /// What `share` (0 to 1) of them stayed within, in seconds, to about a tenth; 0 without any.
  double quantile(double share) const noexcept;

  struct merged {
    std::vector<double> bounds;        // in seconds
    std::vector<std::uint64_t> counts; // of each alone; one more than bounds
  };
  /// In fewer buckets: 1, 2.5 and 5 of each power of ten between these two, both included.
  merged buckets(std::chrono::nanoseconds first, std::chrono::nanoseconds last) const;

private:
  std::array<std::uint64_t, durations::bound_count + 1> counts_{};
  std::uint64_t nanoseconds_ = 0;
};

} // namespace fasterapi::observe
