#pragma once

#include "dispatch/job.hpp"
#include "python/module_state.hpp"
#include "python/py_ref.hpp"

#include <cstdint>

namespace fasterapi::python {

/// Path parameters of a route as its pattern names them.
struct path_names {
  py_ref names;               // tuple of str, in the pattern's order
  std::uint32_t integers = 0; // a bit for each that is {name:int}
};

/// The type _fasterapi.Request, for one module, and _fasterapi.Ready into its state. What an object
/// offers is what fasterapi/requests.py documents; it reads the job's views when it is asked.
py_ref make_request_type(PyObject* module);

/// A request tied to a job. `is_awaited`: body() and json() give awaitables.
py_ref make_request(dispatch::job& of, const path_names& names, bool is_awaited,
                    module_state& state);

/// Unties it: where somebody else holds it, it gets a copy of all that it shows.
void detach_request(py_ref request) noexcept;

} // namespace fasterapi::python
