#include "server/port_file.hpp"

#include "unit/server/temporary_folder.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_exception.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <atomic>
#include <fstream>
#include <iterator>
#include <thread>

using namespace fasterapi::server;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::MessageMatches;
using fasterapi::test::temporary_folder;
namespace fs = std::filesystem;

namespace {

std::string text_of(const fs::path& path) {
  std::ifstream file{path};
  return {std::istreambuf_iterator<char>{file}, {}};
}

} // namespace

TEST_CASE("port_file: the port in a line, in the place of what was there, and no other file") {
  const temporary_folder folder;
  const fs::path path = folder.path() / "port";
  std::ofstream{path} << "something longer from before\n";
  write_port_file(path, 65535);
  CHECK(text_of(path) == "65535\n");
  write_port_file(path, 80);
  CHECK(text_of(path) == "80\n");
  CHECK(folder.names() == std::vector<std::string>{"port"});
}

TEST_CASE("port_file: who reads while it is written sees a whole number") {
  const temporary_folder folder;
  const fs::path path = folder.path() / "port";
  write_port_file(path, 1);
  std::atomic<bool> is_over{false};
  std::thread writer{[&] {
    for (int turn = 0; turn < 300; ++turn) write_port_file(path, turn % 2 == 0 ? 54321 : 1);
    is_over = true;
  }};
  int wrong = 0;
  while (!is_over) {
    const std::string seen = text_of(path);
    wrong += seen != "1\n" && seen != "54321\n";
  }
  writer.join();
  CHECK(wrong == 0);
}

TEST_CASE("port_file: a failure says which file and why, and leaves nothing behind") {
  const temporary_folder folder;
  const fs::path missing = folder.path() / "missing" / "port";
  CHECK_THROWS_MATCHES(write_port_file(missing, 1), std::runtime_error,
                       MessageMatches(ContainsSubstring("listen.port_file") &&
                                      ContainsSubstring(missing.string()) &&
                                      ContainsSubstring("No such file")));
  const fs::path taken = folder.path() / "taken";
  fs::create_directory(taken);
  CHECK_THROWS_MATCHES(write_port_file(taken, 1), std::runtime_error,
                       MessageMatches(ContainsSubstring("Is a directory")));
  CHECK(folder.names() == std::vector<std::string>{"taken"});
}
