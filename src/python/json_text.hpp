#pragma once

#include "http/response.hpp"

#include <Python.h>

#include <cstddef>
#include <cstring>
#include <string_view>

namespace fasterapi::python {

/// JSON text on its way into an answer's body: a cursor into the connection's write buffer.
///
/// Nobody else may write to the answer between a verb and the next flush(); the destructor flushes.
class json_text {
public:
  explicit json_text(http::response& into) noexcept : into_(into) {}
  ~json_text() { flush(); }
  json_text(const json_text&) = delete;
  json_text& operator=(const json_text&) = delete;

  void put(char c) { *reserve(1) = c, ++at_; }
  void put(std::string_view text) {
    std::memcpy(reserve(text.size()), text.data(), text.size());
    at_ += text.size();
  }
  void put(long long value);
  /// A finite number as float.__repr__ has it.
  void put(double value);
  /// A quoted string with json.dumps' escapes; false on a lone surrogate.
  bool put_string(PyObject* text);
  /// Gives what is written to the answer. Before calls to foreign code, which may reach the answer.
  void flush() noexcept {
    if (begin_ == nullptr) return;
    into_.commit_body(static_cast<std::size_t>(at_ - begin_));
    begin_ = at_ = end_ = nullptr;
  }

private:
  char* reserve(std::size_t size) {
    if (static_cast<std::size_t>(end_ - at_) < size) grow(size);
    return at_;
  }
  void grow(std::size_t size);
  void put_latin(const unsigned char* text, std::size_t size);
  template <class Unit>
  bool put_wide(const Unit* text, std::size_t size);

  http::response& into_;
  char* begin_ = nullptr; // of what is not yet committed
  char* at_ = nullptr;
  char* end_ = nullptr;
};

/// Writes a finite float as float.__repr__ has it; returns the end. Room for 32 bytes.
char* write_float(double value, char* into) noexcept;

} // namespace fasterapi::python
