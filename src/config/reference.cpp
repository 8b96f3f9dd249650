#include "config/reference.hpp"

#include "config/file.hpp"
#include "config/value.hpp"

#include <algorithm>
#include <filesystem>

namespace fasterapi::config {
namespace {

constexpr std::string_view file_prefix = "file:";

bool is_name(std::string_view text) {
  return !text.empty() && !(text.front() >= '0' && text.front() <= '9') &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '_';
         });
}

std::string read_secret(const std::string& path) {
  std::error_code error; // a pipe or device could keep us waiting for ever
  if (path.find('\0') != path.npos || !std::filesystem::is_regular_file(path, error))
    throw std::runtime_error{"no such file: " + quote(path)};
  std::string text = read_file(path);
  if (text.size() > max_file_bytes) throw std::runtime_error{"larger than 1 MiB: " + quote(path)};
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
  return text;
}

std::string read_variable(std::string_view reference, const environment& get) {
  const auto split = reference.find(":-");
  const std::string name{reference.substr(0, split)};
  if (!is_name(name))
    throw std::runtime_error{
        "malformed reference; expected ${NAME}, ${NAME:-default} or ${file:/path}"};
  const auto value = get(name);
  if (value && !(value->empty() && split != reference.npos)) return *value;
  if (split == reference.npos) throw std::runtime_error{"variable " + name + " is not set"};
  return std::string{reference.substr(split + 2)};
}

} // namespace

resolved resolve_references(std::string_view text, const environment& get) {
  resolved made;
  for (std::size_t from = 0;;) {
    const auto at = text.find("${", from);
    made.text += text.substr(from, at - from);
    if (at == text.npos) return made;
    if (at > from && text[at - 1] == '$') { // "$${"
      made.text += "{";
      from = at + 2;
      continue;
    }
    const auto end = text.find('}', at);
    if (end == text.npos) throw std::runtime_error{"reference without its end, '}'"};
    const std::string_view reference = text.substr(at + 2, end - at - 2);
    const bool is_file = reference.substr(0, file_prefix.size()) == file_prefix;
    made.text += is_file ? read_secret(std::string{reference.substr(file_prefix.size())})
                         : read_variable(reference, get);
    made.has_reference = true;
    made.is_secret |= is_file;
    from = end + 1;
  }
}

} // namespace fasterapi::config
