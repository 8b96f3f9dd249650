#include "observe/batch_metrics.hpp"

#include <algorithm>

namespace fasterapi::observe {

namespace {

template <class Counts, class Bounds>
void count(Counts& into, const Bounds& bounds, double value) noexcept {
  const auto place = std::lower_bound(bounds.begin(), bounds.end(), value) - bounds.begin();
  add<std::uint64_t>(into[static_cast<std::size_t>(place)], 1);
}

template <class Counts>
void merge(std::vector<std::uint64_t>& into, const Counts& counts) {
  for (std::size_t i = 0; i < into.size(); ++i)
    into[i] += counts[i].load(std::memory_order_relaxed);
}

} // namespace

void batch_counts::record(std::size_t size, std::size_t most,
                          std::chrono::nanoseconds wait) noexcept {
  const double fill = static_cast<double>(size) / static_cast<double>(most);
  count(sizes, size_bounds, static_cast<double>(size));
  count(fills, fill_bounds, fill);
  observe::add<std::uint64_t>(requests, size);
  observe::add(filled, fill);
  waits.record(wait);
}

void batch_totals::add(const batch_counts& part) {
  merge(sizes, part.sizes);
  merge(fills, part.fills);
  requests += part.requests.load(std::memory_order_relaxed);
  filled += part.filled.load(std::memory_order_relaxed);
  waits.add(part.waits);
}

void batch_metrics::start(std::size_t handlers) {
  counts_ = std::make_unique<batch_counts[]>(handlers);
  handlers_.store(handlers, std::memory_order_release);
}

batch_counts& batch_metrics::of_route(std::string_view route) {
  const std::scoped_lock lock{mutex_};
  const auto found = by_route_.find(route);
  return found != by_route_.end() ? found->second : by_route_[std::string{route}];
}

void batch_metrics::add_to(batch_totals& totals, std::size_t handler) const {
  if (handler < handlers_.load(std::memory_order_acquire)) totals.add(counts_[handler]);
}

void batch_metrics::add_routes_to(std::map<std::string, batch_totals>& totals) const {
  const std::scoped_lock lock{mutex_};
  for (const auto& [route, counts] : by_route_) totals[route].add(counts);
}

} // namespace fasterapi::observe
