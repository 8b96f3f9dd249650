#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace fasterapi {

namespace http {
struct exchange;
}

/// A request as a C++ handler sees it. Every view points into the connection's buffer and is valid
/// until the handler returns: copy what you keep. Used by one thread, the one that runs the
/// handler.
class HttpRequest {
public:
  explicit HttpRequest(http::exchange& of) noexcept : exchange_(&of) {}

  std::string_view method() const noexcept; ///< "GET"
  std::string_view target() const noexcept; ///< as received, path and query
  std::string_view path() const noexcept;   ///< percent-decoded once
  std::string_view query() const noexcept;  ///< behind '?', still encoded
  std::string_view body() const noexcept;   ///< complete, without transfer coding

  /// First header field of that name, whatever its case (RFC 9110, section 5.1).
  std::optional<std::string_view> header(std::string_view name) const noexcept;
  /// The index-th parameter of the route's pattern, in order of appearance; empty if there is none.
  std::string_view path_param(std::size_t index) const noexcept;
  /// Last query parameter of that name, as Python handlers get it, decoded; allocates.
  std::optional<std::string> query_param(std::string_view name) const;

private:
  http::exchange* exchange_;
};

} // namespace fasterapi
