#include "python/codec.hpp"

namespace fasterapi::python {

void codec::clear() noexcept {
  for (py_ref* each : references_of(*this)) each->reset();
  for (py_ref& each : forms) each.reset();
  keys.clear();
  parser.reset();
}

} // namespace fasterapi::python
