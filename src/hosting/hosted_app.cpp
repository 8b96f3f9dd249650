#include "hosting/hosted_app.hpp"

#include "hosting/native_route.hpp"
#include "hosting/python_values.hpp"

#include <utility>

namespace fasterapi::hosting {

namespace {

using python::py_ref;

// (methods, path, name, origin, endpoint, plan, is_coroutine, direct, batch, native, dispatch,
//  streams_body)
constexpr Py_ssize_t route_size = 12;

std::optional<dispatch::policy> policy_of(PyObject* route) {
  PyObject* const said = PyTuple_GET_ITEM(route, 10);
  if (said == Py_None) return {};
  const auto policy = dispatch::read_policy(to_string(said));
  if (!policy) throw app_error("dispatch of a route is \"auto\", \"inline\" or \"ring\"");
  return policy;
}

route_description describe(PyObject* route) {
  route_description described;
  PyObject* methods = PyTuple_GET_ITEM(route, 0);
  for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(methods); ++i) {
    described.methods.push_back(to_string(PyTuple_GET_ITEM(methods, i)));
    described.is_websocket |= described.methods.back() == "WEBSOCKET";
  }
  described.path = to_string(PyTuple_GET_ITEM(route, 1));
  described.name = to_string(PyTuple_GET_ITEM(route, 2));
  described.origin = to_string(PyTuple_GET_ITEM(route, 3));
  described.runs = policy_of(route);
  described.streams_body = PyObject_IsTrue(PyTuple_GET_ITEM(route, 11)) == 1;
  read_native_route(PyTuple_GET_ITEM(route, 9), described);
  return described;
}

void read_shape(PyObject* direct, python::result_shape& into) {
  if (const long status = PyLong_AsLong(PyTuple_GET_ITEM(direct, 1)); status != 0)
    into.status = static_cast<unsigned>(status);
  into.text_type = to_string(PyTuple_GET_ITEM(direct, 2));
  PyObject* const reshape = PyTuple_GET_ITEM(direct, 4);
  if (reshape == Py_None) return;
  into.reshape = py_ref::borrow(reshape);
  PyObject* const schema = PyTuple_GET_ITEM(direct, 5);
  if (schema != Py_None) into.schema = py_ref::borrow(schema);
  PyObject* const check = PyTuple_GET_ITEM(direct, 3);
  if (check != Py_None && !python::result_check::read(check, into.check)) throw_app_error();
}

python::handler compile(PyObject* route) {
  python::handler compiled;
  const bool is_coroutine = PyObject_IsTrue(PyTuple_GET_ITEM(route, 6)) == 1;
  PyObject* const direct = PyTuple_GET_ITEM(route, 7);
  PyObject* endpoint = PyTuple_GET_ITEM(route, 4);
  if (direct != Py_None) {
    endpoint = PyTuple_GET_ITEM(direct, 0);
    read_shape(direct, compiled.shape);
  }
  PyObject* const batch = PyTuple_GET_ITEM(route, 8);
  if (batch != Py_None) {
    endpoint = PyTuple_GET_ITEM(batch, 0);
    compiled.batch.most = PyLong_AsSize_t(PyTuple_GET_ITEM(batch, 1));
    const std::chrono::duration<double, std::milli> delay{
        PyFloat_AsDouble(PyTuple_GET_ITEM(batch, 2))};
    compiled.batch.delay = std::chrono::duration_cast<std::chrono::nanoseconds>(delay);
  }
  if (!python::handler::compile(endpoint, PyTuple_GET_ITEM(route, 5),
                                to_string(PyTuple_GET_ITEM(route, 1)), is_coroutine, compiled)) {
    throw_app_error();
  }
  return compiled;
}

// A worker that ends while the server serves on keeps no reactor.
struct reactor_return {
  dispatch::worker_port& port;
  ~reactor_return() {
    port.want_no_loan();
    if (port.leader().accept(-1)) port.leader().give_back();
  }
};

} // namespace

hosted_app::hosted_app(dispatch::worker_port& port, const worker_settings& settings,
                       python::shutdown_clock& clock)
    : port_(port), settings_(settings), clock_(clock) {
  state_ = &python::state_of(import("_fasterapi").get());
  state_->worker_index = static_cast<int>(port.index());
  state_->is_debug = settings.debug;
  state_->clock = &clock;
  state_->port = &port;
  state_->services = settings.services;
  state_->batches = settings.batches;
  bind();
}

hosted_app::~hosted_app() {
  state_->clock = nullptr;
  state_->port = nullptr;
}

void hosted_app::bind() {
  worker_module_ = import("fasterapi._worker");
  expect(PyObject_CallMethod(worker_module_.get(), "prepare", "i", settings_.debug ? 1 : 0));
  state_->drive_stream = get(worker_module_, "drive_stream");
  state_->await_any = get(worker_module_, "await_any");
  state_->task_type = get(import("asyncio"), "Task");
  state_->response_class = get(import("fasterapi.responses"), "Response");
  state_->incoming_class = get(import("fasterapi._incoming"), "Incoming");
}

void hosted_app::load() {
  loaded_ = expect(PyObject_CallMethod(worker_module_.get(), "load", "s", settings_.app.c_str()));
  state_->app = get(loaded_, "app");
  state_->http_exception = get(loaded_, "http_exceptions");
  const py_ref routes = get(loaded_, "routes");
  const py_ref kinds = get(loaded_, "kinds");
  for (Py_ssize_t i = 0; i < PyList_Size(routes.get()); ++i) {
    PyObject* route = PyList_GET_ITEM(routes.get(), i);
    if (!PyTuple_Check(route) || PyTuple_GET_SIZE(route) != route_size) {
      throw app_error("The package fasterapi is of another version than this server.");
    }
    description_.routes.push_back(describe(route));
    description_.routes.back().kind = to_string(PyList_GetItem(kinds.get(), i));
    handlers_.push_back(compile(route));
    handlers_.back().runs = description_.routes.back().runs.value_or(settings_.runs);
  }
  read_description();
  if (settings_.report.empty()) return;
  const py_ref text = expect(PyObject_CallMethod(worker_module_.get(), "report", "sO",
                                                 settings_.report.c_str(), loaded_.get()));
  description_.report = to_string(text.get());
}

std::string hosted_app::report() noexcept try {
  if (settings_.report.empty()) return {};
  const py_ref text = expect(
      PyObject_CallMethod(worker_module_.get(), "report", "sO", settings_.report.c_str(), Py_None));
  return to_string(text.get());
} catch (const app_error&) {
  return {};
}

void hosted_app::read_description() {
  description_.redirect_slashes = PyObject_IsTrue(get(loaded_, "redirect_slashes").get()) == 1;
  const py_ref executor = get(loaded_, "executor");
  const py_ref reactor = get(loaded_, "reactor");
  description_.workers = find_size(executor.get(), "num_workers");
  description_.queue_capacity = find_size(executor.get(), "queue_capacity");
  if (const auto asked = find_size(executor.get(), "use_subinterpreters")) {
    description_.use_subinterpreters = *asked != 0;
  }
  description_.io_threads = find_size(reactor.get(), "num_threads");
}

void hosted_app::serve(std::function<void()> on_ready) {
  const reactor_return at_end{port_};
  python::job_loop jobs(port_, clock_, std::move(handlers_), *state_);
  if (settings_.batches) jobs.count_batches(*settings_.batches);
  jobs.on_open(std::move(on_ready));
  const double seconds = std::chrono::duration<double>(settings_.startup_deadline).count();
  expect(PyObject_CallMethod(worker_module_.get(), "serve", "Od", loaded_.get(), seconds));
}

threads_left hosted_app::finish() noexcept {
  threads_left left;
  clock_.start();
  loaded_.reset();
  const py_ref told = py_ref::steal(PyObject_CallMethod(worker_module_.get(), "finish", nullptr));
  PyObject* names = nullptr;
  int has_daemons = 0;
  if (!told || !PyArg_ParseTuple(told.get(), "O!p", &PyList_Type, &names, &has_daemons)) {
    python::log_python_error("ending the worker failed");
    return left;
  }
  for (Py_ssize_t i = 0; i < PyList_GET_SIZE(names); ++i)
    left.late.push_back(to_string(PyList_GET_ITEM(names, i)));
  left.has_daemons = has_daemons != 0;
  return left;
}

} // namespace fasterapi::hosting
