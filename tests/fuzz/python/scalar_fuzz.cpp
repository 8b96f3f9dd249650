#include "python_check.hpp"

#include "python/scalar.hpp"

#include <algorithm>
#include <cstdint>
#include <memory>

using namespace fasterapi;

namespace {

// The value, or the type of the error.
template <class Read>
python::py_ref outcome(Read read, std::string_view text) {
  const python::refusal* why = nullptr;
  python::py_ref made = read(text, why);
  if (why == nullptr) return made;
  return python::py_ref::steal(
      PyUnicode_FromStringAndSize(why->type.data(), static_cast<Py_ssize_t>(why->type.size())));
}

} // namespace

/// The text of a path or query parameter becomes the number or bool that fasterapi._scalars makes
/// of it.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const fuzz::python_check& check = *new fuzz::python_check("scalar_check");
  const std::unique_ptr<char[]> bytes{new char[size]};
  const std::string_view text{bytes.get(), size};
  std::copy_n(data, size, bytes.get());
  check("check_int", text, outcome(python::read_int, text));
  check("check_float", text, outcome(python::read_float, text));
  check("check_bool", text, outcome(python::read_bool, text));
  check("check_text", text, python::read_text(text));
  return 0;
}
