#pragma once

#include "dispatch/job.hpp"
#include "python/binding_plan.hpp"
#include "python/module_state.hpp"
#include "python/py_ref.hpp"

#include <cstdint>

namespace fasterapi::python {

/// The request's body as a handler's parameter wants it.
struct body_argument {
  enum class state : std::uint8_t {
    missing, // there is none
    ready,   // `value` has it
    unfit,   // `value` has the entries of a 422, see validation_error::add_entries
    refused, // it cannot be parsed: the answer is written, the only entry of a 422, or a 400
    failed,  // a Python exception is set
  };
  state is = state::missing;
  py_ref value;
};

/// Parses where the parameter and Content-Type (application/json, application/*+json) ask for it;
/// what is of another type counts as text, or as bytes where there is a schema.
body_argument read_body(dispatch::job& of, const parameter& wanted, module_state& state);

} // namespace fasterapi::python
