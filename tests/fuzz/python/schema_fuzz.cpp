#include "python_check.hpp"

#include <cstdint>

using namespace fasterapi;

/// The first byte picks a type; the rest, a body of any bytes, is read, refused, checked and
/// written by its schema in C++ as by that in Python.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const fuzz::python_check& check = *new fuzz::python_check("schema_check");
  check("check", {reinterpret_cast<const char*>(data), size}, python::py_ref::borrow(Py_None));
  return 0;
}
