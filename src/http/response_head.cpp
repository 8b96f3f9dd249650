#include "http/date.hpp"
#include "http/head_pieces.hpp"
#include "http/response.hpp"

namespace fasterapi::http {

// 205 has no content, but says so with Content-Length: 0 (RFC 9110, section 15.3.6).
bool response::has_status_without_body() const noexcept {
  return status_ == 204 || status_ == 205 || status_ == 304;
}

std::optional<std::uint64_t> response::length_to_send() const noexcept {
  switch (status_) {
  case 204:
    return std::nullopt;
  case 205:
    return 0;
  case 304:
    return announced_length_; // of the 200 answer, if at all (RFC 9110, section 8.6)
  default:
    break;
  }
  const std::uint64_t size = body_size();
  return context_.is_head && size == 0 && announced_length_ ? announced_length_ : size;
}

void response::describe_status(head_pieces& head) const {
  if (status_ == 200 && !has_date_) return head.add(ok_and_date_lines());
  head.add("HTTP/1.1 ");
  head.add_number(status_);
  head.add(" ");
  head.add(reason_phrase(status_));
  head.add("\r\n");
  if (!has_date_) head.add(date_line());
}

// As few pieces as can be: the usual types come with the name of the length behind them.
void response::describe_type(head_pieces& head, bool has_length) const {
  constexpr std::string_view length_name = "Content-Length: ";
  std::string_view lines = length_name;
  switch (type_) {
  case media_type::none:
    break;
  case media_type::json:
    lines = "Content-Type: application/json\r\nContent-Length: ";
    break;
  case media_type::plain:
    lines = "Content-Type: text/plain; charset=utf-8\r\nContent-Length: ";
    break;
  case media_type::html:
    lines = "Content-Type: text/html; charset=utf-8\r\nContent-Length: ";
    break;
  case media_type::other:
    head.add("Content-Type: ");
    head.add(other_type_);
    lines = "\r\nContent-Length: ";
    break;
  }
  if (!has_length) lines.remove_suffix(length_name.size());
  head.add(lines);
}

void response::describe_head(head_pieces& head, std::optional<std::uint64_t> length) const {
  describe_status(head);
  describe_type(head, length.has_value());
  if (length) {
    head.add_number(*length);
    if (fields_.empty() && context_.keep_alive && !context_.is_http_1_0)
      return head.add("\r\n\r\n");
    head.add("\r\n");
  } else if (framing_ == stream_framing::chunks) {
    head.add("Transfer-Encoding: chunked\r\n");
  }
  if (!fields_.empty()) head.add(fields_);
  head.add(last_lines());
}

std::string_view response::last_lines() const noexcept {
  const bool says_keep_alive = context_.keep_alive && context_.is_http_1_0;
  if (has_upgrade_) { // is an option, too (RFC 9110, section 7.8)
    if (says_keep_alive) return "Connection: keep-alive, upgrade\r\n\r\n";
    return context_.keep_alive ? "Connection: upgrade\r\n\r\n"
                               : "Connection: close, upgrade\r\n\r\n";
  }
  if (says_keep_alive) return "Connection: keep-alive\r\n\r\n";
  return context_.keep_alive ? "\r\n" : "Connection: close\r\n\r\n";
}

} // namespace fasterapi::http
