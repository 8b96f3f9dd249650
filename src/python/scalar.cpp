#include "python/scalar.hpp"

#include "http/request.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>

namespace fasterapi::python {

namespace {

constexpr std::size_t most_digits = 4300; // as Python's own limit, and pydantic's
constexpr std::size_t most_fast_digits = 18;

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

bool take_sign(std::string_view& text) noexcept {
  if (text.empty() || (text.front() != '-' && text.front() != '+')) return false;
  const bool is_minus = text.front() == '-';
  text.remove_prefix(1);
  return is_minus;
}

// Digits with single underscores between them; empty: there are none.
std::string_view take_digit_groups(std::string_view& text) noexcept {
  std::size_t end = 0;
  while (end < text.size() &&
         (is_digit(text[end]) || (text[end] == '_' && end != 0 && text[end - 1] != '_')))
    ++end;
  if (end != 0 && text[end - 1] == '_') --end;
  const auto digits = text.substr(0, end);
  text.remove_prefix(end);
  return digits;
}

bool is_zero_fraction(std::string_view text) noexcept {
  return text.size() > 1 && text.front() == '.' &&
         text.find_first_not_of('0', 1) == std::string_view::npos;
}

py_ref to_integer(std::string_view digits, bool is_negative) {
  std::string plain;
  if (is_negative) plain += '-';
  std::copy_if(digits.begin(), digits.end(), std::back_inserter(plain), is_digit);
  return py_ref::steal(PyLong_FromString(plain.c_str(), nullptr, 10));
}

std::size_t take_digits(std::string_view& text) noexcept {
  const std::size_t count = std::min(text.find_first_not_of("0123456789"), text.size());
  text.remove_prefix(count);
  return count;
}

bool is_decimal(std::string_view text) noexcept {
  std::size_t digits = take_digits(text);
  if (!text.empty() && text.front() == '.') {
    text.remove_prefix(1);
    digits += take_digits(text);
  }
  if (digits == 0) return false;
  if (!text.empty() && (text.front() == 'e' || text.front() == 'E')) {
    text.remove_prefix(1);
    take_sign(text);
    if (take_digits(text) == 0) return false;
  }
  return text.empty();
}

bool is_float(std::string_view text) noexcept {
  take_sign(text);
  return is_decimal(text) || http::iequals(text, "inf") || http::iequals(text, "infinity") ||
         http::iequals(text, "nan");
}

// Not both underscores and white space, as pydantic has it.
std::string without_underscores(std::string_view text) {
  const bool is_grouped = text.find('_') != std::string_view::npos && text.front() != '_' &&
                          text.back() != '_' && text.find("__") == std::string_view::npos;
  std::string plain{is_grouped ? text : trim_unicode(text)};
  if (is_grouped) std::erase(plain, '_');
  return plain;
}

} // namespace

py_ref read_int(std::string_view text, const refusal*& why) {
  if (!text.empty() && text.size() <= most_fast_digits &&
      std::all_of(text.begin(), text.end(), is_digit)) {
    long long value = 0;
    for (const char c : text) value = value * 10 + (c - '0');
    return py_ref::steal(PyLong_FromLongLong(value));
  }
  text = trim_unicode(text);
  const bool is_negative = take_sign(text);
  const auto digits = take_digit_groups(text);
  if (digits.empty() || (!text.empty() && !is_zero_fraction(text))) {
    why = &int_parsing;
    return {};
  }
  const auto underscores = static_cast<std::size_t>(std::count(digits.begin(), digits.end(), '_'));
  if (digits.size() - underscores > most_digits) {
    why = &int_parsing_size;
    return {};
  }
  return to_integer(digits, is_negative);
}

py_ref read_float(std::string_view text, const refusal*& why) {
  const std::string plain = text.empty() ? std::string{} : without_underscores(text);
  if (!is_float(plain)) {
    why = &float_parsing;
    return {};
  }
  const double value = PyOS_string_to_double(plain.c_str(), nullptr, nullptr);
  if (value == -1.0 && PyErr_Occurred() != nullptr) return {};
  return py_ref::steal(PyFloat_FromDouble(value));
}

py_ref read_bool(std::string_view text, const refusal*& why) {
  constexpr std::array<std::string_view, 6> truths{"true", "1", "yes", "on", "t", "y"};
  constexpr std::array<std::string_view, 6> lies{"false", "0", "no", "off", "f", "n"};
  const auto is_text = [text](std::string_view word) { return http::iequals(text, word); };
  if (std::any_of(truths.begin(), truths.end(), is_text)) return py_ref::borrow(Py_True);
  if (std::any_of(lies.begin(), lies.end(), is_text)) return py_ref::borrow(Py_False);
  why = &bool_parsing;
  return {};
}

py_ref read_text(std::string_view text) {
  return py_ref::steal(
      PyUnicode_DecodeUTF8(text.data(), static_cast<Py_ssize_t>(text.size()), "replace"));
}

} // namespace fasterapi::python
