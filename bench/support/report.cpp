#include "support/report.hpp"

#include "support/instructions.hpp"

#include <nlohmann/json.hpp>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace fasterapi::bench {

namespace {

[[noreturn]] void refuse(std::string_view argument) {
  std::fprintf(stderr, "%.*s: there are --smoke, --only TEXT, --json FILE\n",
               static_cast<int>(argument.size()), argument.data());
  std::exit(2);
}

} // namespace

report& results() {
  static report only_one;
  return only_one;
}

void fail(const std::string& what) {
  std::fprintf(stderr, "error: %s\n", what.c_str());
  std::fflush(nullptr);
  std::_Exit(1);
}

void report::start(int count, char* arguments[]) {
  program_ = std::filesystem::path(arguments[0]).filename().string();
  for (int i = 1; i < count; ++i) {
    const std::string_view given = arguments[i];
    const bool has_value = i + 1 < count;
    if (given == "--smoke") {
      is_smoke_ = true;
    } else if (given == "--only" && has_value) {
      only_ = arguments[++i];
    } else if (given == "--json" && has_value) {
      json_file_ = arguments[++i];
    } else {
      refuse(given);
    }
  }
}

bool report::wants(std::string_view name) const noexcept {
  return name.find(only_) != std::string_view::npos;
}

void report::add(row measured) {
  std::printf("%-48s", measured.name.c_str());
  for (const auto& [name, value] : measured.figures) std::printf("  %s %.1f", name.c_str(), value);
  std::printf("\n");
  std::fflush(stdout);
  rows_.push_back(std::move(measured));
}

int report::finish() const {
  if (rows_.empty() && !is_under_callgrind()) {
    std::fprintf(stderr, "nothing has \"%s\" in its name\n", only_.c_str());
    return 1;
  }
  if (json_file_.empty()) return 0;
  auto rows = nlohmann::ordered_json::array();
  for (const row& each : rows_) {
    nlohmann::ordered_json entry{{"name", each.name}};
    for (const auto& [name, value] : each.figures) entry[name] = value;
    rows.push_back(std::move(entry));
  }
  std::ofstream file{json_file_};
  file << nlohmann::ordered_json{{"program", program_}, {"rows", std::move(rows)}}.dump(1) << '\n';
  file.close();
  if (!file) std::fprintf(stderr, "%s cannot be written\n", json_file_.c_str());
  return file ? 0 : 1;
}

} // namespace fasterapi::bench
