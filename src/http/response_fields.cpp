#include "http/field_syntax.hpp"
#include "http/request.hpp"
#include "http/response.hpp"

#include <charconv>
#include <stdexcept>

namespace fasterapi::http {

namespace {

void require_value(std::string_view value) {
  if (!is_field_value(value)) throw std::invalid_argument{"header value with a control character"};
}

// Removes every "Name: value\r\n" of that name.
void erase_field(std::string& fields, std::string_view name) {
  for (std::size_t at = 0; at != fields.size();) {
    const auto end = fields.find('\n', at) + 1;
    const std::string_view line{fields.data() + at, end - at};
    if (iequals(line.substr(0, line.find(':')), name))
      fields.erase(at, end - at);
    else
      at = end;
  }
}

} // namespace

void response::header(std::string_view name, std::string_view value) {
  if (!is_field_name(name)) throw std::invalid_argument{"header name is no token"};
  value = trim(value);
  require_value(value);
  if (iequals(name, "content-type")) return content_type(value);
  if (iequals(name, "content-length")) return announce_length(value);
  if (iequals(name, "connection")) return set_connection(value);
  if (iequals(name, "keep-alive") || iequals(name, "proxy-connection")) return;
  if (iequals(name, "transfer-encoding")) {
    if (iequals(value, "chunked")) return;
    throw std::invalid_argument{"Transfer-Encoding is the server's"};
  }
  if (iequals(name, "date")) {
    if (has_date_) erase_field(fields_, name);
    has_date_ = true;
  }
  has_upgrade_ |= iequals(name, "upgrade");
  fields_.append(name).append(": ").append(value).append("\r\n");
}

void response::content_type(std::string_view value) {
  if (value == "application/json")
    type_ = media_type::json;
  else if (value == "text/plain; charset=utf-8")
    type_ = media_type::plain;
  else if (value == "text/html; charset=utf-8")
    type_ = media_type::html;
  else if (value.empty())
    type_ = media_type::none;
  else {
    require_value(value);
    other_type_ = value;
    type_ = media_type::other;
  }
}

std::string_view response::content_type() const noexcept {
  switch (type_) {
  case media_type::json:
    return "application/json";
  case media_type::plain:
    return "text/plain; charset=utf-8";
  case media_type::html:
    return "text/html; charset=utf-8";
  case media_type::other:
    return other_type_;
  case media_type::none:
    break;
  }
  return {};
}

void response::set_connection(std::string_view options) {
  while (!options.empty())
    if (iequals(take_item(options, ','), "close")) close_after();
}

void response::announce_length(std::string_view digits) {
  std::uint64_t length = 0;
  const char* const end = digits.data() + digits.size();
  const auto parsed = std::from_chars(digits.data(), end, length);
  if (parsed.ec != std::errc{} || parsed.ptr != end)
    throw std::invalid_argument{"Content-Length is no number"};
  if (announced_length_ && *announced_length_ != length)
    throw std::invalid_argument{"two different values of Content-Length"};
  announced_length_ = length;
}

} // namespace fasterapi::http
