#pragma once

#include "python/py_ref.hpp"
#include "python/schema_pass.hpp"

#include <string_view>
#include <vector>

namespace fasterapi::python {

class schema_builder;

/// The bounds of a number: compared in C++ where both are of the machine's types, else by the
/// Python function that says the same.
class number_checks {
public:
  using element = simdjson::dom::element;

  /// Of (name, bound, function, type of error) each. Throws malformed_schema.
  void read(const schema_builder& from, PyObject* said);

  /// `made` as it is if it satisfies all, else what became of it. `number` is its value; `input`
  /// what it was, null where that is not of JSON.
  template <class Number>
  py_ref checked(py_ref made, Number number, const element* input, schema_pass& pass) const {
    for (const check& each : checks_) {
      bool is_satisfied = false;
      if (!each.compare(number, is_satisfied)) return in_python(std::move(made), input, pass);
      if (!is_satisfied) return each.unfit(input, pass);
    }
    return made;
  }
  /// The same for a number of any size.
  py_ref in_python(py_ref made, const element* input, schema_pass& pass) const;

  bool empty() const noexcept { return checks_.empty(); }

private:
  enum class comparison { le, lt, ge, gt, other };

  struct check {
    comparison is = comparison::other;
    bool is_integer = false; // the bound is `whole`, else it is `real`
    long long whole = 0;
    double real = 0;
    PyObject* function = nullptr; // borrowed
    const problem_text* text = nullptr;

    py_ref unfit(const element* input, schema_pass& pass) const {
      return input != nullptr ? pass.unfit(text, *input) : pass.unfit();
    }

    // False: that is for Python.
    bool compare(long long number, bool& is_satisfied) const noexcept {
      return is_integer && compare_same(number, whole, is_satisfied);
    }
    bool compare(double number, bool& is_satisfied) const noexcept {
      return !is_integer && compare_same(number, real, is_satisfied);
    }
    template <class Number>
    bool compare_same(Number number, Number bound, bool& is_satisfied) const noexcept {
      switch (is) {
      case comparison::le:
        return is_satisfied = number <= bound, true;
      case comparison::lt:
        return is_satisfied = number < bound, true;
      case comparison::ge:
        return is_satisfied = number >= bound, true;
      case comparison::gt:
        return is_satisfied = number > bound, true;
      case comparison::other:
        break;
      }
      return false;
    }
  };

  void add(const schema_builder& from, PyObject* said);

  std::vector<check> checks_;
};

/// Whether a function says that a value satisfies it: 1, 0, or -1 with a Python exception set.
int is_satisfied(PyObject* function, PyObject* value);

} // namespace fasterapi::python
