#include "config/usable_cores.hpp"

#include <sched.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <fstream>
#include <memory>
#include <string>

namespace fasterapi::config {
namespace {

namespace fs = std::filesystem;

constexpr double unlimited = 1e9;

unsigned affinity_cores() {
  struct freer {
    void operator()(cpu_set_t* set) const { CPU_FREE(set); }
  };
  // The kernel refuses sets smaller than its own, whose size it does not tell.
  for (std::size_t cores = 1024; cores <= 1024 * 1024; cores *= 2) {
    const std::unique_ptr<cpu_set_t, freer> set{CPU_ALLOC(cores)};
    const std::size_t bytes = CPU_ALLOC_SIZE(cores);
    if (sched_getaffinity(0, bytes, set.get()) == 0)
      return static_cast<unsigned>(std::max(1, CPU_COUNT_S(bytes, set.get())));
    if (errno != EINVAL) break;
  }
  return 1;
}

/// v2, cpu.max: "max 100000" or "150000 100000".
double quota_v2(const fs::path& group) {
  double quota = 0, period = 0;
  std::ifstream file{group / "cpu.max"};
  return file >> quota >> period && quota > 0 && period > 0 ? quota / period : unlimited;
}

/// v1, cpu.cfs_quota_us: -1 is no quota.
double quota_v1(const fs::path& group) {
  double quota = 0, period = 0;
  std::ifstream quota_file{group / "cpu.cfs_quota_us"}, period_file{group / "cpu.cfs_period_us"};
  return quota_file >> quota && period_file >> period && quota > 0 && period > 0 ? quota / period
                                                                                 : unlimited;
}

/// The least quota of a group and those above it. In a container the path may be the host's, of
/// which only the end of the walk, the mount itself, is there.
double least_quota(const fs::path& mount, const fs::path& group, double (*quota)(const fs::path&)) {
  double least = quota(mount);
  fs::path at = mount;
  for (const auto& part : group.relative_path()) least = std::min(least, quota(at /= part));
  return least;
}

bool names_cpu(const std::string& controllers) {
  return ("," + controllers + ",").find(",cpu,") != std::string::npos;
}

/// Lines of /proc/self/cgroup: "0::/path" (v2), "4:cpu,cpuacct:/path" (v1); see cgroups(7).
double quota_of_line(const std::string& line, const fs::path& root) {
  const auto first = line.find(':');
  const auto second = line.find(':', first == line.npos ? first : first + 1);
  if (second == line.npos) return unlimited;
  const std::string controllers = line.substr(first + 1, second - first - 1);
  const fs::path group = line.substr(second + 1);
  const fs::path mounts = root / "sys/fs/cgroup";
  if (controllers.empty())
    return std::min(least_quota(mounts, group, quota_v2),
                    least_quota(mounts / "unified", group, quota_v2));
  return names_cpu(controllers) ? least_quota(mounts / controllers, group, quota_v1) : unlimited;
}

} // namespace

unsigned usable_cores() { return usable_cores(affinity_cores(), "/"); }

unsigned usable_cores(unsigned affinity, const fs::path& root) {
  double quota = unlimited;
  std::ifstream groups{root / "proc/self/cgroup"};
  for (std::string line; std::getline(groups, line);)
    quota = std::min(quota, quota_of_line(line, root));
  const double cores = std::min(std::ceil(quota), static_cast<double>(affinity));
  return std::max(1U, static_cast<unsigned>(cores));
}

} // namespace fasterapi::config
