#include "python/metric_object.hpp"

#include "observe/app_metrics.hpp"
#include "python/module_state.hpp"
#include "python/shared_value.hpp"

#include <memory>
#include <string>
#include <vector>

namespace fasterapi::python {

namespace {

using kind = observe::metric_description::kind;

struct metric_object {
  PyObject_HEAD std::shared_ptr<observe::app_metrics> registry; // whose the others are
  observe::metric_cell* cell;                                   // null: one label set too many
  observe::metric_shard* shard;                                 // null: a gauge
  std::atomic<std::uint64_t>* dropped;
};

metric_object& self_of(PyObject* object) noexcept {
  return *reinterpret_cast<metric_object*>(object);
}

bool read(PyObject* number, double& amount) {
  amount = PyFloat_AsDouble(number);
  return amount != -1.0 || PyErr_Occurred() == nullptr;
}

// For a cell that counts nothing.
PyObject* drop(metric_object& self) {
  self.dropped->fetch_add(1, std::memory_order_relaxed);
  Py_RETURN_NONE;
}

PyObject* add(PyObject* object, PyObject* number) {
  metric_object& self = self_of(object);
  double amount = 0;
  if (!read(number, amount)) return nullptr;
  if (self.cell == nullptr) return drop(self);
  if (self.shard != nullptr)
    self.shard->add(amount);
  else
    self.cell->gauge().fetch_add(amount, std::memory_order_relaxed);
  Py_RETURN_NONE;
}

PyObject* set(PyObject* object, PyObject* number) {
  metric_object& self = self_of(object);
  double amount = 0;
  if (!read(number, amount)) return nullptr;
  if (self.cell == nullptr) return drop(self);
  self.cell->gauge().store(amount, std::memory_order_relaxed);
  Py_RETURN_NONE;
}

PyObject* record(PyObject* object, PyObject* number) {
  metric_object& self = self_of(object);
  double amount = 0;
  if (!read(number, amount)) return nullptr;
  if (self.cell == nullptr) return drop(self);
  self.shard->record(amount, self.cell->description().bounds);
  Py_RETURN_NONE;
}

// (sum, counts of each bucket alone)
PyObject* totals(PyObject* object, PyObject*) {
  const metric_object& self = self_of(object);
  if (self.cell == nullptr) return Py_BuildValue("d()", 0.0);
  const auto sum = self.cell->read();
  py_ref counts = py_ref::steal(PyTuple_New(static_cast<Py_ssize_t>(sum.counts.size())));
  for (std::size_t i = 0; counts && i < sum.counts.size(); ++i) {
    PyObject* const count = PyLong_FromUnsignedLongLong(sum.counts[i]);
    if (count == nullptr) return nullptr;
    PyTuple_SET_ITEM(counts.get(), static_cast<Py_ssize_t>(i), count);
  }
  return counts ? Py_BuildValue("dO", sum.sum, counts.get()) : nullptr;
}

void dealloc(PyObject* object) {
  const py_ref type = py_ref::steal(reinterpret_cast<PyObject*>(Py_TYPE(object)));
  std::destroy_at(&self_of(object).registry);
  PyObject_Free(object);
}

PyObject* is_counted(PyObject* object, void*) {
  return PyBool_FromLong(self_of(object).cell != nullptr ? 1 : 0);
}

PyGetSetDef attributes[] = {
    {"is_counted", is_counted, nullptr, "False: one label set too many.", nullptr},
    {nullptr, nullptr, nullptr, nullptr, nullptr},
};

PyMethodDef methods[] = {
    {"add", add, METH_O, "Adds to a counter or gauge."},
    {"set", set, METH_O, "Sets a gauge."},
    {"record", record, METH_O, "Counts in a histogram."},
    {"totals", totals, METH_NOARGS, "(sum, counts) over all interpreters."},
    {nullptr, nullptr, 0, nullptr},
};

PyType_Slot slots[] = {
    {Py_tp_dealloc, reinterpret_cast<void*>(dealloc)},
    {Py_tp_methods, methods},
    {Py_tp_getset, attributes},
    {0, nullptr},
};

PyType_Spec spec = {
    "_fasterapi.MetricCell",
    sizeof(metric_object),
    0,
    Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION | Py_TPFLAGS_IMMUTABLETYPE,
    slots,
};

bool read_texts(PyObject* tuple, std::vector<std::string>& into) {
  for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(tuple); ++i) {
    std::string_view text;
    if (!to_text(PyTuple_GET_ITEM(tuple, i), text)) return false;
    into.emplace_back(text);
  }
  return true;
}

bool read_numbers(PyObject* tuple, std::vector<double>& into) {
  for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(tuple); ++i) {
    if (!read(PyTuple_GET_ITEM(tuple, i), into.emplace_back())) return false;
  }
  return true;
}

py_ref make_cell(module_state& state, const observe::app_metrics::found& found) {
  auto* const type = reinterpret_cast<PyTypeObject*>(state.metric_type.get());
  py_ref object = py_ref::steal(PyType_GenericAlloc(type, 0));
  if (!object) return object;
  metric_object& made = self_of(object.get());
  std::construct_at(&made.registry, state.services.metrics);
  made.cell = found.cell;
  made.dropped = found.dropped;
  if (found.cell != nullptr && found.cell->description().what != kind::gauge)
    made.shard = &found.cell->add_shard();
  return object;
}

} // namespace

py_ref make_metric_type(PyObject* module) {
  return py_ref::steal(PyType_FromModuleAndSpec(module, &spec, nullptr));
}

PyObject* make_metric_cell(PyObject* module, PyObject* args) {
  module_state& state = state_of(module);
  int what = 0;
  int shows_few = 0;
  const char *name = nullptr, *help = nullptr;
  PyObject *names = nullptr, *bounds = nullptr, *values = nullptr;
  if (!PyArg_ParseTuple(args, "issO!O!pO!", &what, &name, &help, &PyTuple_Type, &names,
                        &PyTuple_Type, &bounds, &shows_few, &PyTuple_Type, &values))
    return nullptr;
  if (!state.services.metrics) {
    PyErr_SetString(PyExc_RuntimeError, "no worker runs in this interpreter");
    return nullptr;
  }
  observe::metric_description described{name, static_cast<kind>(what), help, {},
                                        {},   shows_few != 0};
  std::vector<std::string> labels;
  if (!read_texts(names, described.label_names) || !read_numbers(bounds, described.bounds) ||
      !read_texts(values, labels))
    return nullptr;
  const auto found = state.services.metrics->find(described, labels);
  if (found.why == observe::app_metrics::refusal::is_another) {
    PyErr_Format(PyExc_ValueError,
                 "%s is already a metric of another kind, help, labels or buckets", name);
    return nullptr;
  }
  return make_cell(state, found).release();
}

} // namespace fasterapi::python
