#pragma once

#include "dispatch/job.hpp"
#include "python/binding_plan.hpp"
#include "python/body_argument.hpp"
#include "python/handler.hpp"
#include "python/module_state.hpp"
#include "python/scalar.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace fasterapi::python {

/// The arguments of one call, on the stack: no dict, no tuple.
class arguments {
public:
  arguments(dispatch::job& of, const binding_plan& plan, module_state& state) noexcept
      : of_(of), plan_(plan), state_(state) {}
  ~arguments();
  arguments(const arguments&) = delete;
  arguments& operator=(const arguments&) = delete;

  enum class outcome : std::uint8_t {
    ready,
    refused, // the answer is written
    failed,  // a Python exception is set
  };
  outcome bind(bool is_awaited, call_objects& made);

  /// For PyObject_Vectorcall with PY_VECTORCALL_ARGUMENTS_OFFSET.
  PyObject* const* values() const noexcept { return slots_.data() + 1; }
  std::size_t count() const noexcept { return count_; }

private:
  void find_query_values();
  bool has_name(std::string_view encoded, const std::string& name);
  std::string_view text_of(const parameter& wanted);
  bool is_present(const parameter& wanted) const noexcept;
  py_ref convert(const parameter& wanted, const refusal*& why);
  py_ref check_body(const parameter& wanted, const refusal*& why);
  py_ref make(const parameter& wanted, bool is_awaited, call_objects& made, const refusal*& why);
  outcome refuse();
  bool write_refusals(bool has_input);

  struct entry {
    const parameter* of;
    const refusal* why;
  };

  dispatch::job& of_;
  const binding_plan& plan_;
  module_state& state_;
  py_ref body_;
  bool is_body_unfit_ = false; // it is a list of what is wrong with it
  std::size_t count_ = 0;
  std::size_t refused_count_ = 0;
  std::uint64_t found_ = 0; // a bit for each query parameter
  // Not initialised: only what the plan asks for is touched.
  std::array<PyObject*, binding_plan::most_parameters + 1> slots_;
  std::array<entry, binding_plan::most_parameters> refused_;
  struct piece {
    const char* data;
    std::size_t size;
  };
  std::array<piece, binding_plan::most_parameters> query_;
};

} // namespace fasterapi::python
