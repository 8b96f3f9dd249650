#include "observe/exposition.hpp"

#include <array>
#include <charconv>
#include <cmath>

namespace fasterapi::observe {

namespace {

void append_escaped(std::string& to, std::string_view text, bool is_quoted) {
  for (const char each : text) {
    if (each == '\n') {
      to += "\\n";
    } else {
      if (each == '\\' || (is_quoted && each == '"')) to += '\\';
      to += each;
    }
  }
}

} // namespace

std::string format_metric(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "+Inf" : "-Inf";
  std::array<char, 32> text;
  const auto end = std::to_chars(text.begin(), text.end(), value).ptr;
  return {text.begin(), end};
}

void exposition::family(std::string_view name, std::string_view type, std::string_view help) {
  name_ = name;
  text_.append("# HELP ").append(name).append(" ");
  append_escaped(text_, help, false);
  text_.append("\n# TYPE ").append(name).append(" ").append(type).append("\n");
}

void exposition::sample(const metric_labels& labels, std::uint64_t value) {
  begin_sample({}, labels);
  text_.append(std::to_string(value)).append("\n");
}

void exposition::sample(const metric_labels& labels, double value) {
  begin_sample({}, labels);
  text_.append(format_metric(value)).append("\n");
}

void exposition::histogram(const metric_labels& labels, const std::vector<double>& bounds,
                           const std::vector<std::uint64_t>& counts, double sum) {
  std::uint64_t below = 0;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    below += counts[i];
    begin_sample("_bucket", labels, "le", i < bounds.size() ? format_metric(bounds[i]) : "+Inf");
    text_.append(std::to_string(below)).append("\n");
  }
  begin_sample("_sum", labels);
  text_.append(format_metric(sum)).append("\n");
  begin_sample("_count", labels);
  text_.append(std::to_string(below)).append("\n");
}

void exposition::histogram(const metric_labels& labels, const duration_totals& totals,
                           std::chrono::nanoseconds first) {
  const auto merged = totals.buckets(first, std::chrono::seconds{10});
  histogram(labels, merged.bounds, merged.counts, totals.seconds());
}

void exposition::begin_sample(std::string_view suffix, const metric_labels& labels,
                              std::string_view last_name, std::string_view last_value) {
  text_.append(name_).append(suffix);
  bool is_first = true;
  for (const auto& [name, value] : labels)
    append_label(name, value, std::exchange(is_first, false));
  if (!last_name.empty()) append_label(last_name, last_value, std::exchange(is_first, false));
  text_ += is_first ? " " : "} ";
}

void exposition::append_label(std::string_view name, std::string_view value, bool is_first) {
  text_.append(is_first ? "{" : ",").append(name).append("=\"");
  append_escaped(text_, value, true);
  text_ += '"';
}

} // namespace fasterapi::observe
