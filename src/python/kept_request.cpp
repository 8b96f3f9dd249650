#include "python/kept_request.hpp"

#include <cstddef>
#include <cstring>

namespace fasterapi::python {

namespace {

std::size_t size_of(const http::request& of, const http::path_values& params) {
  std::size_t size = of.method_text.size() + of.target.size() + of.path.size() + of.query.size() +
                     of.host.size() + of.body.size() + http::byte_buffer::padding;
  for (const auto& field : of.fields) size += field.name.size() + field.value.size();
  for (std::size_t i = 0; i < params.count; ++i) size += params.values[i].size();
  return size;
}

} // namespace

kept_request::kept_request(const http::request& of, const http::path_values& params)
    : bytes_(new char[size_of(of, params)]), end_(bytes_.get()) {
  request_.verb = of.verb;
  request_.is_http_1_0 = of.is_http_1_0;
  request_.peer = of.peer;
  request_.method_text = keep(of.method_text);
  request_.target = keep(of.target);
  request_.path = keep(of.path);
  request_.query = keep(of.query);
  request_.host = keep(of.host);
  request_.fields.reserve(of.fields.size());
  for (const auto& field : of.fields)
    request_.fields.push_back({keep(field.name), keep(field.value)});
  params_.count = params.count;
  for (std::size_t i = 0; i < params.count; ++i) params_.values[i] = keep(params.values[i]);
  request_.body = keep(of.body);
  std::memset(end_, 0, http::byte_buffer::padding);
}

std::string_view kept_request::keep(std::string_view text) noexcept {
  if (!text.empty()) std::memcpy(end_, text.data(), text.size());
  const std::string_view kept{end_, text.size()};
  end_ += text.size();
  return kept;
}

} // namespace fasterapi::python
