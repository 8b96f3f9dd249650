#include "fasterapi/http_response.hpp"

#include "http/exchange.hpp"

namespace fasterapi {

HttpResponse& HttpResponse::status(unsigned code) {
  exchange_->response.status(code);
  return *this;
}

HttpResponse& HttpResponse::header(std::string_view name, std::string_view value) {
  exchange_->response.header(name, value);
  return *this;
}

HttpResponse& HttpResponse::content_type(std::string_view value) {
  exchange_->response.content_type(value);
  return *this;
}

HttpResponse& HttpResponse::body(std::string_view bytes) {
  exchange_->response.set_body(bytes);
  return *this;
}

HttpResponse& HttpResponse::set_json(std::string_view json) {
  exchange_->response.content_type("application/json");
  exchange_->response.set_body(json);
  return *this;
}

char* HttpResponse::get_write_buffer(std::size_t size) {
  return exchange_->response.body_tail(size);
}

HttpResponse& HttpResponse::set_json_direct(const char* data, std::size_t length) {
  return set_json({data, length});
}

} // namespace fasterapi
