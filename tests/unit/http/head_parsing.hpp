#pragma once

#include "http/head_parser.hpp"

#include <catch2/catch_test_macros.hpp>

#include <memory>
#include <string>
#include <string_view>

namespace fasterapi::http {

/// What came of a head, with the memory that the request's views point into.
struct parsed_head {
  std::unique_ptr<char[]> bytes; // as long as the input: sanitizers see a read behind it
  head_parser::result result;
  http::request request;
  unsigned status() const { return result.error.status; }
  bool is_done() const { return result.state == head_parser::outcome::done; }
};

inline std::unique_ptr<char[]> copy_exactly(std::string_view text) {
  std::unique_ptr<char[]> copy{new char[text.size()]};
  text.copy(copy.get(), text.size());
  return copy;
}

inline parsed_head parse_whole(std::string_view text, const head_limits& limits = {}) {
  parsed_head parsed;
  parsed.bytes = copy_exactly(text);
  head_parser parser(limits);
  parsed.result = parser.parse({parsed.bytes.get(), text.size()}, parsed.request);
  return parsed;
}

/// Feeds `text[0, first)` and then one byte more at a time, from fresh memory each time, as a
/// buffer that grows and moves would hold them.
inline parsed_head parse_growing(std::string_view text, std::size_t first, std::size_t step,
                                 const head_limits& limits = {}) {
  parsed_head parsed;
  head_parser parser(limits);
  for (std::size_t size = first;; size = std::min(size + step, text.size())) {
    parsed.bytes = copy_exactly(text.substr(0, size));
    parsed.result = parser.parse({parsed.bytes.get(), size}, parsed.request);
    if (parsed.result.state != head_parser::outcome::need_more || size == text.size()) {
      return parsed;
    }
  }
}

inline void check_same(const parsed_head& left, const parsed_head& right) {
  CHECK(left.result.state == right.result.state);
  CHECK(left.result.consumed == right.result.consumed);
  CHECK(left.status() == right.status());
  CHECK(left.result.error.reason == right.result.error.reason);
  CHECK(left.request.target == right.request.target);
  CHECK(left.request.path == right.request.path);
  CHECK(left.request.host == right.request.host);
  CHECK(left.request.content_length == right.request.content_length);
  CHECK(left.request.is_chunked == right.request.is_chunked);
  CHECK(left.request.keep_alive == right.request.keep_alive);
  REQUIRE(left.request.fields.size() == right.request.fields.size());
  for (std::size_t i = 0; i < left.request.fields.size(); ++i) {
    CHECK(left.request.fields[i].name == right.request.fields[i].name);
    CHECK(left.request.fields[i].value == right.request.fields[i].value);
  }
}

/// Parses it whole, in two pieces split at every byte, and byte by byte: all must agree.
inline parsed_head parse_split(std::string_view text, const head_limits& limits = {}) {
  auto whole = parse_whole(text, limits);
  for (std::size_t split = 0; split < text.size(); ++split) {
    INFO("split at " << split);
    check_same(whole, parse_growing(text, split, text.size(), limits));
  }
  check_same(whole, parse_growing(text, 0, 1, limits));
  return whole;
}

/// A GET of 1.1 with these further lines, each with its CRLF.
inline std::string with_fields(std::string_view lines) {
  return "GET / HTTP/1.1\r\nHost: a\r\n" + std::string(lines) + "\r\n";
}

} // namespace fasterapi::http
