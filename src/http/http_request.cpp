#include "fasterapi/http_request.hpp"

#include "http/exchange.hpp"
#include "http/target.hpp"

namespace fasterapi {

std::string_view HttpRequest::method() const noexcept { return exchange_->request.method_text; }
std::string_view HttpRequest::target() const noexcept { return exchange_->request.target; }
std::string_view HttpRequest::path() const noexcept { return exchange_->request.path; }
std::string_view HttpRequest::query() const noexcept { return exchange_->request.query; }
std::string_view HttpRequest::body() const noexcept { return exchange_->request.body; }

std::optional<std::string_view> HttpRequest::header(std::string_view name) const noexcept {
  return exchange_->request.find(name);
}

std::string_view HttpRequest::path_param(std::size_t index) const noexcept {
  const auto& params = exchange_->params;
  return index < params.count ? params.values[index] : std::string_view{};
}

std::optional<std::string> HttpRequest::query_param(std::string_view name) const {
  return http::query_value(query(), name);
}

} // namespace fasterapi
