#include "http/json_string.hpp"

#include "http/utf8.hpp"

namespace fasterapi::http {

void append_as_utf8(std::string& into, std::string_view text) {
  if (is_utf8(text)) {
    into += text;
    return;
  }
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80) {
      into += c;
    } else {
      into += static_cast<char>(0xC0 | byte >> 6);
      into += static_cast<char>(0x80 | (byte & 0x3F));
    }
  }
}

void append_json_escaped(std::string& into, std::string_view text) {
  constexpr std::string_view digits = "0123456789abcdef";
  const std::size_t begin = into.size();
  append_as_utf8(into, text);
  for (std::size_t i = begin; i < into.size(); ++i) {
    const auto byte = static_cast<unsigned char>(into[i]);
    if (byte >= 0x20 && byte != '"' && byte != '\\') continue;
    const char escaped[] = {'\\', 'u', '0', '0', digits[byte >> 4], digits[byte & 15]};
    into.replace(i, 1, escaped, sizeof escaped);
    i += sizeof escaped - 1;
  }
}

} // namespace fasterapi::http
