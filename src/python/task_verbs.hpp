#pragma once

#include "python/py_ref.hpp"

#include <Python.h>

namespace fasterapi::python {

/// Methods of asyncio.Task, found once. False, null and -1: with a Python exception set.
class task_verbs {
public:
  bool find(PyObject* task_type);

  int is_done(const py_ref& task) const;
  py_ref result(PyObject* task) const;
  bool cancel(const py_ref& task) const;
  bool call_when_done(const py_ref& task, PyObject* callback) const;

private:
  py_ref done_, result_, cancel_, add_done_callback_;
};

} // namespace fasterapi::python
