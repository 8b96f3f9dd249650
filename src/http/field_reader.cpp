#include "http/field_reader.hpp"

#include <cassert>
#include <limits>

namespace fasterapi::http {

namespace {

namespace beast = boost::beast;

// Beast wants one before fields. The request's own it would read anew, and not know HTTP/1.2.
constexpr std::string_view any_request_line = "GET / HTTP/1.1\r\n";

std::string_view reason(const beast::error_code& failed) noexcept {
  switch (static_cast<beast::http::error>(failed.value())) {
  case beast::http::error::bad_field:
    return "invalid field name";
  case beast::http::error::bad_value:
    return "invalid field value";
  case beast::http::error::bad_line_ending:
    return "bare CR";
  case beast::http::error::bad_content_length:
  case beast::http::error::multiple_content_length:
    return "invalid Content-Length";
  case beast::http::error::bad_transfer_encoding:
    return "invalid Transfer-Encoding";
  default:
    return "malformed request head";
  }
}

} // namespace

field_reader::field_reader() {
  header_limit(std::numeric_limits<std::uint32_t>::max()); // ours have been checked
  skip(true);                                              // the head only
}

error field_reader::read(std::string_view section) {
  beast::error_code failed;
  put({any_request_line.data(), any_request_line.size()}, failed);
  assert(failed == beast::http::error::need_more);
  put({section.data(), section.size()}, failed);
  if (refused_) return refused_;
  if (failed) return {400, reason(failed)};
  return {};
}

void field_reader::on_field_impl(field_id id, text name, text value, code& failed) {
  refused_ = take(id, {name.data(), name.size()}, {value.data(), value.size()});
  if (refused_) failed = beast::http::error::bad_value;
}

} // namespace fasterapi::http
