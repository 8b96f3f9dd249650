#pragma once

#include <string>
#include <string_view>

namespace fasterapi::http {

/// What went wrong, for who writes the app: a body in the form that the client prefers.
struct error_page {
  std::string_view content_type;
  std::string body;
};

/// A page for browsers, text, or {"detail": text} (see prefers_text). `text` is a traceback or the
/// like; the exception is the heading of the page. With `is_passing` the page loads itself anew
/// when what is wrong has been mended.
error_page render_error(std::string_view text, std::string_view accept, bool is_passing);

} // namespace fasterapi::http
