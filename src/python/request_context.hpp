#pragma once

#include "python/py_ref.hpp"

namespace fasterapi::python {

/// The contextvars context that sync handlers run in: a copy of the worker's own (PEP 567), used
/// again until a handler left something in it. Tasks copy it, so they never change it.
class request_context {
public:
  bool enter(); // false: with a Python exception set
  void leave() noexcept;
  /// After each handler, while entered: the next one gets a clean context.
  bool renew_if_changed();

private:
  bool renew();

  py_ref context_;
  bool is_entered_ = false;
  bool was_empty_ = false; // only then can a change be seen by the number of variables
};

} // namespace fasterapi::python
