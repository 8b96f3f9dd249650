#include "python/task_set.hpp"

#include "python/collected_type.hpp"

namespace fasterapi::python {

namespace {

struct task_set {
  struct references {
    py_ref data, pending, iterating; // of the WeakSet
    py_ref add, remove;              // its verbs
    py_ref forget;                   // ours, for weak references

    int traverse(visitproc visit, void* arg) const {
      return visit_each(visit, arg, data, pending, iterating, add, remove, forget);
    }
  };

  PyObject_HEAD references kept;
};

using kind = collected_type<task_set>;

PyObject* add(PyObject* object, PyObject* task) {
  const task_set::references& kept = kind::self_of(object).kept;
  if (PyList_GET_SIZE(kept.pending.get()) > 0) return PyObject_CallOneArg(kept.add.get(), task);
  const py_ref weak = py_ref::steal(PyWeakref_NewRef(task, kept.forget.get()));
  if (!weak || PySet_Add(kept.data.get(), weak.get()) != 0) return nullptr;
  Py_RETURN_NONE;
}

PyObject* forget(PyObject* object, PyObject* weak) {
  const task_set::references& kept = kind::self_of(object).kept;
  // It may be cleared before the last of the tasks.
  if (!kept.data) Py_RETURN_NONE;
  if (PySet_GET_SIZE(kept.iterating.get()) > 0) return PyObject_CallOneArg(kept.remove.get(), weak);
  if (PySet_Discard(kept.data.get(), weak) < 0) return nullptr;
  Py_RETURN_NONE;
}

bool take(PyObject* from, const char* name, PyTypeObject* type, py_ref& into) {
  into = py_ref::steal(PyObject_GetAttrString(from, name));
  if (!into || type == nullptr || Py_IS_TYPE(into.get(), type)) return static_cast<bool>(into);
  PyErr_Format(PyExc_TypeError, "WeakSet.%s is no %s", name, type->tp_name);
  return false;
}

int initialize(PyObject* object, PyObject* args, PyObject*) {
  task_set::references& kept = kind::self_of(object).kept;
  PyObject* set = nullptr;
  if (!PyArg_ParseTuple(args, "O", &set)) return -1;
  const bool is_whole =
      take(set, "data", &PySet_Type, kept.data) &&
      take(set, "_pending_removals", &PyList_Type, kept.pending) &&
      take(set, "_iterating", &PySet_Type, kept.iterating) && take(set, "add", nullptr, kept.add) &&
      take(set, "_remove", nullptr, kept.remove) && take(object, "_forget", nullptr, kept.forget);
  return is_whole ? 0 : -1;
}

PyMethodDef methods[] = {
    {"add", add, METH_O, "WeakSet.add(task)"},
    {"_forget", forget, METH_O, "The task of a weak reference is gone."},
    {nullptr, nullptr, 0, nullptr},
};

} // namespace

py_ref make_task_set_type(PyObject* module) {
  return kind::make(module, "_fasterapi.TaskSet", 0,
                    {{Py_tp_new, reinterpret_cast<void*>(kind::make_new)},
                     {Py_tp_init, reinterpret_cast<void*>(initialize)},
                     {Py_tp_methods, methods}});
}

} // namespace fasterapi::python
