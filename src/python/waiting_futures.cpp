#include "python/waiting_futures.hpp"

#include <new>
#include <utility>

namespace fasterapi::python {

namespace {

bool is_done(const py_ref& future) noexcept {
  const py_ref said = py_ref::steal(PyObject_CallMethod(future.get(), "done", nullptr));
  if (!said) PyErr_Clear();
  return said.get() == Py_True;
}

} // namespace

py_ref waiting_futures::add(PyObject* event_loop) {
  py_ref future = py_ref::steal(PyObject_CallMethod(event_loop, "create_future", nullptr));
  if (!future) return future;
  drop_cancelled();
  try {
    waiting_.push_back(future);
  } catch (const std::bad_alloc&) {
    PyErr_NoMemory();
    return {};
  }
  return future;
}

void waiting_futures::wake() noexcept {
  for (const py_ref& each : std::exchange(waiting_, {})) {
    // One that was cancelled refuses its result.
    const py_ref told = py_ref::steal(PyObject_CallMethod(each.get(), "set_result", "O", Py_None));
    if (!told) PyErr_Clear();
  }
}

/// Who asks again and again, with a timeout, leaves one behind each time.
void waiting_futures::drop_cancelled() noexcept { std::erase_if(waiting_, is_done); }

int waiting_futures::traverse(visitproc visit, void* arg) const {
  for (const py_ref& each : waiting_) Py_VISIT(each.get());
  return 0;
}

} // namespace fasterapi::python
