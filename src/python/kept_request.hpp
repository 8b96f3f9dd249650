#pragma once

#include "http/exchange.hpp"

#include <memory>
#include <string_view>

namespace fasterapi::python {

/// A copy of a request in memory of its own, for objects that outlive their job. The body is
/// followed by byte_buffer::padding readable bytes, as in the job.
class kept_request {
public:
  kept_request(const http::request& of, const http::path_values& params);
  kept_request(const kept_request&) = delete;
  kept_request& operator=(const kept_request&) = delete;

  const http::request& request() const noexcept { return request_; }
  const http::path_values& params() const noexcept { return params_; }

private:
  std::string_view keep(std::string_view text) noexcept;

  std::unique_ptr<char[]> bytes_;
  char* end_ = nullptr;
  http::request request_;
  http::path_values params_;
};

} // namespace fasterapi::python
