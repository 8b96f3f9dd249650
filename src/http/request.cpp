#include "http/request.hpp"

#include "http/characters.hpp"

namespace fasterapi::http {

namespace {

constexpr std::array<std::string_view, method_count> method_names{
    "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", ""};

} // namespace

method to_method(std::string_view token) noexcept {
  for (std::size_t i = 0; i + 1 < method_count; ++i) {
    if (token == method_names[i]) return static_cast<method>(i);
  }
  return method::unknown;
}

std::string_view to_string(method m) noexcept { return method_names[static_cast<std::size_t>(m)]; }

bool iequals(std::string_view left, std::string_view right) noexcept {
  if (left.size() != right.size()) return false;
  for (std::size_t i = 0; i < left.size(); ++i) {
    if (left[i] != right[i] && to_lower(left[i]) != to_lower(right[i])) return false;
  }
  return true;
}

std::optional<std::string_view> request::find(std::string_view name) const noexcept {
  for (const field& each : fields) {
    if (iequals(each.name, name)) return each.value;
  }
  return std::nullopt;
}

void request::clear() noexcept {
  verb = method::unknown;
  method_text = target = raw_path = path = query = host = body = {};
  is_http_1_0 = is_chunked = expects_continue = has_upgrade = is_asterisk_form = false;
  keep_alive = true;
  content_length.reset();
  fields.clear();
  trailers.clear();
  decoded_path.clear();
}

} // namespace fasterapi::http
