#pragma once

#include "http/peer_address.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fasterapi::http {

/// RFC 9110, section 9, and PATCH of RFC 5789. Other tokens are `unknown`: method_text has them.
enum class method : std::uint8_t {
  get,
  head,
  post,
  put,
  patch,
  del,
  options,
  trace,
  connect,
  unknown,
};
inline constexpr std::size_t method_count = 10;
method to_method(std::string_view token) noexcept;
std::string_view to_string(method m) noexcept; // "GET"; unknown is empty

/// One header or trailer line: name as received, value without surrounding white space.
struct field {
  std::string_view name;
  std::string_view value;
};

/// A parsed request: flat views into the connection's input (see exchange), nothing owned but
/// what had to be decoded. Filled by head_parser; body and trailers by the body reader.
struct request {
  http::method verb = method::unknown;
  std::string_view method_text;
  std::string_view target;   // as received
  std::string_view raw_path; // of the target, still percent-encoded, without the query
  std::string_view path;  // percent-decoded once; equals raw_path where there is nothing to decode
  std::string_view query; // behind '?', still encoded, without fragment
  std::string_view host;  // of the Host field or of an absolute-form target
  bool is_http_1_0 = false;
  bool keep_alive = true; // by version and Connection field
  bool is_chunked = false;
  bool expects_continue = false;
  bool has_upgrade = false;                    // an Upgrade field, whatever it says
  bool is_asterisk_form = false;               // OPTIONS *
  std::optional<std::uint64_t> content_length; // none without the field
  std::vector<field> fields; // in order of arrival; capacity is kept between requests
  std::vector<field> trailers;
  std::string_view body;    // complete and de-chunked
  peer_address peer;        // who sent it: set by the connection, not by the parser
  std::string decoded_path; // backs `path` where there was something to decode: do not move

  bool has_body() const noexcept { return is_chunked || content_length.value_or(0) > 0; }
  /// First field of that name (ASCII case-insensitive).
  std::optional<std::string_view> find(std::string_view name) const noexcept;
  void clear() noexcept;
};

/// ASCII case-insensitive equality, as field names and codings compare.
bool iequals(std::string_view left, std::string_view right) noexcept;

} // namespace fasterapi::http
