#pragma once

#include "http/response.hpp"

#include <string>
#include <string_view>

namespace fasterapi::http {

/// The bytes in the buffer, with every Date line (37 bytes of one form) taken out.
inline std::string without_dates(std::string_view bytes) {
  std::string text{bytes};
  for (auto at = text.find("Date: "); at != std::string::npos; at = text.find("Date: ", at))
    text.erase(at, 37);
  return text;
}

/// One answer from a fresh buffer, as `build` makes it.
template <class Build>
std::string answer(Build&& build, const response_context& context = {}) {
  byte_buffer out;
  response made;
  made.start(out, context);
  build(made);
  made.finish();
  return without_dates(out.view());
}

} // namespace fasterapi::http
