#include "http/head_parser.hpp"

#include "http/characters.hpp"
#include "http/field_section.hpp"
#include "http/framing.hpp"
#include "http/target.hpp"

namespace fasterapi::http {

head_parser::result head_parser::parse(std::string_view bytes, request& into) {
  const auto within = bytes.substr(0, limits_->max_head_bytes);
  error refused;
  if (!line_.is_complete()) {
    refused = line_.scan(within, *limits_);
    if (line_.is_complete()) { // nearly always all of it is there and good
      if (!read(within, into) && is_complete_) return {outcome::done, scanned_, {}};
      into.clear();
      scanned_ = field_begin_ = line_.end();
    }
  }
  if (line_.is_complete()) refused = scan_fields(within);
  if (!refused && !is_complete_) {
    if (bytes.size() < limits_->max_head_bytes) return {};
    refused = {431, "request head too large"};
  }
  if (refused)
    into.clear();
  else
    refused = read(within.substr(0, scanned_), into);
  if (refused) return {outcome::failed, 0, refused};
  return {outcome::done, scanned_, {}};
}

method head_parser::verb(std::string_view bytes) const noexcept {
  return line_.has_method() ? to_method(line_.method(bytes)) : method::unknown;
}

/// Line by line up to the empty one, of a head that comes in pieces or has something wrong: each
/// byte is looked at once, however small the pieces. What is in the lines is for read() to check.
error head_parser::scan_fields(std::string_view bytes) {
  for (;;) {
    const std::size_t end = bytes.find('\n', scanned_);
    if (end == std::string_view::npos) {
      scanned_ = bytes.size();
      return {};
    }
    if (bytes[end - 1] != '\r') return {400, "bare LF"};
    scanned_ = end + 1;
    if (end == field_begin_ + 1) {
      is_complete_ = true;
      return {};
    }
    if (is_blank(bytes[field_begin_])) return {400, "line folding"}; // RFC 9112, section 5.2
    if (++field_count_ > limits_->max_fields) return {431, "too many header fields"};
    field_begin_ = scanned_;
  }
}

/// Fills `into`. Complete only where the bytes hold the whole head, and it is good.
error head_parser::read(std::string_view bytes, request& into) {
  into.clear();
  into.method_text = line_.method(bytes);
  into.verb = to_method(into.method_text);
  into.is_http_1_0 = line_.minor_version() == 0;
  framing message(into);
  const auto take = [&](known_field which, std::string_view name, std::string_view value) {
    if (into.fields.size() == limits_->max_fields) return error{431, "too many header fields"};
    into.fields.push_back({name, value});
    return message.take(which, value);
  };
  const auto end = read_fields(bytes, line_.end(), take);
  if (end.refused || end.at == 0) return end.refused;
  if (const error refused = message.finish()) return refused;
  // An absolute-form's host replaces the field's.
  if (const error refused = parse_target(line_.target(bytes), into)) return refused;
  scanned_ = end.at;
  is_complete_ = true;
  return {};
}

} // namespace fasterapi::http
