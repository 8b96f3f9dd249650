#pragma once

#include "http/file_part.hpp"
#include "python/names.hpp"
#include "python/py_ref.hpp"

namespace fasterapi::python {

/// A part of a file that the kernel sends without the interpreter.
struct file_body {
  http::file_part part;
  py_ref sent; // to let go of when it was sent, or will not be; null: there is none
};

/// What a response's iterator gives, which is a fasterapi._file_part.FilePart that nobody has read
/// from. None: it is something else, or a Python exception is set: the file cannot be opened, or is
/// shorter than its length, which is to be sent.
file_body take_file(PyObject* iterator, const names& names);

} // namespace fasterapi::python
