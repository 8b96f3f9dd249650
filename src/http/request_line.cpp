#include "http/request_line.hpp"

#include "http/byte_scan.hpp"
#include "http/characters.hpp"

namespace fasterapi::http {

namespace {

constexpr std::size_t max_empty_line_bytes = 8; // four CRLF
constexpr std::size_t max_method_bytes = 32;
constexpr char tls_handshake_record = 0x16; // RFC 8446, section 5.1

} // namespace

error request_line::scan(std::string_view bytes, const head_limits& limits) {
  while (!has_started() && at_ != bytes.size()) {
    if (const error refused = scan_start(bytes)) return refused;
  }
  if (stage_ == stage::method) {
    if (const error refused = scan_method(bytes)) return refused;
  }
  if (stage_ == stage::target) {
    if (const error refused = scan_target(bytes, limits)) return refused;
  }
  return stage_ == stage::version ? scan_version(bytes) : error{};
}

error request_line::scan_start(std::string_view bytes) {
  const char c = bytes[at_];
  if (stage_ == stage::empty_line) {
    if (c != '\n') return {400, "bare CR"};
    stage_ = stage::start;
    ++at_;
  } else if (c == '\r') {
    if (at_ == max_empty_line_bytes) return {400, "too many empty lines"};
    stage_ = stage::empty_line;
    ++at_;
  } else if (c == tls_handshake_record) {
    return {400, "TLS on a plain-text port"};
  } else {
    method_begin_ = at_;
    stage_ = stage::method;
  }
  return {};
}

error request_line::scan_method(std::string_view bytes) {
  while (at_ < bytes.size() && is_in(bytes[at_], token_character)) ++at_;
  const std::size_t length = at_ - method_begin_;
  if (length > max_method_bytes) return {501, "method too long"}; // RFC 9112, section 3
  if (at_ == bytes.size()) return {};
  if (length == 0 || bytes[at_] != ' ') return {400, "invalid method"};
  target_begin_ = ++at_;
  stage_ = stage::target;
  return {};
}

error request_line::scan_target(std::string_view bytes, const head_limits& limits) {
  at_ = find_byte<no_target_bytes>(bytes, at_);
  const std::size_t length = at_ - target_begin_;
  if (length > limits.max_target_bytes) return {414, "request target too long"};
  if (at_ == bytes.size()) return {};
  if (length == 0 || bytes[at_] != ' ') return {400, "invalid request target"};
  version_begin_ = ++at_;
  stage_ = stage::version;
  return {};
}

error request_line::scan_version(std::string_view bytes) {
  constexpr std::string_view pattern = "HTTP/1.x\r\n";
  constexpr std::size_t major = 5, minor = 7;
  if (bytes.substr(version_begin_, pattern.size()) == "HTTP/1.1\r\n") { // nearly always
    at_ = version_begin_ + pattern.size();
    stage_ = stage::complete;
    return {};
  }
  for (; at_ < bytes.size(); ++at_) {
    const std::size_t index = at_ - version_begin_;
    const char c = bytes[at_];
    if (index == minor && is_digit(c)) {
      minor_ = static_cast<std::uint8_t>(c - '0');
    } else if (index == minor || c != pattern[index]) {
      if (index != major || !is_digit(c)) return {400, "invalid request line"};
      if (at_ + 1 == bytes.size()) return {}; // one more digit is no other version (9112, 2.3)
      if (is_digit(bytes[at_ + 1])) return {400, "invalid request line"};
      return {505, "HTTP version not supported"};
    }
    if (index + 1 == pattern.size()) {
      ++at_;
      stage_ = stage::complete;
      return {};
    }
  }
  return {};
}

std::string_view request_line::method(std::string_view bytes) const noexcept {
  return bytes.substr(method_begin_, target_begin_ - 1 - method_begin_);
}

std::string_view request_line::target(std::string_view bytes) const noexcept {
  return bytes.substr(target_begin_, version_begin_ - 1 - target_begin_);
}

} // namespace fasterapi::http
