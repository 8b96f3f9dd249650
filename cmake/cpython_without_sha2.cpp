// Stands for the _sha2 module where the distribution's archive lacks its library.
#include <Python.h>

PyMODINIT_FUNC PyInit__sha2() {
  PyErr_SetString(PyExc_ImportError, "not in this build: OpenSSL has the same functions");
  return nullptr;
}
