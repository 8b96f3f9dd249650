#pragma once

#include "python/schema_pass.hpp"

namespace fasterapi::python {

/// One level further down in a type that contains itself, for a scope.
class schema_depth {
public:
  schema_depth(schema_pass& pass, bool counts) noexcept : pass_(pass), step_(counts ? 1 : 0) {
    pass_.depth += step_;
  }
  ~schema_depth() { pass_.depth -= step_; }
  schema_depth(const schema_depth&) = delete;
  schema_depth& operator=(const schema_depth&) = delete;

  bool is_too_deep() const noexcept { return pass_.depth > deepest; }

private:
  static constexpr int deepest = 255; // MAX_DEPTH of fasterapi._schema._state

  schema_pass& pass_;
  int step_;
};

} // namespace fasterapi::python
