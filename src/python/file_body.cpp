#include "python/file_body.hpp"

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <utility>

namespace fasterapi::python {

namespace {

struct opened_file {
  int fd = -1;
  int error = 0;
  struct stat status {};
};

// Without the GIL, as a disk may take its time. O_NONBLOCK: a FIFO would wait for its writer.
opened_file open_file(const char* path) noexcept {
  opened_file made;
  Py_BEGIN_ALLOW_THREADS;
  made.fd = ::open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (made.fd < 0 || ::fstat(made.fd, &made.status) != 0) made.error = errno;
  Py_END_ALLOW_THREADS;
  return made;
}

// None: with a Python exception set.
http::file_part open_part(PyObject* path, std::uint64_t begin, std::uint64_t end) {
  PyObject* encoded = nullptr;
  if (PyUnicode_FSConverter(path, &encoded) == 0) return {};
  const py_ref kept = py_ref::steal(encoded);
  const opened_file file = open_file(PyBytes_AS_STRING(encoded));
  http::file_part part{file.fd, begin, end};
  if (file.error != 0) {
    errno = file.error;
    PyErr_SetFromErrnoWithFilenameObject(PyExc_OSError, path);
  } else if (!S_ISREG(file.status.st_mode)) {
    PyErr_Format(PyExc_RuntimeError, "File at path %S is not a file.", path);
  } else if (static_cast<std::uint64_t>(file.status.st_size) < end) {
    PyErr_Format(PyExc_RuntimeError, "File at path %S is shorter than expected.", path);
  }
  return part;
}

} // namespace

file_body take_file(PyObject* iterator, const names& names) {
  const py_ref take = find_attribute(iterator, names.file_part.get());
  if (!take) return {};
  const py_ref taken = py_ref::steal(PyObject_CallNoArgs(take.get()));
  if (!taken || taken.get() == Py_None) return {};
  PyObject* path = nullptr;
  PyObject* sent = nullptr;
  unsigned long long begin = 0;
  unsigned long long end = 0;
  if (PyArg_ParseTuple(taken.get(), "OKKO", &path, &begin, &end, &sent) == 0) return {};
  http::file_part part = open_part(path, begin, end);
  if (PyErr_Occurred() != nullptr) return {};
  return {std::move(part), py_ref::borrow(sent)};
}

} // namespace fasterapi::python
