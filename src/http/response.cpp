#include "http/response.hpp"

#include "http/head_pieces.hpp"

#include <algorithm>
#include <cassert>
#include <cstring>
#include <functional>
#include <stdexcept>
#include <utility>

namespace fasterapi::http {

namespace {

// Holds the head of most answers: status line, Date, Content-Type, Content-Length are 111 bytes.
constexpr std::size_t usual_gap = 256;
constexpr std::size_t most_own_bytes = 192; // of a head, without content type and added fields

} // namespace

void response::start(byte_buffer& out, const response_context& context) {
  out_ = &out;
  context_ = context;
  start_ = out.size();
  reset();
}

void response::restart() {
  assert(!is_streaming_);
  out_->shrink(out_->size() - start_);
  reset();
}

void response::reset() noexcept {
  status_ = 200;
  type_ = media_type::none;
  framing_ = stream_framing::none;
  has_date_ = has_upgrade_ = has_body_place_ = is_streaming_ = is_finished_ = false;
  announced_length_.reset();
  body_bytes_ = 0;
  outside_ = {};
  file_.close();
  fields_.clear();
}

void response::status(unsigned code) {
  if (code < 200 || code > 599) throw std::invalid_argument{"status must be 200 to 599"};
  status_ = code;
}

void response::open_body(std::size_t size) {
  const std::size_t gap = std::max(usual_gap, most_own_bytes + other_type_.size() + fields_.size());
  out_->prepare(gap + size);
  out_->commit(gap);
  body_begin_ = start_ + gap;
  has_body_place_ = true;
}

char* response::body_tail(std::size_t size) {
  assert(!is_body_outside());
  if (!has_body_place_) open_body(size);
  return out_->prepare(size);
}

void response::commit_body(std::size_t size) noexcept { out_->commit(size); }

// Uncommitted bytes count as well: get_write_buffer hands them out.
bool response::holds(std::string_view bytes) const noexcept {
  if (!has_body_place_ || bytes.empty()) return false;
  const char* const begin = out_->data() + body_begin_;
  const char* const end = out_->data() + out_->size() + out_->room();
  return !std::less<>{}(bytes.data(), begin) && std::less<>{}(bytes.data(), end);
}

void response::append_body(std::string_view bytes) {
  if (bytes.empty()) return;
  if (!holds(bytes)) {
    std::memcpy(body_tail(bytes.size()), bytes.data(), bytes.size());
  } else {
    // Where it has to grow, the bytes are committed ones and move along.
    const auto offset = static_cast<std::size_t>(bytes.data() - out_->data());
    char* const tail = out_->prepare(bytes.size());
    std::memmove(tail, out_->data() + offset, bytes.size());
  }
  out_->commit(bytes.size());
}

void response::set_body(std::string_view bytes) {
  const bool is_ours = holds(bytes);
  drop_body();
  if (!is_ours) return append_body(bytes);
  char* const begin = out_->data() + body_begin_;
  if (begin != bytes.data()) std::memmove(begin, bytes.data(), bytes.size());
  out_->commit(bytes.size());
}

void response::set_outside_body(std::string_view bytes) {
  drop_body();
  outside_ = bytes;
}

void response::set_outside_file(file_part bytes) noexcept {
  drop_body();
  if (!bytes.empty()) file_ = std::move(bytes);
}

void response::drop_body() noexcept {
  outside_ = {};
  file_.close();
  if (has_body_place_) out_->shrink(out_->size() - body_begin_);
}

std::uint64_t response::body_size() const noexcept {
  if (is_finished_ || is_streaming_) return body_bytes_;
  if (!outside_.empty()) return outside_.size();
  if (!file_.empty()) return file_.size();
  return has_body_place_ ? out_->size() - body_begin_ : 0;
}

void response::finish() {
  if (is_streaming_) return stream_end();
  if (is_finished_) return;
  head_pieces head;
  describe_head(head, length_to_send());
  if (context_.is_head || has_status_without_body()) drop_body();
  body_bytes_ = body_size();
  if (body_bytes_ == 0 || is_body_outside())
    append_head(head);
  else
    insert_head(head);
  is_finished_ = true;
}

void response::append_head(const head_pieces& head) {
  out_->shrink(out_->size() - start_);
  head.copy_to(out_->prepare(head.size()));
  out_->commit(head.size());
}

void response::insert_head(const head_pieces& head) {
  std::size_t gap = body_begin_ - start_;
  if (gap < head.size()) {
    const std::size_t lacking = head.size() - gap;
    out_->prepare(lacking);
    char* const body = out_->data() + body_begin_;
    std::memmove(body + lacking, body, body_bytes_);
    out_->commit(lacking);
    gap = head.size();
  }
  const std::size_t spare = gap - head.size();
  char* const begin = out_->data();
  head.copy_to(begin + start_ + spare);
  const std::size_t answer = head.size() + body_bytes_;
  // The unused part of the gap goes: earlier answers close up to this one, or it to them.
  if (start_ <= answer) {
    if (start_ != 0) std::memmove(begin + spare, begin, start_);
    out_->consume(spare);
  } else {
    std::memmove(begin + start_, begin + start_ + spare, answer);
    out_->shrink(spare);
  }
}

} // namespace fasterapi::http
