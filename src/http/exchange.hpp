#pragma once

#include "http/byte_buffer.hpp"
#include "http/request.hpp"
#include "http/response.hpp"

#include <array>
#include <cstdint>
#include <string_view>

namespace fasterapi::http {

/// Values of path parameters, in the order of the route's pattern; views into request::path.
struct path_values {
  static constexpr std::size_t max_count = 16;
  std::array<std::string_view, max_count> values;
  std::uint8_t count = 0;
};

/// One request and its answer, with the memory of both: received bytes in `input` (the request's
/// views point there, so it stays put until the answer is written), bytes to send in `output`.
/// A large or chunked body is collected in `body`. It has one owner at a time: the connection
/// while it reads and writes, the handler's thread in between.
struct exchange {
  byte_buffer input;
  byte_buffer body;
  byte_buffer output;
  http::request request;
  http::response response;
  path_values params;
};

} // namespace fasterapi::http
