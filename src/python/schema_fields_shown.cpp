#include "python/schema_fields.hpp"

namespace fasterapi::python {

namespace {

// As `==` has it: 1, 0, or -1 with a Python exception set.
int are_equal(PyObject* one, PyObject* other) {
  const py_ref answer = py_ref::steal(PyObject_RichCompare(one, other, Py_EQ));
  return answer ? PyObject_IsTrue(answer.get()) : -1;
}

} // namespace

bool schema_fields::keep_or_hide(const field& of, PyObject* given, json_writer& to,
                                 py_ref& value) const {
  int is_hidden = tools_.excludes_none != 0 && value.get() == Py_None ? 1 : 0;
  if (is_hidden == 0 && tools_.excludes_unset != 0 && given != nullptr) {
    const int is_given = PySequence_Contains(given, of.name);
    is_hidden = is_given < 0 ? -1 : 1 - is_given;
  }
  if (is_hidden == 0 && of.hidden != nullptr) {
    to.flush(); // both may be a user's own
    const py_ref hidden = of.is_hidden_made ? py_ref::steal(PyObject_CallNoArgs(of.hidden))
                                            : py_ref::borrow(of.hidden);
    is_hidden = hidden ? are_equal(value.get(), hidden.get()) : -1;
  }
  if (is_hidden == 1) value.reset();
  return is_hidden >= 0;
}

} // namespace fasterapi::python
