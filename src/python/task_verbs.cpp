#include "python/task_verbs.hpp"

namespace fasterapi::python {

bool task_verbs::find(PyObject* task_type) {
  done_ = py_ref::steal(PyObject_GetAttrString(task_type, "done"));
  if (done_) result_ = py_ref::steal(PyObject_GetAttrString(task_type, "result"));
  if (result_) cancel_ = py_ref::steal(PyObject_GetAttrString(task_type, "cancel"));
  if (cancel_)
    add_done_callback_ = py_ref::steal(PyObject_GetAttrString(task_type, "add_done_callback"));
  return static_cast<bool>(add_done_callback_);
}

int task_verbs::is_done(const py_ref& task) const {
  const py_ref said = py_ref::steal(PyObject_CallOneArg(done_.get(), task.get()));
  return said ? (said.get() == Py_True ? 1 : 0) : -1;
}

py_ref task_verbs::result(PyObject* task) const {
  return py_ref::steal(PyObject_CallOneArg(result_.get(), task));
}

bool task_verbs::cancel(const py_ref& task) const {
  return static_cast<bool>(py_ref::steal(PyObject_CallOneArg(cancel_.get(), task.get())));
}

bool task_verbs::call_when_done(const py_ref& task, PyObject* callback) const {
  PyObject* arguments[] = {nullptr, task.get(), callback};
  return static_cast<bool>(py_ref::steal(PyObject_Vectorcall(
      add_done_callback_.get(), arguments + 1, 2 | PY_VECTORCALL_ARGUMENTS_OFFSET, nullptr)));
}

} // namespace fasterapi::python
