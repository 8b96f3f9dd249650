#pragma once

#include "http/error.hpp"
#include "http/known_field.hpp"
#include "http/request.hpp"

#include <string_view>

namespace fasterapi::http {

/// What the fields of a head say of the message itself: where its body ends, which host it is for,
/// whether the connection goes on (RFC 9112, sections 3.2, 6 and 9.3). Strict, since two parsers
/// that disagree here are what request smuggling lives on. Included by this room's sources only.
class framing {
public:
  explicit framing(request& of) noexcept : request_(&of) {}

  /// Each field, in order; fields that are none of ours pass.
  error take(known_field which, std::string_view value);
  /// After the last one: what only all of them together show.
  error finish();

private:
  error take_content_length(std::string_view value);
  error take_transfer_encoding(std::string_view value);
  error take_coding(std::string_view coding);
  error take_host(std::string_view value);
  error take_expect(std::string_view value);
  error take_connection(std::string_view value);

  request* request_;
  bool has_host_ = false;
  bool has_transfer_encoding_ = false;
  bool has_unknown_coding_ = false;
  bool wants_close_ = false;
  bool wants_keep_alive_ = false;
};

} // namespace fasterapi::http
