#include "config/usable_cores.hpp"

#include <catch2/catch_test_macros.hpp>

#include <cstdlib>
#include <fstream>
#include <stdexcept>
#include <string>

using fasterapi::config::usable_cores;
namespace fs = std::filesystem;

namespace {

/// A file system with control groups of its own.
class fake_root {
public:
  fake_root() {
    std::string path = (fs::temp_directory_path() / "fasterapi-XXXXXX").string();
    if (!::mkdtemp(path.data())) throw std::runtime_error{"cannot make " + path};
    root_ = path;
  }
  ~fake_root() { fs::remove_all(root_); }
  fake_root(const fake_root&) = delete;
  fake_root& operator=(const fake_root&) = delete;

  void write(const std::string& path, const std::string& text) const {
    fs::create_directories((root_ / path).parent_path());
    std::ofstream{root_ / path} << text;
  }
  unsigned cores(unsigned affinity) const { return usable_cores(affinity, root_); }

private:
  fs::path root_;
};

} // namespace

TEST_CASE("usable_cores: without control groups the affinity decides") {
  const fake_root root;
  CHECK(root.cores(3) == 3);
  CHECK(root.cores(0) == 1);
}

TEST_CASE("usable_cores: a quota of version 2 is rounded up") {
  const fake_root root;
  root.write("proc/self/cgroup", "0::/\n");
  root.write("sys/fs/cgroup/cpu.max", "150000 100000\n");
  CHECK(root.cores(8) == 2);
  CHECK(root.cores(1) == 1);
  root.write("sys/fs/cgroup/cpu.max", "10000 100000\n");
  CHECK(root.cores(8) == 1);
  root.write("sys/fs/cgroup/cpu.max", "max 100000\n");
  CHECK(root.cores(8) == 8);
}

TEST_CASE("usable_cores: the least quota of a group and those above counts") {
  const fake_root root;
  root.write("proc/self/cgroup", "0::/system.slice/app.service\n");
  root.write("sys/fs/cgroup/system.slice/cpu.max", "200000 100000\n");
  root.write("sys/fs/cgroup/system.slice/app.service/cpu.max", "600000 100000\n");
  CHECK(root.cores(8) == 2);
  root.write("sys/fs/cgroup/system.slice/app.service/cpu.max", "100000 100000\n");
  CHECK(root.cores(8) == 1);
}

TEST_CASE("usable_cores: a quota of version 1 is found under its controller") {
  const fake_root root;
  root.write("proc/self/cgroup", "5:memory:/m\n4:cpu,cpuacct:/docker/abc\n0::/\n");
  root.write("sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us", "250000\n");
  root.write("sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us", "100000\n");
  CHECK(root.cores(8) == 3);
  root.write("sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us", "-1\n");
  CHECK(root.cores(8) == 8);
}

TEST_CASE("usable_cores: the group's own path below the mount counts in version 1") {
  const fake_root root;
  root.write("proc/self/cgroup", "4:cpu:/a\n");
  root.write("sys/fs/cgroup/cpu/a/cpu.cfs_quota_us", "100000\n");
  root.write("sys/fs/cgroup/cpu/a/cpu.cfs_period_us", "50000\n");
  CHECK(root.cores(8) == 2);
}

TEST_CASE("usable_cores: what makes no sense does not limit") {
  const fake_root root;
  root.write("proc/self/cgroup", "nonsense\n::\n0:\n0::\n");
  root.write("sys/fs/cgroup/cpu.max", "-5 0\n");
  CHECK(root.cores(8) == 8);
  root.write("sys/fs/cgroup/cpu.max", "");
  CHECK(root.cores(8) == 8);
}

TEST_CASE("usable_cores: this machine has some") { CHECK(usable_cores() >= 1); }
