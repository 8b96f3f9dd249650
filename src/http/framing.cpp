#include "http/framing.hpp"

#include "http/characters.hpp"
#include "http/field_syntax.hpp"
#include "http/lower_case.hpp"
#include "http/target.hpp"

#include <limits>

namespace fasterapi::http {

namespace {

/// Elements of a comma-separated list (RFC 9110, section 5.6.1), empty ones included, until the
/// callback returns an error.
template <class Callback>
error for_each_element(std::string_view list, Callback&& callback) {
  for (;;) {
    const auto comma = list.find(',');
    if (const error refused = callback(trim(list.substr(0, comma)))) return refused;
    if (comma == std::string_view::npos) return {};
    list.remove_prefix(comma + 1);
  }
}

/// Of Connection: a token, or an empty element of the list.
error check_option(std::string_view option) noexcept {
  if (all_in(option, token_character)) return {};
  return {400, "invalid field value"};
}

/// 1*DIGIT without leading zeros, within 64 bits.
std::optional<std::uint64_t> to_length(std::string_view text) noexcept {
  constexpr std::uint64_t max = std::numeric_limits<std::uint64_t>::max();
  if (text.empty() || (text.front() == '0' && text.size() > 1)) return std::nullopt;
  std::uint64_t value = 0;
  for (const char c : text) {
    if (!is_digit(c)) return std::nullopt;
    const auto digit = static_cast<std::uint64_t>(c - '0');
    if (value > (max - digit) / 10) return std::nullopt;
    value = value * 10 + digit;
  }
  return value;
}

} // namespace

error framing::take(known_field which, std::string_view value) {
  switch (which) {
  case known_field::content_length:
    return take_content_length(value);
  case known_field::transfer_encoding:
    return take_transfer_encoding(value);
  case known_field::host:
    return take_host(value);
  case known_field::expect:
    return take_expect(value);
  case known_field::connection:
    return take_connection(value);
  case known_field::proxy_connection:
    return for_each_element(value, check_option); // says nothing
  case known_field::upgrade:
    request_->has_upgrade = true;
    return {};
  default:
    return {};
  }
}

error framing::take_content_length(std::string_view value) {
  if (request_->content_length) return {400, "repeated Content-Length"};
  request_->content_length = to_length(value);
  if (!request_->content_length) return {400, "invalid Content-Length"};
  return {};
}

error framing::take_transfer_encoding(std::string_view value) {
  has_transfer_encoding_ = true;
  return for_each_element(value, [this](std::string_view coding) { return take_coding(coding); });
}

error framing::take_coding(std::string_view coding) {
  const auto name = coding.substr(0, coding.find_first_of("; \t"));
  if (!is_token(name)) return {400, "invalid Transfer-Encoding"};
  if (request_->is_chunked) return {400, "chunked is not the last coding, once"};
  if (!iequals(name, "chunked"))
    has_unknown_coding_ = true;
  else if (name.size() != coding.size())
    return {400, "chunked with parameters"}; // 9112, 7.1
  else
    request_->is_chunked = true;
  return {};
}

error framing::take_host(std::string_view value) {
  if (has_host_) return {400, "repeated Host"};
  if (!is_valid_host(value)) return {400, "invalid Host"};
  has_host_ = true;
  request_->host = value;
  return {};
}

error framing::take_expect(std::string_view value) {
  return for_each_element(value, [this](std::string_view expectation) -> error {
    if (expectation.empty()) return {};
    if (!iequals(expectation, "100-continue")) return {417, "unknown expectation"};
    request_->expects_continue = true;
    return {};
  });
}

error framing::take_connection(std::string_view value) {
  if (equals_lower(value, "keep-alive")) { // nearly always
    wants_keep_alive_ = true;
    return {};
  }
  return for_each_element(value, [this](std::string_view option) {
    if (equals_lower(option, "keep-alive"))
      wants_keep_alive_ = true;
    else if (equals_lower(option, "close"))
      wants_close_ = true;
    else
      return check_option(option);
    return error{};
  });
}

error framing::finish() {
  request& of = *request_;
  of.keep_alive = !wants_close_ && (wants_keep_alive_ || !of.is_http_1_0); // RFC 9112, section 9.3
  if (has_transfer_encoding_) {
    if (of.is_http_1_0) return {400, "Transfer-Encoding in HTTP/1.0"}; // RFC 9112, section 6.1
    if (of.content_length) return {400, "Content-Length with Transfer-Encoding"};
    if (has_unknown_coding_) return {501, "unknown transfer coding"};
  }
  if (!has_host_ && !of.is_http_1_0) return {400, "missing Host"};
  // No 100 for HTTP/1.0 (RFC 9110, section 10.1.1), nor where no body follows.
  of.expects_continue = of.expects_continue && !of.is_http_1_0 && of.has_body();
  return {};
}

} // namespace fasterapi::http
