#include "require.hpp"

#include "http/chunked_decoder.hpp"

#include <cstdint>
#include <string>
#include <vector>

using namespace fasterapi;
using fuzz::require;
using outcome = http::chunked_decoder::outcome;

namespace {

constexpr std::size_t few_bytes = 300; // up to here every split is tried

struct decoded {
  outcome state = outcome::need_more;
  std::size_t consumed = 0;
  std::string_view reason;
  std::string body;
  std::string trailers; // as a trailer section

  bool operator==(const decoded& other) const {
    return state == other.state && reason == other.reason && body == other.body &&
           trailers == other.trailers && (state == outcome::failed || consumed == other.consumed);
  }
};

void feed(http::chunked_decoder& decoder, std::string_view text, decoded& into) {
  const fuzz::exact_copy bytes(text);
  std::string_view rest = bytes.view();
  for (;;) {
    const auto step = decoder.feed(rest);
    require(step.consumed <= rest.size(), "consumed what there is");
    into.state = step.state;
    into.consumed += step.consumed;
    into.reason = step.error.reason;
    if (step.state != outcome::payload) {
      require((step.state == outcome::failed) == (step.error.status != 0), "errors have a status");
      require(step.state != outcome::need_more || step.consumed == rest.size(), "all was taken");
      return;
    }
    require(!step.payload.empty() && bytes.contains(step.payload), "payload is a view");
    require(step.payload.data() + step.payload.size() == rest.data() + step.consumed,
            "payload is the last of what was consumed");
    into.body += step.payload;
    rest.remove_prefix(step.consumed);
  }
}

decoded decode(std::string_view text, std::size_t first, std::size_t step,
               const http::body_limits& limits) {
  http::chunked_decoder decoder(limits);
  decoded result;
  feed(decoder, text.substr(0, first), result);
  for (auto at = first; at < text.size() && result.state == outcome::need_more; at += step) {
    feed(decoder, text.substr(at, step), result);
  }
  std::vector<http::field> trailers;
  if (result.state == outcome::done) decoder.trailers(trailers);
  for (const http::field& each : trailers) {
    result.trailers += std::string(each.name) + ": " + std::string(each.value) + "\r\n";
  }
  return result;
}

/// The body, as one plain chunk, is the same body.
void check_written_again(const decoded& whole, const http::body_limits& limits) {
  std::string plain;
  if (!whole.body.empty()) {
    char size[20];
    std::snprintf(size, sizeof size, "%zX\r\n", whole.body.size());
    plain = size + whole.body + "\r\n";
  }
  plain += "0\r\n" + whole.trailers + "\r\n";
  http::body_limits roomy = limits;
  roomy.max_trailer_bytes = whole.trailers.size();
  auto again = decode(plain, plain.size(), 1, roomy);
  require(again.consumed == plain.size(), "the plain body is consumed");
  again.consumed = whole.consumed;
  require(again == whole, "the plain body is the same body");
}

void check(std::string_view text, const http::body_limits& limits) {
  const auto whole = decode(text, text.size(), 1, limits);
  require(whole.body.size() <= limits.max_body_bytes, "a body within its limit");
  if (whole.state == outcome::done) check_written_again(whole, limits);
  const std::size_t step = text.size() <= few_bytes ? 1 : text.size() / 16;
  for (std::size_t split = 0; split < text.size(); split += step) {
    require(decode(text, split, text.size(), limits) == whole, "two pieces are the same body");
  }
  require(decode(text, 0, 1, limits) == whole, "single bytes are the same body");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  check(text, {});
  check(text, {20, 12, 16, 24});
  return 0;
}
