#include "python_check.hpp"

#include "http/byte_buffer.hpp"
#include "python/json_reader.hpp"

#include <cstdint>
#include <cstring>
#include <memory>

using namespace fasterapi;

/// A body of any bytes becomes the value that json.loads makes of it, or its exception; the value
/// is written as json.dumps writes it.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const fuzz::python_check& check = *new fuzz::python_check("json_check");
  // In memory that ends right behind the padding, so that AddressSanitizer sees further reads.
  const std::unique_ptr<char[]> bytes{new char[size + http::byte_buffer::padding]};
  std::memcpy(bytes.get(), data, size);
  std::memset(bytes.get() + size, '"', http::byte_buffer::padding);
  const std::string_view text{bytes.get(), size};
  check("check", text, python::read_json(text, check.state()));
  return 0;
}
