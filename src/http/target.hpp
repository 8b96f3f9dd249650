#pragma once

#include "http/error.hpp"
#include "http/request.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace fasterapi::http {

/// Fills target, raw_path, path, query, host, is_asterisk_form from a request target (RFC 9112,
/// section 3.2): origin-form, absolute-form of http and https (its authority becomes the host),
/// asterisk-form for OPTIONS only; CONNECT is refused with 501. `into.verb` must be set. Path
/// characters are those of RFC 3986, section 3.3; the path is percent-decoded once; encoded NUL,
/// dot segments ("." or "..", encoded or not) and a decoded path that is not UTF-8 are refused with
/// 400. A query may hold any visible ASCII character but '#', since browsers escape few of them
/// there.
error parse_target(std::string_view target, request& into);

/// RFC 3986 host with optional port (RFC 9110, section 7.2). The empty text is one: a reg-name may
/// be empty; a port alone is none.
bool is_valid_host(std::string_view host) noexcept;

/// Appends the decoded text; false on a malformed escape (`into` then ends before it). '+' becomes
/// a space if asked (query strings).
bool percent_decode(std::string_view text, std::string& into, bool plus_is_space);

/// Appends a name or value of application/x-www-form-urlencoded. Never fails: a malformed escape
/// stands for itself, as in browsers and in Python's parse_qsl.
void form_decode(std::string_view text, std::string& into);

/// Walks "a=1&b=2": calls back with encoded name and value of each pair
/// (application/x-www-form-urlencoded).
template <class Callback>
void for_each_query_pair(std::string_view query, Callback&& callback) {
  while (!query.empty()) {
    const auto end = query.find('&');
    const auto pair = query.substr(0, end);
    query = end == std::string_view::npos ? std::string_view{} : query.substr(end + 1);
    if (pair.empty()) continue;
    const auto equals = pair.find('=');
    if (equals == std::string_view::npos)
      callback(pair, std::string_view{});
    else
      callback(pair.substr(0, equals), pair.substr(equals + 1));
  }
}

/// Decoded value of the last pair of that name, the one that Starlette's QueryParams give.
std::optional<std::string> query_value(std::string_view query, std::string_view name);

} // namespace fasterapi::http
