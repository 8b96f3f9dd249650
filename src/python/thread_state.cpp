#include "python/thread_state.hpp"

#include <cassert>
#include <new>
#include <utility>

namespace fasterapi::python {

thread_state::thread_state(PyThreadState* raw, bool is_owned) noexcept
    : raw_(raw), is_owned_(is_owned), owner_(std::this_thread::get_id()) {}

thread_state thread_state::in_main_interpreter() {
  PyThreadState* raw = PyThreadState_New(PyInterpreterState_Main());
  if (raw == nullptr) throw std::bad_alloc{};
  return {raw, true};
}

thread_state thread_state::adopt(PyThreadState* attached) {
  assert(PyThreadState_Get() == attached);
  PyEval_SaveThread();
  return {attached, false};
}

thread_state::thread_state(thread_state&& other) noexcept
    : raw_(std::exchange(other.raw_, nullptr)), is_owned_(other.is_owned_), owner_(other.owner_) {}

thread_state::~thread_state() {
  if (raw_ == nullptr || !is_owned_) return;
  attach();
  PyThreadState_Clear(raw_);
  PyThreadState_DeleteCurrent();
}

void thread_state::attach() noexcept {
  assert(owner_ == std::this_thread::get_id());
  PyEval_RestoreThread(raw_);
}

void thread_state::detach() noexcept {
  assert(owner_ == std::this_thread::get_id());
  PyEval_SaveThread();
}

} // namespace fasterapi::python
