#pragma once

#include "http/body_limits.hpp"
#include "http/byte_buffer.hpp"
#include "http/chunk_line.hpp"
#include "http/error.hpp"
#include "http/request.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace fasterapi::http {

/// Decodes a chunked body (RFC 9112, section 7.1), strictly: CRLF only, hexadecimal sizes without
/// sign or white space, well-formed extensions, every part bounded. See docs/http.md.
///
/// Push parser: feed() takes bytes as they come and hands back runs of payload that point into
/// them; it stops behind the last chunk and its trailer section. Trailers are kept as text and
/// given as fields by trailers(), which is valid until reset(). Not thread-safe.
class chunked_decoder {
public:
  enum class outcome : std::uint8_t { need_more, payload, done, failed };
  struct step {
    outcome state = outcome::need_more;
    std::size_t consumed = 0; // bytes of the input that are done with
    std::string_view payload; // with payload: the last of the bytes consumed, never empty
    http::error error;        // with failed
  };
  /// Of all steps that some bytes have: never payload.
  struct decoded {
    outcome state = outcome::need_more;
    std::size_t payload_end = 0;
    std::size_t consumed = 0;
    http::error error;
  };

  explicit chunked_decoder(const body_limits& limits) noexcept : limits_(&limits) {}

  /// One step: call it again with the rest of the bytes until it needs more (all were consumed
  /// then), is done, or failed. After a failure only reset() may follow.
  step feed(std::string_view bytes);
  /// All steps of the bytes behind `begin`, in place: their payload moves down to there, over the
  /// chunk lines, and ends at payload_end.
  decoded feed_in_place(byte_buffer& bytes, std::size_t begin);
  /// Adds names and values of the trailer section; views into memory of this object.
  void trailers(std::vector<field>& into) const;
  /// Ready for another body; memory is kept.
  void reset() noexcept;

private:
  enum class state : std::uint8_t { line, payload, payload_cr, payload_lf, trailer, finished };

  error take_line(char c);
  error take_line_ending(char c);
  step take_payload(std::string_view bytes, std::size_t at);
  step take_trailer(std::string_view bytes, std::size_t at);
  error take_trailer_line(std::string_view line);

  const body_limits* limits_;
  state state_ = state::line;
  chunk_line line_;
  std::uint64_t remaining_ = 0;       // payload bytes of this chunk still to come
  std::uint64_t body_bytes_ = 0;      // payload of the message, this chunk included
  std::size_t trailer_line_ = 0;      // where in trailer_ the current line begins
  byte_buffer trailer_;               // trailer section as received
  std::vector<field> trailer_fields_; // views into it
};

} // namespace fasterapi::http
