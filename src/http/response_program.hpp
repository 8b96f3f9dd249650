#pragma once

#include "fasterapi/http_request.hpp"
#include "fasterapi/http_response.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace fasterapi::http {

/// An answer made of constants and of values of the request: what a handler in Python was traced
/// into at start (fasterapi._tracing). Immutable; any number of threads may run it.
struct response_program {
  struct piece {
    enum class source : std::uint8_t { literal, path_param, query, header, path };
    enum class form : std::uint8_t { raw, inside_string, json_string, integer };

    source from = source::literal;
    form as = form::raw;
    std::string text;                    // the literal, or the name of query parameter or field
    std::size_t place = 0;               // of the path parameter
    std::optional<std::string> fallback; // what stands there without the value; none: 422
    bool operator==(const piece&) const = default;
  };
  using pieces = std::vector<piece>;

  unsigned status = 200;
  std::vector<std::pair<std::string, pieces>> fields;
  pieces body;
  bool operator==(const response_program&) const = default;

  void run(const HttpRequest& request, HttpResponse& response) const;
};

} // namespace fasterapi::http
