#include "http/accept.hpp"
#include "http/json_string.hpp"
#include "http/response.hpp"

#include <string>

namespace fasterapi::http {

void write_error(response& into, unsigned status, std::string_view detail,
                 std::string_view accept) {
  into.status(status);
  if (detail.empty()) detail = reason_phrase(status);
  if (prefers_text(accept)) {
    into.content_type("text/plain; charset=utf-8");
    into.set_body(detail);
    return;
  }
  into.content_type("application/json");
  std::string body{"{\"detail\":\""};
  append_json_escaped(body, detail);
  into.set_body(body += "\"}");
}

} // namespace fasterapi::http
