#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fasterapi::bench {

/// What was measured, and its figures by name with the unit behind it: {"p50_ns", 812}.
struct row {
  std::string name;
  std::vector<std::pair<std::string, double>> figures;
};

/// A bench program's command line, and what it found: printed row by row, and kept for --json.
class report {
public:
  /// --smoke, --only TEXT, --json FILE; others end the program with status 2.
  void start(int count, char* arguments[]);
  /// Writes the file. The exit status: 1 where nothing was measured, or it cannot be written.
  int finish() const;

  /// A few iterations, to see that it works.
  bool is_smoke() const noexcept { return is_smoke_; }
  std::size_t scaled(std::size_t full, std::size_t smoke) const noexcept {
    return is_smoke_ ? smoke : full;
  }
  /// The name has --only's text in it.
  bool wants(std::string_view name) const noexcept;
  const std::string& program() const noexcept { return program_; }
  void add(row measured);

private:
  std::string program_;
  std::string only_;
  std::string json_file_;
  bool is_smoke_ = false;
  std::vector<row> rows_;
};

/// The program's only one.
report& results();

/// Says what is wrong and ends the process with status 1, from any thread.
[[noreturn]] void fail(const std::string& what);

} // namespace fasterapi::bench
