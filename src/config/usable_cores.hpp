#pragma once

#include <filesystem>

namespace fasterapi::config {

/// Cores this process may use: its CPU affinity, and the CPU quota of its cgroups (v1 and v2)
/// rounded up. At least 1. What cannot be read does not limit.
unsigned usable_cores();

/// The same with `affinity` cores, and with /proc/self/cgroup and /sys/fs/cgroup below `root`.
unsigned usable_cores(unsigned affinity, const std::filesystem::path& root);

} // namespace fasterapi::config
