// Links when the whole archive of libpython has what it needs.
#include <Python.h>

int main() { return Py_IsInitialized(); }
