#include "require.hpp"

#include "http/characters.hpp"
#include "http/field_syntax.hpp"
#include "http/head_parser.hpp"
#include "support/beast_head.hpp"

#include <algorithm>
#include <cstdint>
#include <string>

using namespace fasterapi;
using fuzz::require;
using outcome = http::head_parser::outcome;

namespace {

constexpr std::size_t few_bytes = 300; // up to here every split is tried

struct parsed {
  explicit parsed(std::string_view text) : bytes(text) {}
  fuzz::exact_copy bytes;
  http::request request;
  http::head_parser::result result;
};

void require_same(const parsed& left, const parsed& right) {
  require(left.result.state == right.result.state, "same outcome");
  require(left.result.consumed == right.result.consumed, "same length");
  require(left.result.error.reason == right.result.error.reason, "same error");
  if (left.result.state != outcome::done) return;
  const http::request &a = left.request, &b = right.request;
  require(a.method_text == b.method_text && a.target == b.target && a.path == b.path &&
              a.query == b.query && a.host == b.host,
          "same request line");
  require(a.keep_alive == b.keep_alive && a.is_chunked == b.is_chunked &&
              a.content_length == b.content_length && a.expects_continue == b.expects_continue,
          "same framing");
  require(std::equal(a.fields.begin(), a.fields.end(), b.fields.begin(), b.fields.end(),
                     [](const http::field& x, const http::field& y) {
                       return x.name == y.name && x.value == y.value;
                     }),
          "same fields");
}

parsed parse(std::string_view text, const http::head_limits& limits) {
  parsed whole(text);
  http::head_parser parser(limits);
  whole.result = parser.parse(whole.bytes.view(), whole.request);
  return whole;
}

void parse_in_two(const parsed& whole, std::size_t split, const http::head_limits& limits) {
  http::head_parser parser(limits);
  parsed first(whole.bytes.view().substr(0, split));
  first.result = parser.parse(first.bytes.view(), first.request);
  if (first.result.state != outcome::need_more) return require_same(whole, first);
  parsed second(whole.bytes.view());
  second.result = parser.parse(second.bytes.view(), second.request);
  require_same(whole, second);
}

void check_failed(const http::error& error) {
  const unsigned statuses[] = {400, 414, 417, 431, 501, 505};
  require(std::find(std::begin(statuses), std::end(statuses), error.status) != std::end(statuses),
          "a documented status");
  require(!error.reason.empty(), "an error has a reason");
}

void check_done(const parsed& whole, const http::head_limits& limits) {
  const http::request& r = whole.request;
  require(whole.result.consumed <= whole.bytes.view().size(), "consumed what there is");
  require(whole.result.consumed <= limits.max_head_bytes, "a head within its limit");
  require(whole.bytes.view().substr(0, whole.result.consumed).ends_with("\r\n\r\n") ||
              r.fields.empty(),
          "a head ends with an empty line");
  require(r.target.size() <= limits.max_target_bytes, "a target within its limit");
  require(r.fields.size() <= limits.max_fields, "fields within their limit");
  require(whole.bytes.contains(r.method_text) && whole.bytes.contains(r.target), "views");
  require(r.host.empty() || whole.bytes.contains(r.host), "host is a view");
  require(!(r.content_length && r.is_chunked), "one framing");
  require(r.is_http_1_0 || r.find("host"), "HTTP/1.1 has a host");
  require(!r.is_http_1_0 || !r.is_chunked, "HTTP/1.0 has no chunks");
  for (const http::field& each : r.fields) {
    require(whole.bytes.contains(each.name) && whole.bytes.contains(each.value),
            "fields are views");
    require(http::is_token(each.name), "a name is a token");
    require(http::is_field_value(each.value), "a value is text");
    require(http::trim(each.value) == each.value, "a value has no space around it");
  }
}

/// The request, written plainly, is the same request.
void check_written_again(const parsed& whole) {
  const http::request& r = whole.request;
  std::string plain = std::string(r.method_text) + " " + std::string(r.target) +
                      (r.is_http_1_0 ? " HTTP/1.0\r\n" : " HTTP/1.1\r\n");
  for (const http::field& each : r.fields) {
    plain += std::string(each.name) + ": " + std::string(each.value) + "\r\n";
  }
  plain += "\r\n";
  http::head_limits limits;
  limits.max_head_bytes = plain.size();
  auto again = parse(plain, limits);
  require(again.result.consumed == plain.size(), "the plain head is consumed");
  again.result.consumed = whole.result.consumed;
  require_same(whole, again);
}

/// Ours is no laxer than Beast's parser, and reads nothing else.
void check_against_beast(const parsed& whole) {
  const auto head =
      tests::with_version_for_beast(whole.bytes.view().substr(0, whole.result.consumed));
  require(tests::beast_head{head}.agrees_with(whole.request), "Beast reads the same head");
}

void check(std::string_view text, const http::head_limits& limits) {
  const auto whole = parse(text, limits);
  if (whole.result.state == outcome::failed) check_failed(whole.result.error);
  if (whole.result.state == outcome::done) {
    check_done(whole, limits);
    check_written_again(whole);
    check_against_beast(whole);
    require_same(whole, parse(text.substr(0, whole.result.consumed), limits));
  }
  const std::size_t step = text.size() <= few_bytes ? 1 : text.size() / 16;
  for (std::size_t split = 0; split < text.size(); split += step)
    parse_in_two(whole, split, limits);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  check(text, {});
  check(text, {24, 120, 4});
  return 0;
}
