#pragma once

#include <cstddef>
#include <string_view>

namespace fasterapi {

namespace http {
struct exchange;
}

/// The answer that a C++ handler builds, in the connection's write buffer. Status 200 and no body
/// until set. Date, Content-Length and Connection are the server's. Calls may come in any order;
/// the answer is sent when the handler returns. Wrong values throw std::invalid_argument, which is
/// a 500 if the handler lets it pass. Used by one thread, the one that runs the handler.
class HttpResponse {
public:
  explicit HttpResponse(http::exchange& of) noexcept : exchange_(&of) {}

  HttpResponse& status(unsigned code); ///< 200 to 599
  HttpResponse& header(std::string_view name, std::string_view value);
  HttpResponse& content_type(std::string_view value);
  HttpResponse& body(std::string_view bytes);    ///< replaces the body
  HttpResponse& set_json(std::string_view json); ///< body and Content-Type: application/json

  /// Memory for `size` bytes of body in the write buffer itself; fill it, then call
  /// set_json_direct (or body) with this pointer and the length written: nothing is copied.
  char* get_write_buffer(std::size_t size);
  /// JSON text as the body; free of charge when `data` is what get_write_buffer gave.
  HttpResponse& set_json_direct(const char* data, std::size_t length);

private:
  http::exchange* exchange_;
};

} // namespace fasterapi
