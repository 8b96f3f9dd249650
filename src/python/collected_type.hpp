#pragma once

#include "python/py_ref.hpp"

#include <Python.h>

#include <initializer_list>
#include <memory>
#include <vector>

namespace fasterapi::python {

/// The slots that every type of ours repeats whose objects hold references. Object is a struct with
/// PyObject_HEAD first and a member `kept` of its type Object::references, which has
/// `int traverse(visitproc, void*) const`, and `void clear()` where that is not all of it.
template <class Object>
struct collected_type {
  using references = typename Object::references;

  static Object& self_of(PyObject* object) noexcept { return *reinterpret_cast<Object*>(object); }

  /// A new object, all zero but for `kept`; null with a Python exception set.
  static PyObject* allocate(PyTypeObject* type) {
    PyObject* object = PyType_GenericAlloc(type, 0);
    if (object != nullptr) std::construct_at(&self_of(object).kept);
    return object;
  }

  /// The type, for one module; `own` are its other slots.
  static py_ref make(PyObject* module, const char* name, unsigned long flags,
                     std::initializer_list<PyType_Slot> own) {
    std::vector<PyType_Slot> slots{{Py_tp_dealloc, reinterpret_cast<void*>(dealloc)},
                                   {Py_tp_traverse, reinterpret_cast<void*>(traverse)},
                                   {Py_tp_clear, reinterpret_cast<void*>(clear)}};
    slots.insert(slots.end(), own);
    slots.push_back({0, nullptr});
    PyType_Spec spec{};
    spec.name = name;
    spec.basicsize = sizeof(Object);
    spec.flags = static_cast<unsigned>(Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC |
                                       Py_TPFLAGS_IMMUTABLETYPE | flags);
    spec.slots = slots.data();
    return py_ref::steal(PyType_FromModuleAndSpec(module, &spec, nullptr));
  }

  /// For Py_tp_new, where Python code makes objects.
  static PyObject* make_new(PyTypeObject* type, PyObject*, PyObject*) { return allocate(type); }

private:
  static int traverse(PyObject* object, visitproc visit, void* arg) {
    Py_VISIT(Py_TYPE(object));
    return self_of(object).kept.traverse(visit, arg);
  }

  static int clear(PyObject* object) {
    references& kept = self_of(object).kept;
    if constexpr (requires { kept.clear(); })
      kept.clear();
    else
      kept = references{};
    return 0;
  }

  static void dealloc(PyObject* object) {
    const py_ref type = py_ref::steal(reinterpret_cast<PyObject*>(Py_TYPE(object)));
    PyObject_GC_UnTrack(object);
    std::destroy_at(&self_of(object).kept);
    PyObject_GC_Del(object);
  }
};

/// For traverse: each of them, until one says to stop.
template <class... References>
int visit_each(visitproc visit, void* arg, const References&... each) {
  int said = 0;
  static_cast<void>(((said = each ? visit(each.get(), arg) : 0) || ...));
  return said;
}

} // namespace fasterapi::python
