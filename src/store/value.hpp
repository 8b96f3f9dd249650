#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>

namespace fasterapi::store {

/// What a key has, or a message is: immutable, so that threads share its text. The kinds are those
/// that Python code wants back as they were; to the store only `integer` means anything.
class value {
public:
  enum class kind : std::uint8_t { bytes, text, json, integer };

  explicit value(std::int64_t number) noexcept : kind_{kind::integer}, number_{number} {}
  value(kind what, std::string text)
      : kind_{what}, text_{std::make_shared<const std::string>(std::move(text))} {}

  kind what() const noexcept { return kind_; }
  std::int64_t number() const noexcept { return number_; }    // of an integer
  const std::string& text() const noexcept { return *text_; } // of the others
  std::size_t bytes() const noexcept { return text_ ? text_->size() : sizeof number_; }

  bool operator==(const value& other) const noexcept {
    if (kind_ != other.kind_) return false;
    return text_ ? *text_ == *other.text_ : number_ == other.number_;
  }

private:
  kind kind_;
  std::int64_t number_ = 0;
  std::shared_ptr<const std::string> text_; // null: an integer
};

} // namespace fasterapi::store
