#include "python/schema_checks.hpp"

#include "python/schema_node.hpp"

#include <cstring>

namespace fasterapi::python {

int is_satisfied(PyObject* function, PyObject* value) {
  const py_ref answer = py_ref::steal(PyObject_CallOneArg(function, value));
  return answer ? PyObject_IsTrue(answer.get()) : -1;
}

void number_checks::read(const schema_builder& from, PyObject* said) {
  if (!PyTuple_Check(said)) schema_builder::throw_malformed();
  for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(said); ++i) add(from, PyTuple_GET_ITEM(said, i));
}

void number_checks::add(const schema_builder& from, PyObject* said) {
  const char *name = nullptr, *error = nullptr;
  PyObject* bound = nullptr;
  check made;
  if (!PyArg_ParseTuple(said, "sOOs", &name, &bound, &made.function, &error))
    schema_builder::throw_malformed();
  made.text = from.problem(error, name, bound);
  constexpr const char* names[] = {"le", "lt", "ge", "gt"};
  int overflow = 0;
  if (PyLong_CheckExact(bound)) made.whole = PyLong_AsLongLongAndOverflow(bound, &overflow);
  if (PyFloat_CheckExact(bound)) made.real = PyFloat_AS_DOUBLE(bound);
  made.is_integer = PyLong_CheckExact(bound);
  const bool is_machine = (made.is_integer && overflow == 0) || PyFloat_CheckExact(bound);
  for (int i = 0; is_machine && i < 4; ++i)
    if (std::strcmp(name, names[i]) == 0) made.is = static_cast<comparison>(i);
  checks_.push_back(made);
}

py_ref number_checks::in_python(py_ref made, const element* input, schema_pass& pass) const {
  for (const check& each : checks_) {
    const int answer = is_satisfied(each.function, made.get());
    if (answer < 0) return pass.raised();
    if (answer == 0) return each.unfit(input, pass);
  }
  return made;
}

} // namespace fasterapi::python
