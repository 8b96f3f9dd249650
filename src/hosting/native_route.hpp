#pragma once

#include "hosting/worker.hpp"

#include <Python.h>

namespace fasterapi::hosting {

/// What serves a route without Python, as fasterapi.routing.CompiledRoute.native says it: None, the
/// name of a handler, or a fasterapi._tracing.Program. Throws app_error.
void read_native_route(PyObject* native, route_description& into);

} // namespace fasterapi::hosting
