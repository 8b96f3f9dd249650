#pragma once

#include "http/exchange.hpp"
#include "http/head_parser.hpp"
#include "routing/route_table.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace fasterapi::bench {

/// What net::session does for a request between the socket's read and write: head, route, body, the
/// answer's start, and clearing up behind it. Left out are the socket itself, deadlines, the access
/// log and counters. Used by one thread.
class request_path {
public:
  explicit request_path(const routing::route_table& routes) noexcept;

  /// Bytes in: one request, complete. Fails where it is not that, or has no route.
  const routing::route& begin(http::exchange& held, std::string_view received);
  /// Bytes out: the answer is sent, the exchange ready for the next request.
  void end(http::exchange& held);

private:
  const routing::route_table& routes_;
  http::head_parser parser_;
};

/// "GET /x HTTP/1.1" with the fields that a client sends, and the body with its length.
std::string make_request(std::string_view verb, std::string_view target,
                         std::string_view body = {});

/// Fails where the answer has not that status, or not that body; an empty one is not looked at.
void check_answer(std::string_view answer, unsigned status, std::string_view body);

} // namespace fasterapi::bench
