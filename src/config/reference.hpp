#pragma once

#include "config/load.hpp"

#include <string>
#include <string_view>

namespace fasterapi::config {

/// A text of the file with its references replaced.
struct resolved {
  std::string text;
  bool has_reference = false;
  bool is_secret = false; // some of it came out of a file
};

/// Replaces `${NAME}` and `${NAME:-default}` (an unset or empty variable) and `${file:/path}` (a
/// secret: the file's text without the line end). `$${` stands for `${`. Throws std::runtime_error.
resolved resolve_references(std::string_view text, const environment& get);

} // namespace fasterapi::config
