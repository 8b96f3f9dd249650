#include "http/target.hpp"

#include "http/byte_scan.hpp"
#include "http/characters.hpp"
#include "http/utf8.hpp"

namespace fasterapi::http {

namespace {

bool has_dot_segment(std::string_view path) noexcept {
  for (auto slash = path.find("/."); slash != std::string_view::npos;
       slash = path.find("/.", slash + 1)) {
    auto rest = path.substr(slash + 2);
    if (!rest.empty() && rest.front() == '.') rest.remove_prefix(1);
    if (rest.empty() || rest.front() == '/') return true;
  }
  return false;
}

/// Decodes raw_path into path, where it `is_plain` not; see the header for what is refused.
error decode_path(request& into, bool is_plain) {
  into.path = into.raw_path;
  if (is_plain) return {};
  if (into.raw_path.find('%') != std::string_view::npos) {
    into.decoded_path.clear();
    if (!percent_decode(into.raw_path, into.decoded_path, false)) {
      return {400, "malformed escape in path"};
    }
    into.path = into.decoded_path;
    if (into.path.find('\0') != std::string_view::npos) return {400, "NUL in path"};
    if (!is_utf8(into.path)) return {400, "path is not UTF-8"};
  }
  // Encoded dots and slashes count: the decoded path is what gets routed and may reach a file
  // system.
  if (has_dot_segment(into.path)) return {400, "dot segment in path"};
  return {};
}

error take_path_and_query(std::string_view text, request& into) {
  std::size_t end = 0;
  bool is_plain = true;
  for (; end != text.size() && is_in(text[end], path_character); ++end) {
    is_plain &= is_in(text[end], plain_path_character);
  }
  into.raw_path = text.substr(0, end);
  if (end != text.size()) {
    if (text[end] != '?') return {400, "invalid character in path"};
    into.query = text.substr(end + 1);
    if (find_byte<no_target_bytes>(text, end + 1) != text.size())
      return {400, "invalid character in query"};
  }
  if (into.raw_path.empty()) into.raw_path = "/"; // absolute-form without path (RFC 9110, 4.2.3)
  return decode_path(into, is_plain);
}

error take_asterisk(request& into) {
  into.is_asterisk_form = true;
  into.raw_path = into.path = "*";
  return {};
}

/// http://authority/path?query, as a client sends it to a proxy (RFC 9112, section 3.2.2).
error take_absolute(std::string_view target, request& into) {
  const auto colon = target.find("://");
  if (colon == std::string_view::npos) return {400, "invalid request target"};
  const auto scheme = target.substr(0, colon);
  if (!iequals(scheme, "http") && !iequals(scheme, "https")) {
    return {400, "unknown scheme in request target"};
  }
  const auto rest = target.substr(colon + 3);
  const auto end = rest.find_first_of("/?");
  const auto authority = rest.substr(0, end);
  if (authority.empty() || !is_valid_host(authority))
    return {400, "invalid host in request target"};
  into.host = authority;
  for (field& each : into.fields) { // what it says is ignored (RFC 9112, section 3.2.2)
    if (iequals(each.name, "host")) each.value = authority;
  }
  if (end == std::string_view::npos) {
    if (into.verb == method::options) return take_asterisk(into); // RFC 9112, section 3.2.4
    return take_path_and_query({}, into);
  }
  return take_path_and_query(rest.substr(end), into);
}

/// Appends the byte that the escape at `text[at]` stands for.
bool append_escape(std::string_view text, std::size_t at, std::string& into) {
  if (text.size() - at < 3) return false;
  const int high = hex_value(text[at + 1]);
  const int low = hex_value(text[at + 2]);
  if (high < 0 || low < 0) return false;
  into.push_back(static_cast<char>(high * 16 + low));
  return true;
}

template <class OnMalformed>
bool decode(std::string_view text, std::string& into, bool plus_is_space,
            OnMalformed&& is_tolerable) {
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '%') {
      if (append_escape(text, at, into))
        at += 2;
      else if (is_tolerable())
        into.push_back('%');
      else
        return false;
    } else {
      into.push_back(plus_is_space && text[at] == '+' ? ' ' : text[at]);
    }
  }
  return true;
}

} // namespace

error parse_target(std::string_view target, request& into) {
  into.target = target;
  into.is_asterisk_form = false;
  into.raw_path = into.path = into.query = {};
  if (into.verb == method::connect) return {501, "CONNECT is not supported"};
  if (target.empty()) return {400, "invalid request target"};
  if (target.front() == '/') return take_path_and_query(target, into);
  if (target == "*") {
    if (into.verb != method::options) return {400, "asterisk target without OPTIONS"};
    return take_asterisk(into);
  }
  return take_absolute(target, into);
}

bool percent_decode(std::string_view text, std::string& into, bool plus_is_space) {
  return decode(text, into, plus_is_space, [] { return false; });
}

void form_decode(std::string_view text, std::string& into) {
  decode(text, into, true, [] { return true; });
}

std::optional<std::string> query_value(std::string_view query, std::string_view name) {
  std::optional<std::string> found;
  std::string decoded;
  for_each_query_pair(query, [&](std::string_view key, std::string_view value) {
    decoded.clear();
    form_decode(key, decoded);
    if (decoded != name) return;
    found.emplace();
    form_decode(value, *found);
  });
  return found;
}

} // namespace fasterapi::http
