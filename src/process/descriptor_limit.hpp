#pragma once

#include <cstdint>

namespace fasterapi::process {

/// Raises how many descriptors may be open at once from what is usual to what is allowed (the soft
/// limit of RLIMIT_NOFILE to the hard one): the usual 1,024 are for programs that use select().
/// How many that is.
std::uint64_t raise_descriptor_limit() noexcept;

} // namespace fasterapi::process
