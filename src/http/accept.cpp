#include "http/accept.hpp"

#include "http/field_syntax.hpp"
#include "http/request.hpp"

#include <algorithm>
#include <compare>

namespace fasterapi::http {

namespace {

struct preference {
  int weight = 0;      // in thousandths
  int specificity = 0; // 1: */*, 2: type/*, 3: exact
  auto operator<=>(const preference&) const = default;
};

// qvalue: 0 to 1 with up to three decimals; anything else counts as 0.
int parse_weight(std::string_view text) noexcept {
  if (text.empty() || text.size() > 5 || (text[0] != '0' && text[0] != '1')) return 0;
  int weight = (text[0] - '0') * 1000;
  if (text.size() > 1 && text[1] != '.') return 0;
  int scale = 100;
  for (std::size_t i = 2; i < text.size(); ++i, scale /= 10) {
    if (text[i] < '0' || text[i] > '9') return 0;
    weight += (text[i] - '0') * scale;
  }
  return std::min(weight, 1000);
}

int weight_of(std::string_view parameters) noexcept {
  while (!parameters.empty()) {
    auto value = take_item(parameters, ';');
    const auto name = take_item(value, '=');
    if (iequals(name, "q")) return parse_weight(trim(value));
  }
  return 1000;
}

int specificity_of(std::string_view range, std::string_view type,
                   std::string_view subtype) noexcept {
  const auto range_type = take_item(range, '/');
  if (range_type == "*") return range == "*" ? 1 : 0;
  if (!iequals(range_type, type)) return 0;
  if (range == "*") return 2;
  return iequals(trim(range), subtype) ? 3 : 0;
}

// The most specific range that covers the type decides.
preference preference_for(std::string_view accept, std::string_view type,
                          std::string_view subtype) noexcept {
  preference found;
  while (!accept.empty()) {
    auto parameters = take_item(accept, ',');
    const auto range = take_item(parameters, ';');
    const int specificity = specificity_of(range, type, subtype);
    if (specificity > found.specificity) found = {weight_of(parameters), specificity};
  }
  return found;
}

} // namespace

bool prefers_text(std::string_view accept) noexcept {
  if (accept.empty() || accept == "*/*") return false;
  const auto text =
      std::max(preference_for(accept, "text", "plain"), preference_for(accept, "text", "html"));
  return text.weight > 0 && text > preference_for(accept, "application", "json");
}

bool prefers_html(std::string_view accept) noexcept {
  const auto html = preference_for(accept, "text", "html");
  return html.weight > 0 && html > preference_for(accept, "text", "plain") &&
         html > preference_for(accept, "application", "json");
}

std::string_view find_accept(std::string_view head) noexcept {
  take_item(head, '\n'); // the request line
  while (!head.empty()) {
    auto value = take_item(head, '\n');
    const auto name = take_item(value, ':');
    if (!iequals(name, "accept")) continue;
    if (value.ends_with('\r')) value.remove_suffix(1);
    return trim(value);
  }
  return {};
}

} // namespace fasterapi::http
