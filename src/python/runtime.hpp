#pragma once

#include <stdexcept>
#include <string>
#include <vector>

namespace fasterapi::python {

struct runtime_settings {
  std::string home;              // empty: FASTERAPI_PYTHON_HOME
  std::string venv;              // its site-packages are added
  std::vector<std::string> path; // before sys.path
  std::string package_path;      // where the fasterapi package is; before sys.path as well
  // False where sources change: two edits in a second have one time, and the first one's bytecode
  // would pass for the second's.
  bool may_write_bytecode = true;
};

/// `home` or `venv` is not what it should be.
class settings_error : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// CPython's main interpreter, for the life of the process. It serves no requests: it imports
/// datetime first (cpython#136421), installs no signal handlers, and is left detached. Made and
/// destroyed by the main thread; every worker must have ended its interpreter before.
class runtime {
public:
  explicit runtime(const runtime_settings& settings); // throws settings_error, std::runtime_error
  ~runtime();
  runtime(const runtime&) = delete;
  runtime& operator=(const runtime&) = delete;

private:
  void* main_thread_state_ = nullptr;
};

} // namespace fasterapi::python
