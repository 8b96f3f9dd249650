#pragma once

#include "python/py_ref.hpp"

#include <Python.h>

#include <vector>

namespace fasterapi::python {

/// asyncio.Futures that handlers wait for until something happens, which they all hear of at once.
/// One belongs to each that waits, who may be cancelled, and it with him.
class waiting_futures {
public:
  /// A new one; null with a Python exception set.
  py_ref add(PyObject* event_loop);
  /// All are done, and forgotten.
  void wake() noexcept;
  void clear() noexcept { waiting_.clear(); }
  int traverse(visitproc visit, void* arg) const;

private:
  void drop_cancelled() noexcept;

  std::vector<py_ref> waiting_;
};

} // namespace fasterapi::python
