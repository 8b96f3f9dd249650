#include "require.hpp"

#include "http/target.hpp"
#include "http/utf8.hpp"

#include <cstdint>
#include <string>

using namespace fasterapi;
using fuzz::require;

namespace {

bool is_part(const fuzz::exact_copy& bytes, std::string_view part) {
  return bytes.contains(part) || part == "/" || part == "*" || part.empty();
}

void check_path(std::string_view path) {
  require(path == "*" || path.starts_with('/'), "a path starts with a slash");
  require(path.find('\0') == std::string_view::npos, "a path has no NUL");
  require(http::is_utf8(path), "a path is UTF-8");
  for (std::size_t begin = 0; begin <= path.size();) {
    const auto end = std::min(path.find('/', begin), path.size());
    const auto segment = path.substr(begin, end - begin);
    require(segment != "." && segment != "..", "a path has no dot segments");
    begin = end + 1;
  }
}

void check_target(std::string_view text, http::method verb) {
  const fuzz::exact_copy bytes(text);
  http::request into;
  into.verb = verb;
  const auto refused = http::parse_target(bytes.view(), into);
  require(!refused || refused.status == 400 || refused.status == 501, "a documented status");
  if (refused) return;
  require(is_part(bytes, into.raw_path) && is_part(bytes, into.query), "views of the target");
  require(into.is_asterisk_form == (into.raw_path == "*"), "asterisk-form has that path");
  require(!into.is_asterisk_form || verb == http::method::options, "OPTIONS alone has it");
  require(http::is_valid_host(into.host), "the host is one");
  check_path(into.path);
  std::string decoded;
  require(http::percent_decode(into.raw_path, decoded, false), "the path has whole escapes");
  require(decoded == into.path, "decoded once");
}

void check_query(std::string_view text) {
  const fuzz::exact_copy bytes(text);
  std::string strict, lenient;
  http::for_each_query_pair(bytes.view(), [&](std::string_view name, std::string_view value) {
    require(is_part(bytes, name) && is_part(bytes, value), "pairs are views");
    lenient.clear();
    http::form_decode(name, lenient);
    require(http::query_value(text, lenient).has_value(), "a name that is there is found");
  });
  lenient.clear();
  http::form_decode(text, lenient);
  const bool is_whole = http::percent_decode(text, strict, true);
  require(!is_whole || strict == lenient, "both decoders agree where nothing is malformed");
}

} // namespace

/// The first byte picks the method; the rest is the target.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view text{reinterpret_cast<const char*>(data + 1), size - 1};
  check_target(text, static_cast<http::method>(data[0] % http::method_count));
  if (size < 4096) check_query(text);
  return 0;
}
