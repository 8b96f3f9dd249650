#include "python/json_text.hpp"

#include "interpreter.hpp"

#include <bit>
#include <cmath>
#include <cstdint>
#include <random>
#include <string>

namespace fasterapi::python {

namespace {

std::string ours(double value) {
  char text[32];
  return {text, write_float(value, text)};
}

std::string theirs(double value) {
  char* const text = PyOS_double_to_string(value, 'r', 0, Py_DTSF_ADD_DOT_0, nullptr);
  std::string copied{text};
  PyMem_Free(text);
  return copied;
}

} // namespace

TEST_CASE("json_text: a float is written as float.__repr__ writes it") {
  interpreter python;
  for (const double value : {0.0, -0.0, 1.0, 0.1, 1e15, 9999999999999998.0, 1e16, 1e22, 1e23, 1e-4,
                             0.00009999, 5e-324, 2.2250738585072014e-308, 1.7976931348623157e308,
                             9007199254740993.0, 4503599627370497.5, 123456.789})
    CHECK(ours(value) == theirs(value));
  std::mt19937_64 random{7};
  for (int i = 0; i < 300'000; ++i) {
    const auto bits = std::bit_cast<double>(random());
    if (std::isfinite(bits)) REQUIRE(ours(bits) == theirs(bits));
    const double usual = static_cast<double>(static_cast<std::int64_t>(random() >> 12)) / 1e6;
    REQUIRE(ours(usual) == theirs(usual));
  }
}

TEST_CASE("json_text: an exact power of two is written as float.__repr__ writes it") {
  interpreter python;
  for (int exponent = -1074; exponent < 1024; ++exponent) {
    const double value = std::ldexp(1.0, exponent);
    REQUIRE(ours(value) == theirs(value));
    REQUIRE(ours(std::nextafter(value, 0)) == theirs(std::nextafter(value, 0)));
  }
}

} // namespace fasterapi::python
