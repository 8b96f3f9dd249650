#include "http/head_parser.hpp"

#include "http/characters.hpp"
#include "http/field_reader.hpp"
#include "http/framing.hpp"
#include "http/target.hpp"

namespace fasterapi::http {

namespace {

/// Collects the fields of a head, and what they say of its framing.
class head_reader final : public field_reader {
public:
  explicit head_reader(request& into) noexcept : into_(&into), framing_(into) {}
  error finish() { return framing_.finish(); }

private:
  error take(field_id id, std::string_view name, std::string_view value) override {
    into_->fields.push_back({name, value});
    return framing_.take(id, value);
  }

  request* into_;
  framing framing_;
};

} // namespace

head_parser::result head_parser::parse(std::string_view bytes, request& into) {
  error refused = scan(bytes.substr(0, limits_->max_head_bytes));
  if (!refused && !is_complete_) {
    if (bytes.size() < limits_->max_head_bytes) return {};
    refused = {431, "request head too large"};
  }
  into.clear();
  if (!refused) refused = read(bytes.substr(0, scanned_), into);
  if (refused) return {outcome::failed, 0, refused};
  return {outcome::done, scanned_, {}};
}

error head_parser::scan(std::string_view bytes) {
  if (!line_.is_complete()) {
    if (const error refused = line_.scan(bytes, *limits_)) return refused;
    if (!line_.is_complete()) return {};
    scanned_ = field_begin_ = line_.end();
  }
  return scan_fields(bytes);
}

/// Line by line up to the empty one. Beast checks what is in the lines; obs-fold it would take.
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

error head_parser::read(std::string_view head, request& into) const {
  into.method_text = line_.method(head);
  into.verb = to_method(into.method_text);
  into.is_http_1_0 = line_.minor_version() == 0;
  head_reader reader(into);
  if (const error refused = reader.read(head.substr(line_.end()))) return refused;
  if (const error refused = reader.finish()) return refused;
  return parse_target(line_.target(head), into); // an absolute-form's host replaces the field's
}

} // namespace fasterapi::http
