#include "http/chunked_decoder.hpp"

#include "http/characters.hpp"
#include "http/field_section.hpp"

#include <algorithm>
#include <cstring>

namespace fasterapi::http {

chunked_decoder::step chunked_decoder::feed(std::string_view bytes) {
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    error refused;
    switch (state_) {
    case state::line:
      refused = take_line(bytes[at]);
      break;
    case state::payload:
      return take_payload(bytes, at);
    case state::payload_cr:
    case state::payload_lf:
      refused = take_line_ending(bytes[at]);
      break;
    case state::trailer:
      return take_trailer(bytes, at);
    case state::finished:
      return {outcome::done, at, {}, {}};
    }
    if (refused) return {outcome::failed, at, {}, refused};
  }
  return {state_ == state::finished ? outcome::done : outcome::need_more, bytes.size(), {}, {}};
}

chunked_decoder::decoded chunked_decoder::feed_in_place(byte_buffer& bytes, std::size_t begin) {
  std::size_t payload_end = begin;
  for (std::size_t at = begin;;) {
    const step next = feed(bytes.view().substr(at));
    at += next.consumed;
    if (next.state != outcome::payload) return {next.state, payload_end, at, next.error};
    std::memmove(bytes.data() + payload_end, next.payload.data(), next.payload.size());
    payload_end += next.payload.size();
  }
}

error chunked_decoder::take_line(char c) {
  if (const error refused = line_.take(c, *limits_)) return refused;
  if (!line_.is_complete()) return {};
  remaining_ = line_.size();
  line_.next();
  if (remaining_ > limits_->max_body_bytes - body_bytes_) return {413, "request body too large"};
  body_bytes_ += remaining_;
  state_ = remaining_ == 0 ? state::trailer : state::payload;
  return {};
}

error chunked_decoder::take_line_ending(char c) {
  const bool is_carriage_return = state_ == state::payload_cr;
  if (c != (is_carriage_return ? '\r' : '\n')) return {400, "chunk longer than its size"};
  state_ = is_carriage_return ? state::payload_lf : state::line;
  return {};
}

chunked_decoder::step chunked_decoder::take_payload(std::string_view bytes, std::size_t at) {
  const auto size =
      static_cast<std::size_t>(std::min<std::uint64_t>(remaining_, bytes.size() - at));
  remaining_ -= size;
  if (remaining_ == 0) state_ = state::payload_cr;
  return {outcome::payload, at + size, bytes.substr(at, size), {}};
}

/// Keeps the section as text up to its empty line; where that is all, nothing is copied.
chunked_decoder::step chunked_decoder::take_trailer(std::string_view bytes, std::size_t at) {
  constexpr std::string_view empty_line = "\r\n";
  if (trailer_.empty() && bytes.substr(at, 2) == empty_line) {
    state_ = state::finished;
    return {outcome::done, at + 2, {}, {}};
  }
  while (at < bytes.size() && state_ == state::trailer) {
    const std::size_t end = std::min(bytes.find('\n', at), bytes.size() - 1) + 1;
    const std::size_t room = limits_->max_trailer_bytes + empty_line.size() - trailer_.size();
    if (end - at > room) return {outcome::failed, at, {}, {431, "trailer section too large"}};
    trailer_.append(bytes.substr(at, end - at));
    at = end;
    if (bytes[end - 1] != '\n') break;
    if (const error refused = take_trailer_line(trailer_.view().substr(trailer_line_))) {
      return {outcome::failed, at, {}, refused};
    }
  }
  return {state_ == state::finished ? outcome::done : outcome::need_more, at, {}, {}};
}

error chunked_decoder::take_trailer_line(std::string_view line) {
  if (!line.ends_with("\r\n")) return {400, "bare LF"};
  if (is_blank(line.front())) return {400, "line folding"};
  trailer_line_ = trailer_.size();
  if (line.size() > 2) return {};
  state_ = state::finished;
  const auto take = [&](known_field which, std::string_view name, std::string_view value) {
    // It would change how the message is framed, routed or answered, had it come in its head
    // (RFC 9110, section 6.5.1).
    if (which != known_field::other) return error{400, "forbidden trailer field"};
    trailer_fields_.push_back({name, value});
    return error{};
  };
  return read_fields(trailer_.view(), 0, take).refused;
}

void chunked_decoder::trailers(std::vector<field>& into) const {
  into.insert(into.end(), trailer_fields_.begin(), trailer_fields_.end());
}

void chunked_decoder::reset() noexcept {
  state_ = state::line;
  line_ = {};
  remaining_ = body_bytes_ = 0;
  trailer_line_ = 0;
  trailer_.clear();
  trailer_fields_.clear();
}

} // namespace fasterapi::http
