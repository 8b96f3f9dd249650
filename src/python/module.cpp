#include "python/module.hpp"

#include "observe/log.hpp"
#include "python/body_link.hpp"
#include "python/event_loop.hpp"
#include "python/job_loop.hpp"
#include "python/json_bytes.hpp"
#include "python/metric_object.hpp"
#include "python/module_state.hpp"
#include "python/request_object.hpp"
#include "python/response_object.hpp"
#include "python/schema_object.hpp"
#include "python/selector.hpp"
#include "python/shared_module.hpp"
#include "python/task_set.hpp"
#include "python/websocket_link.hpp"

#include <chrono>
#include <cstdint>
#include <new>
#include <string>
#include <string_view>

namespace fasterapi::python {

namespace {

// The numbers of the logging module.
observe::level to_level(int number) noexcept {
  if (number >= 40) return observe::level::error;
  if (number >= 30) return observe::level::warning;
  if (number >= 20) return observe::level::info;
  return number >= 10 ? observe::level::debug : observe::level::trace;
}

PyObject* is_server(PyObject*, PyObject*) { Py_RETURN_TRUE; }

PyObject* worker_id(PyObject* module, PyObject*) {
  return PyLong_FromLong(state_of(module).worker_index);
}

PyObject* log(PyObject* module, PyObject* args) {
  int level = 0;
  const char* name = nullptr;
  Py_ssize_t name_size = 0;
  const char* message = nullptr;
  Py_ssize_t message_size = 0;
  if (!PyArg_ParseTuple(args, "is#s#", &level, &name, &name_size, &message, &message_size)) {
    return nullptr;
  }
  std::string line{name, static_cast<std::size_t>(name_size)};
  if (!line.empty()) line += ": ";
  line.append(message, static_cast<std::size_t>(message_size));
  observe::log(to_level(level), log_room(&state_of(module)), line);
  Py_RETURN_NONE;
}

PyObject* packages(PyObject*, PyObject*) {
  return PyUnicode_DecodeFSDefault(FASTERAPI_PYTHON_PACKAGES);
}

PyObject* log_level(PyObject*, PyObject*) {
  for (const int number : {5, 10, 20, 30, 40}) {
    if (observe::is_enabled(to_level(number))) return PyLong_FromLong(number);
  }
  return PyLong_FromLong(50);
}

std::uint64_t to_microseconds(std::chrono::nanoseconds time) noexcept {
  return static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::microseconds>(time).count());
}

PyObject* stats(PyObject* module, PyObject*) {
  const module_state& state = state_of(module);
  dispatch::lane::statistics lane;
  if (state.port != nullptr) lane = state.port->home().stats();
  const std::size_t suspended = state.loop != nullptr ? state.loop->suspended_count() : 0;
  const auto& io_threads = state.services.io_threads;
  const struct {
    const char* name;
    std::uint64_t count;
  } all[] = {
      {"io_threads", io_threads ? io_threads->load() : 0},
      {"workers", lane.workers},
      {"sleeping", lane.sleeping},
      {"queued", lane.queued},
      {"capacity", lane.capacity},
      {"submitted", lane.submitted},
      {"refused", lane.refused},
      {"suspended", suspended},
      {"taken", lane.taken},
      {"waited_us", to_microseconds(lane.waited)},
      {"lent", lane.loans.lent},
      {"passed_on", lane.loans.passed_on},
      {"given_back", lane.loans.given_back},
      {"taken_back", lane.loans.taken_back},
      {"pool_hits", lane.pool_hits},
      {"pool_misses", lane.pool_misses},
      {"pool_kept", lane.pool_kept},
  };
  py_ref made = py_ref::steal(PyDict_New());
  for (const auto& each : all) {
    const py_ref count = py_ref::steal(PyLong_FromUnsignedLongLong(each.count));
    if (!made || !count || PyDict_SetItemString(made.get(), each.name, count.get()) != 0)
      return nullptr;
  }
  return made.release();
}

PyObject* time_left(PyObject* module, PyObject*) {
  const shutdown_clock* clock = state_of(module).clock;
  return PyFloat_FromDouble(clock != nullptr ? clock->left().count() : 0);
}

PyObject* is_closing(PyObject* module, PyObject*) {
  const dispatch::worker_port* port = state_of(module).port;
  return PyBool_FromLong(port != nullptr && port->home().is_closed() ? 1 : 0);
}

PyObject* follow(PyObject* module, PyObject* call) {
  job_loop* const jobs = state_of(module).loop;
  const bool is_taken = jobs != nullptr && jobs->is_open();
  if (is_taken) jobs->follow(call);
  return PyBool_FromLong(is_taken ? 1 : 0);
}

PyObject* dump_json(PyObject* module, PyObject* value) {
  std::string text;
  if (!to_json_bytes(value, text, state_of(module))) return nullptr;
  return PyBytes_FromStringAndSize(text.data(), static_cast<Py_ssize_t>(text.size()));
}

PyObject* load_json(PyObject* module, PyObject* text) {
  char* bytes = nullptr;
  Py_ssize_t size = 0;
  if (PyBytes_AsStringAndSize(text, &bytes, &size) != 0) return nullptr;
  return from_json_bytes({bytes, static_cast<std::size_t>(size)}, state_of(module)).release();
}

PyObject* count_batch(PyObject* module, PyObject* args) {
  const char* route = nullptr;
  Py_ssize_t size = 0;
  Py_ssize_t most = 0;
  double wait = 0;
  if (PyArg_ParseTuple(args, "snnd", &route, &size, &most, &wait) == 0) return nullptr;
  const std::chrono::duration<double> waited{wait};
  if (const auto& batches = state_of(module).batches)
    batches->of_route(route).record(static_cast<std::size_t>(size), static_cast<std::size_t>(most),
                                    std::chrono::duration_cast<std::chrono::nanoseconds>(waited));
  Py_RETURN_NONE;
}

PyObject* compile_schema(PyObject* module, PyObject* program) {
  return make_schema(state_of(module).codec.schema_type.get(), program).release();
}

PyMethodDef functions[] = {
    {"is_server", is_server, METH_NOARGS, "True: this Python runs in fasterapi-server."},
    {"worker_id", worker_id, METH_NOARGS, "Number of this worker, from 0; -1 outside of one."},
    {"log", log, METH_VARARGS, "log(level, name, message): one record of the server's log."},
    {"log_level", log_level, METH_NOARGS, "The lowest level that the server's log shows."},
    {"packages", packages, METH_NOARGS, "The folder of set-up's Python packages, or empty."},
    {"stats", stats, METH_NOARGS, "Figures of the lane and of this worker."},
    {"time_left", time_left, METH_NOARGS, "Seconds that are left for the shutdown."},
    {"is_closing", is_closing, METH_NOARGS, "Whether the server takes no more requests."},
    {"follow", follow, METH_O,
     "follow(call): it is called behind the answer that is being made. False: nobody serves."},
    {"dump_json", dump_json, METH_O, "dump_json(value) -> bytes"},
    {"load_json", load_json, METH_O, "load_json(bytes) -> value"},
    {"compile_schema", compile_schema, METH_O, "compile_schema(program) -> Schema"},
    {"metric_cell", make_metric_cell, METH_VARARGS, "A metric with its labels: MetricCell."},
    {"count_batch", count_batch, METH_VARARGS,
     "count_batch(route, size, most, seconds): a batch that gathered in Python."},
    {nullptr, nullptr, 0, nullptr},
};

bool add_type(PyObject* module, py_ref& place, py_ref type) {
  place = std::move(type);
  return place && PyModule_AddType(module, reinterpret_cast<PyTypeObject*>(place.get())) == 0;
}

int execute(PyObject* module) {
  module_state& state = *new (PyModule_GetState(module)) module_state();
  py_ref task_set_type; // the module's
  const bool is_complete =
      add_type(module, state.request_type, make_request_type(module)) &&
      add_type(module, state.response_type, make_response_type(module)) &&
      add_type(module, state.selector_type, make_selector_type(module)) &&
      add_type(module, state.turns_type, make_loop_turns_type(module)) &&
      add_type(module, task_set_type, make_task_set_type(module)) &&
      add_type(module, state.suspended_type, make_suspended_type(module)) &&
      add_type(module, state.codec.schema_type, make_schema_type(module)) &&
      add_type(module, state.codec.shaped_type, make_shaped_type(module)) &&
      add_type(module, state.websocket_type, make_websocket_type(module)) &&
      add_type(module, state.body_type, make_body_link_type(module)) &&
      add_type(module, state.metric_type, make_metric_type(module)) &&
      add_type(module, state.subscription_type, make_subscription_type(module)) &&
      PyModule_AddFunctions(module, shared_functions()) == 0;
  return is_complete ? 0 : -1;
}

int traverse(PyObject* module, visitproc visit, void* arg) {
  if (PyModule_GetState(module) == nullptr) return 0;
  for (const py_ref* each : references_of(state_of(module))) Py_VISIT(each->get());
  for (const py_ref* each : references_of(state_of(module).codec)) Py_VISIT(each->get());
  const int found = state_of(module).requests.traverse(visit, arg);
  return found != 0 ? found : state_of(module).responses.traverse(visit, arg);
}

int clear(PyObject* module) {
  if (PyModule_GetState(module) == nullptr) return 0;
  for (py_ref* each : references_of(state_of(module))) each->reset();
  state_of(module).codec.clear();
  state_of(module).requests.clear();
  state_of(module).responses.clear();
  return 0;
}

void release(void* module) {
  auto* const state = static_cast<module_state*>(PyModule_GetState(static_cast<PyObject*>(module)));
  if (state != nullptr) state->~module_state();
}

PyModuleDef_Slot slots[] = {
    {Py_mod_exec, reinterpret_cast<void*>(execute)},
    {Py_mod_multiple_interpreters, Py_MOD_PER_INTERPRETER_GIL_SUPPORTED},
    {0, nullptr},
};

PyModuleDef definition = {
    PyModuleDef_HEAD_INIT,
    "_fasterapi",
    "The server's side of the package fasterapi; see docs/boundary.md.",
    sizeof(module_state),
    functions,
    slots,
    traverse,
    clear,
    release,
};

} // namespace

PyObject* init_module() { return PyModuleDef_Init(&definition); }

module_state& state_of(PyObject* module) noexcept {
  return *static_cast<module_state*>(PyModule_GetState(module));
}

module_state* current_state() noexcept {
  const py_ref name = py_ref::steal(PyUnicode_FromString(definition.m_name));
  const py_ref module = name ? py_ref::steal(PyImport_GetModule(name.get())) : py_ref{};
  return module ? &state_of(module.get()) : nullptr;
}

std::string log_room(const module_state* state) {
  if (state == nullptr || state->worker_index < 0) return "python";
  return "worker " + std::to_string(state->worker_index);
}

} // namespace fasterapi::python
