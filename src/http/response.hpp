#pragma once

#include "http/byte_buffer.hpp"
#include "http/file_part.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace fasterapi::http {

class head_pieces;

/// What a response needs to know of its request.
struct response_context {
  bool is_head = false;     // a body is measured, not sent (RFC 9110, section 9.3.2)
  bool is_http_1_0 = false; // no chunked coding; keep-alive must be said
  bool keep_alive = true;   // the connection goes on after this answer
};

/// Builds one HTTP/1.1 answer straight in the connection's write buffer.
///
/// The body is written first, behind a gap that the head is put into by finish(), so status and
/// fields may be set before or after it and no byte is copied twice. Date, Content-Length and
/// Connection are added here; 204, 205 and 304 have no body (RFC 9110, section 15). Bytes that
/// already stand in the buffer (answers to earlier pipelined requests) are left before it.
/// Field names and values with control characters are refused (std::invalid_argument): no response
/// splitting. Its memory is reused from one answer to the next. One owner at a time.
class response {
public:
  /// Starts an answer behind what `out` holds. `out` must outlive it and not be touched meanwhile.
  void start(byte_buffer& out, const response_context& context);
  bool is_started() const noexcept { return out_ != nullptr; }

  void status(unsigned code); // 200 to 599, else std::invalid_argument
  unsigned status() const noexcept { return status_; }
  /// Adds a field. Ours give way: Content-Type and Date are replaced, "Connection: close" ends the
  /// connection after this answer. What is ours alone is dropped: other Connection options,
  /// Keep-Alive, Proxy-Connection, "Transfer-Encoding: chunked" (other codings are refused).
  /// Content-Length must be a number: it frames a stream and stands for a HEAD or 304 answer
  /// without body; otherwise the body's true size is sent.
  void header(std::string_view name, std::string_view value);
  /// Without it a body gets none; set_json sets application/json.
  void content_type(std::string_view value);
  std::string_view content_type() const noexcept;
  bool keep_alive() const noexcept { return context_.keep_alive; }
  void close_after() noexcept { context_.keep_alive = false; }

  /// A place for `size` body bytes, behind those already committed; valid until the next verb.
  char* body_tail(std::size_t size);
  void commit_body(std::size_t size) noexcept;
  void append_body(std::string_view bytes);
  /// Replaces what was there. Free of charge for bytes at the start of body_tail's memory; they may
  /// be anywhere in it.
  void set_body(std::string_view bytes);
  /// Replaces what was there by bytes that stay where they are: finish() writes the head only, and
  /// who sends the answer sends outside_body() behind the buffer.
  void set_outside_body(std::string_view bytes);
  /// Once finished: empty where there is none, or none is to be sent.
  std::string_view outside_body() const noexcept { return outside_; }
  /// The same with bytes of a file, which outside_file() sends.
  void set_outside_file(file_part bytes) noexcept;
  file_part& outside_file() noexcept { return file_; }
  /// Drops body, fields and status: for an error after a half-built answer. Not once it streams.
  void restart();
  /// Body bytes so far; once finished, those that were sent (none for HEAD).
  std::uint64_t body_size() const noexcept;

  /// Puts the head before the body; the answer is then in the buffer, complete. Ends a stream.
  void finish();

  /// Streaming instead of a body: writes the head with Transfer-Encoding: chunked (with the
  /// Content-Length that was set; HTTP/1.0 without one: closing after). Then stream_part for each
  /// piece and stream_end. Between calls the buffer may be flushed. Where the head allows no body,
  /// parts are dropped. More bytes than announced are cut off; fewer end the connection.
  void stream_start();
  void stream_part(std::string_view bytes);
  void stream_end();
  bool is_streaming() const noexcept { return is_streaming_; } // from stream_start to stream_end
  bool is_finished() const noexcept { return is_finished_; }

private:
  enum class media_type : std::uint8_t { none, json, plain, html, other };
  enum class stream_framing : std::uint8_t { none, chunks, length, until_close };

  bool has_status_without_body() const noexcept;
  void describe_status(head_pieces& head) const;
  void describe_type(head_pieces& head, bool has_length) const;
  void describe_head(head_pieces& head, std::optional<std::uint64_t> length) const;
  std::string_view last_lines() const noexcept; // Connection, and the empty line
  std::optional<std::uint64_t> length_to_send() const noexcept;
  void reset() noexcept;
  void open_body(std::size_t size);
  void drop_body() noexcept;
  bool is_body_outside() const noexcept { return !outside_.empty() || !file_.empty(); }
  bool holds(std::string_view bytes) const noexcept;
  void append_head(const head_pieces& head);
  void insert_head(const head_pieces& head);
  void set_connection(std::string_view options);
  void announce_length(std::string_view digits);

  byte_buffer* out_ = nullptr;
  response_context context_;
  unsigned status_ = 200;
  media_type type_ = media_type::none;
  stream_framing framing_ = stream_framing::none;
  bool has_date_ = false;
  bool has_upgrade_ = false;
  bool has_body_place_ = false;
  bool is_streaming_ = false;
  bool is_finished_ = false;
  std::optional<std::uint64_t> announced_length_;
  std::string_view outside_;     // the body, where it is not in out_
  file_part file_;               // likewise
  std::uint64_t body_bytes_ = 0; // streamed, or sent by finish
  std::size_t start_ = 0;        // of the answer: offset from out_->data()
  std::size_t body_begin_ = 0;   // behind the gap, likewise
  std::string other_type_;       // with media_type::other; capacity kept, like
  std::string fields_;           // "Name: value\r\n"...
};

/// "Not Found" for 404; "Unknown" for codes that IANA does not list.
std::string_view reason_phrase(unsigned status) noexcept;

/// The current IMF-fixdate (RFC 9110, section 5.6.7), renewed once a second, one copy per thread.
/// The view is valid until the thread's next call.
std::string_view http_date() noexcept;

/// A small error answer: {"detail":"..."}, FastAPI's shape, or plain text where the Accept field
/// prefers text/plain or text/html. An empty detail becomes the reason phrase. Replaces status and
/// body and leaves fields; finish() is the caller's. `detail` is UTF-8 and must tell no internals.
void write_error(response& into, unsigned status, std::string_view detail, std::string_view accept);

} // namespace fasterapi::http
