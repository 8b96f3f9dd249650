#include "http/json_string.hpp"

#include "http/utf8.hpp"

namespace fasterapi::http {

void append_json_escaped(std::string& into, std::string_view text) {
  constexpr std::string_view digits = "0123456789abcdef";
  const std::size_t begin = into.size();
  if (is_utf8(text))
    into += text;
  else
    append_latin_as_utf8(into, text);
  for (std::size_t i = begin; i < into.size(); ++i) {
    const auto byte = static_cast<unsigned char>(into[i]);
    if (byte >= 0x20 && byte != '"' && byte != '\\') continue;
    const char escaped[] = {'\\', 'u', '0', '0', digits[byte >> 4], digits[byte & 15]};
    into.replace(i, 1, escaped, sizeof escaped);
    i += sizeof escaped - 1;
  }
}

} // namespace fasterapi::http
