#pragma once

#include "observe/duration_histogram.hpp"
#include "observe/exposition.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace fasterapi::observe {

/// What an app says about a metric. The same name means the same metric in every interpreter.
struct metric_description {
  enum class kind : std::uint8_t { counter, gauge, histogram };

  std::string name;
  kind what = kind::counter;
  std::string help;
  std::vector<std::string> label_names;
  std::vector<double> bounds; // of a histogram, rising
  bool shows_few = false;     // of the bounds, those at 1, 2.5 and 5 of each power of ten

  bool operator==(const metric_description&) const = default;
};

/// One interpreter's part of a counter or histogram with its labels: one thread at a time writes,
/// any reads.
class metric_shard {
public:
  explicit metric_shard(const std::vector<double>& bounds) : counts_(bounds.size() + 1) {}

  void add(double amount) noexcept { observe::add(sum_, amount); }
  void record(double amount, const std::vector<double>& bounds) noexcept;

private:
  friend class metric_cell;
  std::atomic<double> sum_{0};
  std::vector<std::atomic<std::uint64_t>> counts_;
};

/// A metric with values for its labels, over all interpreters. It lives as long as its registry.
class metric_cell {
public:
  struct totals {
    double sum = 0; // the value of a counter or gauge
    std::vector<std::uint64_t> counts;
  };

  metric_cell(const metric_description& of, std::vector<std::string> labels)
      : description_{of}, labels_{std::move(labels)} {}

  const metric_description& description() const noexcept { return description_; }
  const std::vector<std::string>& labels() const noexcept { return labels_; }
  metric_shard& add_shard();
  std::atomic<double>& gauge() noexcept { return gauge_; } // one for all interpreters
  totals read() const;

private:
  const metric_description& description_;
  const std::vector<std::string> labels_;
  std::atomic<double> gauge_{0};
  mutable std::mutex mutex_; // of the list
  std::vector<std::unique_ptr<metric_shard>> shards_;
};

/// The metrics of the app in all its interpreters. Any thread; what is counted takes no lock.
class app_metrics {
public:
  /// Of each metric at most `most_label_sets` are told apart.
  explicit app_metrics(std::size_t most_label_sets) : most_label_sets_{most_label_sets} {}

  enum class refusal : std::uint8_t { none, is_another, too_many };
  struct found {
    metric_cell* cell = nullptr;
    refusal why = refusal::none;
    std::atomic<std::uint64_t>* dropped = nullptr; // counts what had too many label sets
  };
  found find(const metric_description& described, const std::vector<std::string>& labels);
  void append_to(exposition& page) const;

private:
  struct family {
    metric_description description;
    std::map<std::vector<std::string>, std::unique_ptr<metric_cell>> cells;
    std::atomic<std::uint64_t> dropped{0};
    bool is_full = false;
  };
  static void append(exposition& page, const family& of);

  const std::size_t most_label_sets_;
  mutable std::mutex mutex_;
  std::map<std::string, std::unique_ptr<family>, std::less<>> families_;
};

} // namespace fasterapi::observe
