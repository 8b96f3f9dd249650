#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace fasterapi::config {

/// Of a character in the file; both count from 1, columns in code points.
struct position {
  std::size_t line = 1;
  std::size_t column = 1;
};

/// A JSON value that knows where it stands.
struct node {
  enum class type { null, boolean, integer, number, text, array, object };

  type is = type::null;
  std::string text; // of scalars: a text's value, a number or boolean as written
  position at;
  std::string name; // of an object's member
  position name_at;
  std::vector<node> children;
};

/// The file as a tree: RFC 8259 with // and /* */ comments and an optional byte order mark. Throws
/// config_error ("name:line:column: ...") where it is malformed, too large, too deep, or no object.
node parse_document(std::string_view text, std::string_view name);

/// "name:line:column: ", as compilers write it.
std::string place(std::string_view name, position at);

} // namespace fasterapi::config
