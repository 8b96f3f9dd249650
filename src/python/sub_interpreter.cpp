#include "python/sub_interpreter.hpp"

#include <mutex>
#include <stdexcept>
#include <string>

namespace fasterapi::python {

namespace {

// CPython's start and end of an interpreter still touch state of the whole runtime.
std::mutex& birth_and_death() {
  static std::mutex only_one;
  return only_one;
}

PyInterpreterConfig isolated_config() {
  PyInterpreterConfig config{};
  config.use_main_obmalloc = 0;
  config.allow_fork = 0;
  config.allow_exec = 0;
  config.allow_threads = 1;
  config.allow_daemon_threads = 0;
  config.check_multi_interp_extensions = 1;
  config.gil = PyInterpreterConfig_OWN_GIL;
  return config;
}

} // namespace

sub_interpreter::sub_interpreter() {
  const std::lock_guard one_at_a_time(birth_and_death());
  const PyInterpreterConfig config = isolated_config();
  const PyStatus status = Py_NewInterpreterFromConfig(&raw_, &config);
  if (PyStatus_Exception(status)) {
    const std::string reason = status.err_msg != nullptr ? status.err_msg : "unknown";
    throw std::runtime_error("Python: no sub-interpreter: " + reason);
  }
  state_.emplace(thread_state::adopt(raw_));
}

sub_interpreter::~sub_interpreter() {
  if (raw_ == nullptr) return;
  const std::lock_guard one_at_a_time(birth_and_death());
  state_->attach();
  Py_EndInterpreter(raw_);
  state_->release();
}

void sub_interpreter::abandon() noexcept { raw_ = nullptr; }

} // namespace fasterapi::python
