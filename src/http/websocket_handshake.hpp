#pragma once

#include "http/error.hpp"
#include "http/request.hpp"

#include <string_view>

namespace fasterapi::http {

/// Whether the request is for a WebSocket: GET of HTTP/1.1 whose Upgrade and Connection fields say
/// so. Others are ordinary requests, whatever else they say (RFC 9110, section 7.8).
bool asks_for_websocket(const request& asking) noexcept;

/// What is wrong with such a request by RFC 6455, section 4.2.1, if anything: 400, or 426 for
/// another version of the protocol.
error check_websocket_handshake(const request& asking) noexcept;

/// Whether the text is a Sec-WebSocket-Extensions value (RFC 6455, section 9.1).
bool is_extension_list(std::string_view text) noexcept;

} // namespace fasterapi::http
