#include "process/file_watch.hpp"

#include <catch2/catch_test_macros.hpp>

#include <fstream>
#include <unistd.h>

using fasterapi::process::file_watch;
namespace fs = std::filesystem;

namespace {

class temporary_folder {
public:
  temporary_folder() {
    std::string name = (fs::temp_directory_path() / "watchXXXXXX").string();
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    path_ = name;
  }
  ~temporary_folder() { fs::remove_all(path_); }
  temporary_folder(const temporary_folder&) = delete;
  temporary_folder& operator=(const temporary_folder&) = delete;
  fs::path operator/(const std::string& name) const { return path_ / name; }
  const fs::path& path() const { return path_; }

private:
  fs::path path_;
};

void write(const fs::path& file) { std::ofstream{file} << "x"; }

std::set<std::string> only(const fs::path& file) { return {file.string()}; }

} // namespace

TEST_CASE("file_watch: a file written in place, renamed over, moved away or deleted has changed") {
  const temporary_folder at;
  write(at / "app.py");
  file_watch watch;
  watch.add_tree(at.path());
  write(at / "app.py");
  CHECK(watch.take_changes() == only(at / "app.py"));
  write(at / ".app.py.swp");
  fs::rename(at / ".app.py.swp", at / "app.py");
  CHECK(watch.take_changes() == only(at / "app.py"));
  fs::rename(at / "app.py", at / "app.py~");
  CHECK(watch.take_changes() == only(at / "app.py"));
  fs::rename(at / "app.py~", at / "app.py");
  fs::remove(at / "app.py");
  CHECK(watch.take_changes() == only(at / "app.py"));
  fs::create_symlink("elsewhere.py", at / "app.py");
  CHECK(watch.take_changes() == only(at / "app.py"));
}

TEST_CASE("file_watch: folders that come later are watched, with what is in them already") {
  const temporary_folder at, beside;
  file_watch watch;
  watch.add_tree(at.path());
  fs::create_directories(beside / "shop/stock");
  write(beside / "shop/stock/a.py");
  fs::rename(beside / "shop", at / "shop");
  CHECK(watch.take_changes() == only(at / "shop/stock/a.py"));
  write(at / "shop/stock/b.py");
  CHECK(watch.take_changes() == only(at / "shop/stock/b.py"));
}

TEST_CASE("file_watch: caches, hidden folders, environments and other files are left out") {
  const temporary_folder at;
  for (const char* each : {"__pycache__", ".git", "node_modules", "venv", "venv/lib"})
    fs::create_directories(at / each);
  write(at / "venv/pyvenv.cfg");
  file_watch watch;
  watch.add_tree(at.path());
  CHECK(watch.folder_count() == 1);
  for (const char* each : {"__pycache__/a.py", ".git/a.py", "venv/lib/a.py", "notes.txt", ".a.py"})
    write(at / each);
  CHECK(watch.take_changes().empty());
}

TEST_CASE("file_watch: of a folder elsewhere only the files that were named") {
  const temporary_folder at;
  write(at / "used.py");
  file_watch watch;
  watch.add_file(at / "used.py");
  watch.add_file(at / "used.py");
  write(at / "other.py");
  CHECK(watch.take_changes().empty());
  write(at / "used.py");
  CHECK(watch.take_changes() == only(at / "used.py"));
  watch.add_file("/nowhere/at/all.py"); // gone by now
  CHECK(watch.folder_count() == 1);
}
