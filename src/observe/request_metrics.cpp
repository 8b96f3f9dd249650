#include "observe/request_metrics.hpp"

namespace fasterapi::observe {

void request_counts::record(unsigned status, std::chrono::nanoseconds duration) noexcept {
  durations_.record(duration);
  for (std::size_t i = 0; i < most_statuses; ++i) {
    const unsigned here = statuses_[i].status.load(std::memory_order_relaxed);
    if (here == 0) statuses_[i].status.store(status, std::memory_order_relaxed);
    if (here == status || here == 0) return add<std::uint64_t>(statuses_[i].count, 1);
  }
  add<std::uint64_t>(statuses_.back().count, 1);
}

void request_totals::add(const request_counts& part) {
  durations.add(part.durations_);
  for (const auto& each : part.statuses_) {
    const auto count = each.count.load(std::memory_order_relaxed);
    if (count != 0) statuses[each.status.load(std::memory_order_relaxed)] += count;
  }
}

request_metrics::request_metrics(std::size_t slots, unsigned timed_every)
    : slots_(slots), timed_every_(timed_every), until_timed_(timed_every == 0 ? 0 : 1) {}

request_metrics::~request_metrics() {
  for (auto& each : slots_) delete each.load(std::memory_order_relaxed);
}

void request_metrics::count(std::size_t slot, unsigned status, std::chrono::nanoseconds duration) {
  auto* counts = slots_[slot].load(std::memory_order_relaxed);
  if (counts == nullptr) {
    counts = new request_counts;
    slots_[slot].store(counts, std::memory_order_release);
  }
  counts->record(status, duration);
}

void request_metrics::add_to(request_totals& totals, std::size_t slot) const {
  const auto* counts = slots_[slot].load(std::memory_order_acquire);
  if (counts != nullptr) totals.add(*counts);
}

} // namespace fasterapi::observe
