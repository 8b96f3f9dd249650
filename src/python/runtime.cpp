#include "python/runtime.hpp"

#include "python/module.hpp"
#include "python/py_ref.hpp"

#include <Python.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>

namespace fasterapi::python {

namespace {

namespace fs = std::filesystem;

void check(const PyStatus& status, const char* step) {
  if (!PyStatus_Exception(status)) return;
  const std::string reason = status.err_msg != nullptr ? status.err_msg : "unknown";
  throw std::runtime_error("Python: " + std::string(step) + ": " + reason);
}

class config {
public:
  config() {
    PyConfig_InitPythonConfig(&raw_);
    raw_.parse_argv = 0;
    raw_.install_signal_handlers = 0;
    raw_.safe_path = 1;
    raw_.user_site_directory = 0;
    raw_.buffered_stdio = 1;
  }
  ~config() { PyConfig_Clear(&raw_); }
  config(const config&) = delete;
  config& operator=(const config&) = delete;

  PyConfig* get() noexcept { return &raw_; }
  void set(wchar_t** member, const std::string& value, const char* what) {
    check(PyConfig_SetBytesString(&raw_, member, value.c_str()), what);
  }

private:
  PyConfig raw_;
};

std::string version_folder() {
  return "python" + std::to_string(PY_MAJOR_VERSION) + "." + std::to_string(PY_MINOR_VERSION);
}

// Said before CPython tries, which fails at length. The home may be "prefix:exec_prefix".
void check_home(const std::string& home) {
  const fs::path library = fs::path(home.substr(0, home.find(':'))) / "lib";
  const std::string archive =
      "python" + std::to_string(PY_MAJOR_VERSION) + std::to_string(PY_MINOR_VERSION) + ".zip";
  if (fs::exists(library / version_folder() / "os.py") || fs::exists(library / archive)) return;
  throw settings_error("python.home: " + home + " has no standard library (no lib/" +
                       version_folder() + "/os.py); this server embeds " PY_VERSION);
}

// site reads pyvenv.cfg beside the executable (PEP 405), in every interpreter.
std::string executable_of(const runtime_settings& settings, const std::string& home) {
  if (settings.venv.empty()) return (fs::path(home) / "bin" / version_folder()).string();
  const fs::path venv = fs::absolute(settings.venv);
  if (!fs::exists(venv / "pyvenv.cfg")) {
    throw settings_error("python.venv: " + venv.string() +
                         " is no virtual environment (no pyvenv.cfg)");
  }
  if (!fs::exists(venv / "lib" / version_folder() / "site-packages")) {
    throw settings_error("python.venv: " + venv.string() + " is for another Python (no lib/" +
                         version_folder() +
                         "); this server embeds " PY_VERSION ": make it anew with that version");
  }
  return (venv / "bin" / "python3").string();
}

// What stands before the standard library in sys.path, in the form of PYTHONPATH, whose own value
// comes last. Interpreters copy it.
std::string search_path_front(const runtime_settings& settings) {
  std::string joined;
  const auto add = [&joined](const std::string& folder) {
    if (folder.empty()) return;
    if (!joined.empty()) joined += ':';
    joined += folder;
  };
  for (const std::string& folder : settings.path) add(folder);
  add(settings.package_path);
  const char* inherited = std::getenv("PYTHONPATH");
  if (inherited != nullptr) add(inherited);
  return joined;
}

void preinitialize() {
  PyPreConfig before;
  PyPreConfig_InitPythonConfig(&before);
  before.parse_argv = 0;
  before.utf8_mode = 1;
  check(Py_PreInitialize(&before), "pre-initialisation");
}

void initialize(const runtime_settings& settings) {
  const std::string home = settings.home.empty() ? FASTERAPI_PYTHON_HOME : settings.home;
  if (!settings.home.empty()) check_home(home);
  preinitialize();
  config chosen;
  PyConfig* raw = chosen.get();
  chosen.set(&raw->home, home, "home");
  chosen.set(&raw->program_name, "fasterapi-server", "program name");
  chosen.set(&raw->executable, executable_of(settings, home), "executable");
  if (!settings.may_write_bytecode) raw->write_bytecode = 0;
  const std::string front = search_path_front(settings);
  if (!front.empty()) chosen.set(&raw->pythonpath_env, front, "python.path");
  check(Py_InitializeFromConfig(raw), ("home " + home).c_str());
}

} // namespace

runtime::runtime(const runtime_settings& settings) {
  if (PyImport_AppendInittab("_fasterapi", &init_module) != 0) {
    throw std::runtime_error("Python: no room for a built-in module");
  }
  // As python3 does: user code writes to sockets and files without MSG_NOSIGNAL.
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
  initialize(settings);
  // Before any other interpreter exists: ending one aborts otherwise (cpython#136421).
  const py_ref datetime = py_ref::steal(PyImport_ImportModule("datetime"));
  if (!datetime) {
    PyErr_Clear();
    throw std::runtime_error("Python: the standard library is incomplete (datetime)");
  }
  main_thread_state_ = PyEval_SaveThread();
}

runtime::~runtime() {
  PyEval_RestoreThread(static_cast<PyThreadState*>(main_thread_state_));
  Py_FinalizeEx();
}

} // namespace fasterapi::python
