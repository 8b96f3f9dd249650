#pragma once

namespace fasterapi::test {

/// A test left an interpreter behind whose threads never end: the process must end without
/// unwinding CPython.
void abandon_python() noexcept;

} // namespace fasterapi::test
