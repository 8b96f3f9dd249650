#pragma once

#include "observe/duration_histogram.hpp"

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fasterapi::observe {

using metric_labels = std::vector<std::pair<std::string_view, std::string_view>>;

/// A page in Prometheus' text format, version 0.0.4: families one after another, each with its
/// samples behind it.
class exposition {
public:
  static constexpr std::string_view content_type = "text/plain; version=0.0.4; charset=utf-8";

  /// HELP and TYPE of the samples that follow; `type` is "counter", "gauge" or "histogram".
  void family(std::string_view name, std::string_view type, std::string_view help);
  void sample(const metric_labels& labels, std::uint64_t value);
  void sample(const metric_labels& labels, double value);
  /// Buckets, _sum and _count; `counts` are those of each bucket alone, one more than `bounds`.
  void histogram(const metric_labels& labels, const std::vector<double>& bounds,
                 const std::vector<std::uint64_t>& counts, double sum);
  /// In seconds, with the bounds 1, 2.5 and 5 of each power of ten from `first` to 10 seconds.
  void histogram(const metric_labels& labels, const duration_totals& totals,
                 std::chrono::nanoseconds first);

  /// A family of one sample.
  template <class Value>
  void single(std::string_view name, std::string_view type, std::string_view help, Value value) {
    family(name, type, help);
    sample({}, value);
  }

  std::string&& text() && noexcept { return std::move(text_); }

private:
  void begin_sample(std::string_view suffix, const metric_labels& labels,
                    std::string_view last_name = {}, std::string_view last_value = {});
  void append_label(std::string_view name, std::string_view value, bool is_first);

  std::string name_;
  std::string text_;
};

/// As the format has it: the shortest text that reads back the same, "+Inf", "-Inf", "NaN".
std::string format_metric(double value);

} // namespace fasterapi::observe
