#pragma once

#include "dispatch/job.hpp"
#include "python/module_state.hpp"
#include "python/py_ref.hpp"

namespace fasterapi::python {

/// The type _fasterapi.ResponseBuilder, for one module: the `res` of (req, res) handlers, as
/// fasterapi/_builder.py documents it. Bodies go straight into the job's write buffer.
py_ref make_response_type(PyObject* module);

/// A builder of the job's answer.
py_ref make_builder(dispatch::job& of, module_state& state);

/// Gives the answer the builder's status and fields. False with ValueError or TypeError set where
/// they do not go into a response.
bool finish_fields(PyObject* builder, http::response& into);
/// The same, and the content type that its body has, which is in the answer already.
bool finish_builder(PyObject* builder, http::response& into);

/// Unties it from its job: its verbs raise RuntimeError from then on.
void detach_builder(py_ref builder) noexcept;

} // namespace fasterapi::python
