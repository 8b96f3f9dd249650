#pragma once

#include <cstddef>

namespace fasterapi::tests {

/// Calls of operator new by this thread so far, in programs that link allocation_count.cpp.
std::size_t allocation_count() noexcept;

} // namespace fasterapi::tests
