#include "python/request_context.hpp"

#include <utility>

namespace fasterapi::python {

namespace {

// One reference is ours, one the thread's; a further one is a Token that user code keeps.
constexpr Py_ssize_t references_while_entered = 2;

} // namespace

bool request_context::renew() {
  context_ = py_ref::steal(PyContext_CopyCurrent());
  if (!context_) return false;
  was_empty_ = PyMapping_Size(context_.get()) == 0;
  return true;
}

bool request_context::enter() {
  if (!context_ && !renew()) return false;
  is_entered_ = PyContext_Enter(context_.get()) == 0;
  return is_entered_;
}

void request_context::leave() noexcept {
  if (std::exchange(is_entered_, false)) PyContext_Exit(context_.get());
}

bool request_context::renew_if_changed() {
  if (is_entered_ && was_empty_ && PyMapping_Size(context_.get()) == 0 &&
      Py_REFCNT(context_.get()) <= references_while_entered) {
    return true;
  }
  leave();
  return renew() && enter();
}

} // namespace fasterapi::python
