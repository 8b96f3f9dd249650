#include "http/head_pieces.hpp"
#include "http/response.hpp"

#include <algorithm>
#include <cassert>
#include <charconv>
#include <cstring>

namespace fasterapi::http {

void response::stream_start() {
  assert(!is_streaming_ && !is_finished_);
  std::optional<std::uint64_t> length = announced_length_;
  if (has_status_without_body()) {
    length = length_to_send();
    framing_ = stream_framing::none;
  } else if (announced_length_) {
    framing_ = stream_framing::length;
  } else if (!context_.is_http_1_0) {
    framing_ = stream_framing::chunks;
  } else {
    framing_ = stream_framing::until_close;
    context_.keep_alive = false;
  }
  head_pieces head;
  describe_head(head, length);
  append_head(head);
  if (context_.is_head) framing_ = stream_framing::none;
  body_bytes_ = 0;
  is_streaming_ = true;
}

void response::stream_part(std::string_view bytes) {
  assert(is_streaming_);
  if (framing_ == stream_framing::none) return;
  if (framing_ == stream_framing::length) bytes = bytes.substr(0, *announced_length_ - body_bytes_);
  if (bytes.empty()) return; // as a chunk it would be the last one
  body_bytes_ += bytes.size();
  if (framing_ != stream_framing::chunks) return out_->append(bytes);

  constexpr std::size_t line_size = 16 + 2;
  char* const place = out_->prepare(line_size + bytes.size() + 2);
  char* end = std::to_chars(place, place + 16, bytes.size(), 16).ptr;
  end = std::copy_n("\r\n", 2, end);
  std::memcpy(end, bytes.data(), bytes.size());
  end = std::copy_n("\r\n", 2, end + bytes.size());
  out_->commit(static_cast<std::size_t>(end - place));
}

void response::stream_end() {
  assert(is_streaming_);
  if (framing_ == stream_framing::chunks) out_->append("0\r\n\r\n");
  // A length that was not reached can only be told by ending the connection (RFC 9112, section 8).
  if (framing_ == stream_framing::length && body_bytes_ != *announced_length_) close_after();
  is_streaming_ = false;
  is_finished_ = true;
}

} // namespace fasterapi::http
