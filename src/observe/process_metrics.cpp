#include "observe/process_metrics.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

namespace fasterapi::observe {

namespace {

// Places behind the command's name in /proc/self/stat, proc(5).
enum stat_field : std::size_t {
  user = 11,
  system = 12,
  threads = 17,
  start = 19,
  size = 20,
  resident = 21
};

std::vector<std::uint64_t> read_stat() {
  std::ifstream file{"/proc/self/stat"};
  std::string line{std::istreambuf_iterator<char>{file}, {}};
  line.erase(0, line.rfind(')') + 1); // the name may have spaces
  std::istringstream words{line};
  std::vector<std::uint64_t> fields;
  for (std::string word; words >> word;) fields.push_back(std::strtoull(word.c_str(), nullptr, 10));
  return fields;
}

double boot_time() {
  std::ifstream file{"/proc/stat"};
  for (std::string word; file >> word;) {
    double seconds = 0;
    if (word == "btime" && file >> seconds) return seconds;
  }
  return 0;
}

std::uint64_t count_descriptors() {
  std::error_code error;
  std::uint64_t count = 0;
  for (std::filesystem::directory_iterator each{"/proc/self/fd", error}, end; !error && each != end;
       each.increment(error))
    ++count;
  return count == 0 ? 0 : count - 1; // the one that looks
}

} // namespace

void append_process_metrics(exposition& to) {
  const auto fields = read_stat();
  if (fields.size() > resident) {
    const auto tick = static_cast<double>(::sysconf(_SC_CLK_TCK));
    const auto page = static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
    to.single("process_cpu_seconds_total", "counter", "CPU time of user and system, in seconds.",
              static_cast<double>(fields[user] + fields[system]) / tick);
    to.single("process_resident_memory_bytes", "gauge", "Resident memory, in bytes.",
              fields[resident] * page);
    to.single("process_virtual_memory_bytes", "gauge", "Virtual memory, in bytes.", fields[size]);
    to.single("process_threads", "gauge", "Threads.", fields[threads]);
    to.single("process_start_time_seconds", "gauge", "Start, in seconds since the epoch.",
              boot_time() + static_cast<double>(fields[start]) / tick);
  }
  to.single("process_open_fds", "gauge", "Open file descriptors.", count_descriptors());
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) == 0)
    to.single("process_max_fds", "gauge", "File descriptors allowed.",
              static_cast<std::uint64_t>(limit.rlim_cur));
}

} // namespace fasterapi::observe
