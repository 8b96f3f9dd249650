#include "support/request_path.hpp"

#include "http/head_limits.hpp"
#include "support/report.hpp"

namespace fasterapi::bench {

namespace {

const http::head_limits limits;

} // namespace

request_path::request_path(const routing::route_table& routes) noexcept
    : routes_(routes), parser_(limits) {}

const routing::route& request_path::begin(http::exchange& held, std::string_view received) {
  auto& [input, body, output, request, response, params] = held;
  parser_.reset();
  input.append(received);
  const auto head = parser_.parse(input.view(), request);
  if (head.state != http::head_parser::outcome::done) fail("a request does not parse");
  const auto found = routes_.find(request.verb, request.method_text, request.path, params);
  if (found.what != routing::match::kind::found)
    fail("no route for " + std::string{request.target});
  request.body = input.view().substr(head.consumed, request.content_length.value_or(0));
  response.start(output, {.is_head = request.verb == http::method::head,
                          .is_http_1_0 = request.is_http_1_0,
                          .keep_alive = request.keep_alive});
  return *found.route;
}

void request_path::end(http::exchange& held) {
  held.output.consume(held.output.size());
  held.input.clear();
  held.request.clear();
}

std::string make_request(std::string_view verb, std::string_view target, std::string_view body) {
  std::string made{verb};
  made.append(" ").append(target).append(" HTTP/1.1\r\nHost: localhost:8000\r\n");
  made += "User-Agent: bench/1.0\r\nAccept: */*\r\n";
  if (!body.empty()) {
    made += "Content-Type: application/json\r\nContent-Length: " + std::to_string(body.size());
    made += "\r\n";
  }
  return made.append("Connection: keep-alive\r\n\r\n").append(body);
}

void check_answer(std::string_view answer, unsigned status, std::string_view body) {
  const auto head = answer.find("\r\n\r\n");
  const bool is_right = answer.starts_with("HTTP/1.1 " + std::to_string(status) + " ") &&
                        head != std::string_view::npos &&
                        (body.empty() || answer.substr(head + 4) == body);
  if (!is_right) fail("wrong answer: " + std::string{answer.substr(0, 400)});
}

} // namespace fasterapi::bench
