#include "config/value.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <type_traits>

namespace fasterapi::config {
namespace {

struct unit {
  std::string_view suffix;
  std::uint64_t factor;
};
constexpr std::uint64_t kibi = 1024;
constexpr std::array size_units{
    unit{"", 1},
    unit{"b", 1},
    unit{"k", kibi},
    unit{"kib", kibi},
    unit{"kb", 1000},
    unit{"m", kibi* kibi},
    unit{"mib", kibi* kibi},
    unit{"mb", 1'000'000},
    unit{"g", kibi* kibi* kibi},
    unit{"gib", kibi* kibi* kibi},
    unit{"gb", 1'000'000'000},
};
constexpr std::array duration_units{unit{"", 1000}, unit{"ms", 1}, unit{"s", 1000},
                                    unit{"m", 60'000}, unit{"h", 3'600'000}};

std::string lower(std::string_view text) {
  std::string made{text};
  for (char& c : made)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return made;
}

template <typename Units>
std::optional<std::uint64_t> factor(const Units& units, std::string_view suffix) {
  while (!suffix.empty() && suffix.front() == ' ') suffix.remove_prefix(1);
  for (const unit& each : units)
    if (each.suffix == suffix) return each.factor;
  return std::nullopt;
}

/// The number at the start of `text`, which then holds the rest. A sign or a word is no number.
template <typename Number>
std::optional<Number> take_number(std::string_view& text) {
  Number value{};
  if (text.empty() || text.front() < '0' || text.front() > '9') return std::nullopt;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{}) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return value;
}

std::optional<std::uint64_t> parse_integer(std::string_view text) {
  const auto value = take_number<std::uint64_t>(text);
  return text.empty() ? value : std::nullopt;
}

template <typename Number>
bool store(std::optional<Number> value, const key& target, auto& into) {
  if (!value || *value < target.least || *value > target.most) return false;
  into = static_cast<std::remove_reference_t<decltype(into)>>(*value);
  return true;
}

bool is_allowed(const key& target, std::string_view text) {
  if (text.size() > target.most || text.find('\0') != text.npos) return false;
  if (target.is_valid && !text.empty() && !target.is_valid(text)) return false;
  return target.choices.empty() ||
         std::find(target.choices.begin(), target.choices.end(), text) != target.choices.end();
}

struct assignment {
  const key& target;
  std::string_view text;
  settings& into;

  bool operator()(std::string& (*get)(settings&)) const {
    if (!is_allowed(target, text)) return false;
    get(into) = text;
    return true;
  }
  bool operator()(std::vector<std::string>& (*get)(settings&)) const {
    if (text.empty() || !is_allowed(target, text)) return false;
    get(into).emplace_back(text);
    return true;
  }
  bool operator()(bool& (*get)(settings&)) const {
    const auto value = parse_boolean(text);
    if (value) get(into) = *value;
    return value.has_value();
  }
  bool operator()(std::chrono::milliseconds& (*get)(settings&)) const {
    const auto value = parse_duration(text);
    if (!value) return false;
    return store(std::optional{static_cast<std::uint64_t>(value->count())}, target, get(into));
  }
  template <typename Integer>
  bool operator()(Integer& (*get)(settings&)) const {
    return store(target.is_size ? parse_size(text) : parse_integer(text), target, get(into));
  }
};

std::string milliseconds(std::uint64_t count) {
  if (count == 0) return "0";
  return count % 1000 == 0 ? std::to_string(count / 1000) + " s" : std::to_string(count) + " ms";
}

std::string seconds(std::chrono::milliseconds value) {
  std::string made = std::to_string(value.count() / 1000);
  if (value.count() % 1000 == 0) return made;
  made += "." + std::to_string(1000 + value.count() % 1000).substr(1);
  return made.substr(0, made.find_last_not_of('0') + 1);
}

struct json_of_member {
  settings& from;

  std::string operator()(std::string& (*get)(settings&)) const { return quote(get(from)); }
  std::string operator()(bool& (*get)(settings&)) const { return get(from) ? "true" : "false"; }
  std::string operator()(std::chrono::milliseconds& (*get)(settings&)) const {
    return seconds(get(from));
  }
  std::string operator()(std::vector<std::string>& (*get)(settings&)) const {
    std::string made;
    for (const auto& each : get(from)) made += (made.empty() ? "" : ", ") + quote(each);
    return "[" + made + "]";
  }
  template <typename Integer>
  std::string operator()(Integer& (*get)(settings&)) const {
    return std::to_string(get(from));
  }
};

} // namespace

std::optional<std::uint64_t> parse_size(std::string_view text) {
  const auto count = take_number<std::uint64_t>(text);
  const auto times = factor(size_units, lower(text));
  std::uint64_t product = 0;
  if (!count || !times || __builtin_mul_overflow(*count, *times, &product)) return std::nullopt;
  return product;
}

std::optional<std::chrono::milliseconds> parse_duration(std::string_view text) {
  const auto count = take_number<double>(text);
  const auto times = factor(duration_units, text);
  if (!count || !times) return std::nullopt;
  const double value = *count * static_cast<double>(*times);
  if (!(value < 1e15)) return std::nullopt; // far beyond any range, within an int64
  return std::chrono::milliseconds{std::llround(value)};
}

std::optional<bool> parse_boolean(std::string_view text) {
  const std::string word = lower(text);
  if (word == "true" || word == "yes" || word == "on" || word == "1") return true;
  if (word == "false" || word == "no" || word == "off" || word == "0") return false;
  return std::nullopt;
}

bool assign(const key& target, std::string_view text, settings& into) {
  return std::visit(assignment{target, text, into}, target.member);
}

void clear(const key& target, settings& into) {
  if (const auto* list = std::get_if<std::vector<std::string>& (*)(settings&)>(&target.member))
    (*list)(into).clear();
}

std::string expected(const key& target) {
  const std::string range =
      " from " + std::to_string(target.least) + " to " + std::to_string(target.most);
  switch (target.kind()) {
  case kind::integer:
    return "an integer" + range;
  case kind::size:
    return "a size" + range + " bytes: an integer, or text such as \"64k\" or \"16MiB\"";
  case kind::duration:
    return "a duration from " + milliseconds(target.least) + " to " + milliseconds(target.most) +
           ": seconds, or text such as \"10s\" or \"500ms\"";
  case kind::boolean:
    return "true or false";
  case kind::list:
    return "a text that is not empty";
  case kind::text:
    if (!target.form.empty()) return std::string{target.form};
    return target.most > 65535 ? "a text"
                               : "a text of at most " + std::to_string(target.most) + " bytes";
  case kind::choice:
    break;
  }
  std::string made;
  for (const auto& each : target.choices) made += (made.empty() ? "" : ", ") + quote(each);
  return "one of " + made;
}

std::string to_json(const key& target, const settings& from) {
  settings copy = from; // the accessors are of mutable settings
  return std::visit(json_of_member{copy}, target.member);
}

} // namespace fasterapi::config
