#include "observe/app_metrics.hpp"

#include "observe/log.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace fasterapi::observe {

namespace {

using kind = metric_description::kind;

constexpr std::array<std::string_view, 3> kind_names{"counter", "gauge", "histogram"};

/// The bounds at 1, 2.5 and 5 of a power of ten, with the counts in between added up.
void leave_few(std::vector<double>& bounds, std::vector<std::uint64_t>& counts) {
  std::vector<double> few;
  std::vector<std::uint64_t> sums;
  std::uint64_t below = 0;
  for (std::size_t i = 0; i < bounds.size(); ++i) {
    below += counts[i];
    const double digits = bounds[i] / std::pow(10, std::floor(std::log10(bounds[i]) + 1e-9));
    const auto is_near = [&](double step) { return std::abs(digits - step) < 1e-6; };
    if (!is_near(1) && !is_near(2.5) && !is_near(5)) continue;
    few.push_back(bounds[i]);
    sums.push_back(std::exchange(below, 0));
  }
  sums.push_back(below + counts.back());
  bounds = std::move(few);
  counts = std::move(sums);
}

} // namespace

void metric_shard::record(double amount, const std::vector<double>& bounds) noexcept {
  const auto place = std::lower_bound(bounds.begin(), bounds.end(), amount) - bounds.begin();
  observe::add<std::uint64_t>(counts_[static_cast<std::size_t>(place)], 1);
  observe::add(sum_, amount);
}

metric_shard& metric_cell::add_shard() {
  const std::lock_guard lock{mutex_};
  return *shards_.emplace_back(std::make_unique<metric_shard>(description_.bounds));
}

metric_cell::totals metric_cell::read() const {
  totals sum;
  if (description_.what == kind::gauge) {
    sum.sum = gauge_.load(std::memory_order_relaxed);
    return sum;
  }
  sum.counts.resize(description_.bounds.size() + 1);
  const std::lock_guard lock{mutex_};
  for (const auto& each : shards_) {
    sum.sum += each->sum_.load(std::memory_order_relaxed);
    for (std::size_t i = 0; i < sum.counts.size(); ++i)
      sum.counts[i] += each->counts_[i].load(std::memory_order_relaxed);
  }
  return sum;
}

app_metrics::found app_metrics::find(const metric_description& described,
                                     const std::vector<std::string>& labels) {
  const std::lock_guard lock{mutex_};
  auto& here = families_[described.name];
  if (!here) {
    here = std::make_unique<family>();
    here->description = described;
  }
  if (here->description != described) return {nullptr, refusal::is_another, nullptr};
  auto& cell = here->cells[labels];
  if (cell) return {cell.get(), refusal::none, nullptr};
  if (here->cells.size() > most_label_sets_) {
    here->cells.erase(labels);
    if (!std::exchange(here->is_full, true))
      log(level::warning, "metrics",
          described.name + " has as many label sets as metrics.max_label_sets allows (" +
              std::to_string(most_label_sets_) + "): what has others is not counted");
    return {nullptr, refusal::too_many, &here->dropped};
  }
  cell = std::make_unique<metric_cell>(here->description, labels);
  return {cell.get(), refusal::none, nullptr};
}

void app_metrics::append_to(exposition& page) const {
  const std::lock_guard lock{mutex_};
  for (const auto& [name, each] : families_) append(page, *each);
  page.family("fasterapi_metrics_dropped_total", "counter",
              "What metrics of the app did not count, having too many label sets.");
  for (const auto& [name, each] : families_) {
    const auto dropped = each->dropped.load(std::memory_order_relaxed);
    if (dropped != 0) page.sample({{"metric", name}}, dropped);
  }
}

void app_metrics::append(exposition& page, const family& of) {
  const metric_description& described = of.description;
  page.family(described.name, kind_names[static_cast<std::size_t>(described.what)], described.help);
  for (const auto& [values, cell] : of.cells) {
    metric_labels labels;
    for (std::size_t i = 0; i < values.size(); ++i)
      labels.emplace_back(described.label_names[i], values[i]);
    auto totals = cell->read();
    if (described.what != kind::histogram) {
      page.sample(labels, totals.sum);
      continue;
    }
    auto bounds = described.bounds;
    if (described.shows_few) leave_few(bounds, totals.counts);
    page.histogram(labels, bounds, totals.counts, totals.sum);
  }
}

} // namespace fasterapi::observe
