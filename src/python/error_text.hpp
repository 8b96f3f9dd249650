#pragma once

#include <Python.h>

#include <string>
#include <string_view>

namespace fasterapi::python {

/// The current Python exception as a traceback, or as its own text where it has a `text` that is
/// made for the reader (fasterapi._worker.LoadError). Clears it; empty where there is none.
std::string take_error_text();

/// The traceback of an exception, without trailing line end. Clears what formatting it raises.
std::string traceback_text(PyObject* error);

/// The same without the frames of the package, as fasterapi._traceback has it.
std::string user_traceback_text(PyObject* error);

/// Logs the current Python exception at level error, as from the worker of this interpreter, with
/// `what` before it. Clears it.
void log_python_error(std::string_view what);

} // namespace fasterapi::python
