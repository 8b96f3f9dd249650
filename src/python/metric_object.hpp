#pragma once

#include "python/py_ref.hpp"

namespace fasterapi::python {

/// _fasterapi.MetricCell: this interpreter's side of a metric with its labels; see
/// fasterapi/_metric_cells.py, which alone uses it.
py_ref make_metric_type(PyObject* module);

/// metric_cell(kind, name, help, label_names, bounds, shows_few, label_values) -> MetricCell.
/// ValueError where the name is that of another metric.
PyObject* make_metric_cell(PyObject* module, PyObject* args);

} // namespace fasterapi::python
