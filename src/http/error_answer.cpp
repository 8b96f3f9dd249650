#include "http/accept.hpp"
#include "http/response.hpp"

namespace fasterapi::http {

namespace {

// The parts of `text` between characters that JSON escapes are appended whole.
void append_json_string(response& into, std::string_view text) {
  constexpr std::string_view digits = "0123456789abcdef";
  into.append_body("\"");
  std::size_t plain = 0;
  for (std::size_t i = 0; i != text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte >= 0x20 && byte != '"' && byte != '\\') continue;
    const char escaped[] = {'\\', 'u', '0', '0', digits[byte >> 4], digits[byte & 15]};
    into.append_body(text.substr(plain, i - plain));
    into.append_body({escaped, sizeof escaped});
    plain = i + 1;
  }
  into.append_body(text.substr(plain));
  into.append_body("\"");
}

} // namespace

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
  into.set_body("{\"detail\":");
  append_json_string(into, detail);
  into.append_body("}");
}

} // namespace fasterapi::http
