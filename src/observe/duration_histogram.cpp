#include "observe/duration_histogram.hpp"

#include <numeric>

namespace fasterapi::observe {

namespace {

using durations::bound_count;
using durations::bounds;
using durations::steps;

double to_seconds(std::uint64_t nanoseconds) { return static_cast<double>(nanoseconds) / 1e9; }

bool is_shown(std::size_t bound) {
  const auto step = steps[bound % steps.size()];
  return step == 100 || step == 250 || step == 500;
}

} // namespace

void duration_totals::add(const duration_histogram& part) noexcept {
  for (std::size_t i = 0; i < counts_.size(); ++i)
    counts_[i] += part.counts_[i].load(std::memory_order_relaxed);
  nanoseconds_ += part.nanoseconds_.load(std::memory_order_relaxed);
}

std::uint64_t duration_totals::count() const noexcept {
  return std::accumulate(counts_.begin(), counts_.end(), std::uint64_t{0});
}

/// Between the bounds of a bucket its durations are taken as spread evenly.
double duration_totals::quantile(double share) const noexcept {
  const auto wanted = share * static_cast<double>(count());
  double seen = 0;
  for (std::size_t i = 0; i < bound_count; ++i) {
    const auto here = static_cast<double>(counts_[i]);
    if (here > 0 && seen + here >= wanted) {
      const double from = i == 0 ? 0 : to_seconds(bounds[i - 1]);
      return from + (to_seconds(bounds[i]) - from) * (wanted - seen) / here;
    }
    seen += here;
  }
  return counts_.back() == 0 ? 0 : to_seconds(bounds.back());
}

duration_totals::merged duration_totals::buckets(std::chrono::nanoseconds first,
                                                 std::chrono::nanoseconds last) const {
  merged made;
  std::uint64_t below = 0;
  for (std::size_t i = 0; i < bound_count; ++i) {
    below += counts_[i];
    const auto bound = static_cast<std::int64_t>(bounds[i]);
    if (bound < first.count() || bound > last.count() || !is_shown(i)) continue;
    made.bounds.push_back(to_seconds(bounds[i]));
    made.counts.push_back(below);
    below = 0;
  }
  made.counts.push_back(below + counts_.back());
  return made;
}

} // namespace fasterapi::observe
