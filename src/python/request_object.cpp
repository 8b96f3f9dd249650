#include "python/request_object.hpp"

#include "python/body_link.hpp"
#include "python/job_loop.hpp"
#include "python/json_reader.hpp"
#include "python/kept_request.hpp"
#include "python/ready.hpp"
#include "python/request_values.hpp"
#include "python/scalar.hpp"

#include <cstddef>
#include <memory>
#include <new>
#include <utility>

namespace fasterapi::python {

namespace {

struct request_object {
  // What Python code has asked for: the same object each time.
  struct references {
    py_ref names; // of the path parameters
    py_ref path_params, headers, query_params, cookies, state, client;
    py_ref link, incoming;              // of a body that comes while the handler runs
    py_ref spare_params;                // an empty dict
    std::unique_ptr<kept_request> kept; // once detached
  };

  PyObject_HEAD dispatch::job* of; // null once detached
  module_state* module;
  std::uint32_t integers;
  bool is_awaited;
  bool is_received;      // its body was, by receive()
  bool awaits_departure; // asked for its client's
  references own;
};

request_object& self_of(PyObject* object) noexcept {
  return *reinterpret_cast<request_object*>(object);
}

// Null with RuntimeError set where there was no memory to keep it.
const http::request* request_of(PyObject* object) {
  const request_object& self = self_of(object);
  if (self.of != nullptr) return &self.of->exchange.request;
  if (self.own.kept) return &self.own.kept->request();
  PyErr_SetString(PyExc_RuntimeError, "this request was not kept: out of memory");
  return nullptr;
}

const http::path_values& params_of(const request_object& self) noexcept {
  return self.of != nullptr ? self.of->exchange.params : self.own.kept->params();
}

// The object in its place, made when it is asked for the first time.
template <class Make>
PyObject* once(py_ref& place, Make&& make) {
  if (!place) place = make();
  return py_ref{place}.release();
}

PyObject* get_method(PyObject* object, void*) {
  const auto* request = request_of(object);
  return request != nullptr ? read_latin(request->method_text).release() : nullptr;
}

PyObject* get_path(PyObject* object, void*) {
  const auto* request = request_of(object);
  return request != nullptr ? read_text(request->path).release() : nullptr;
}

PyObject* get_query_string(PyObject* object, void*) {
  const auto* request = request_of(object);
  return request != nullptr ? read_latin(request->query).release() : nullptr;
}

PyObject* get_headers(PyObject* object, void*) {
  const auto* request = request_of(object);
  request_object& self = self_of(object);
  if (request == nullptr) return nullptr;
  return once(self.own.headers, [&] { return make_headers(*request, self.module->codec); });
}

PyObject* get_content_type(PyObject* object, void*) {
  const auto* request = request_of(object);
  if (request == nullptr) return nullptr;
  return read_latin(request->find("content-type").value_or(std::string_view{})).release();
}

PyObject* get_query_params(PyObject* object, void*) {
  const auto* request = request_of(object);
  request_object& self = self_of(object);
  if (request == nullptr) return nullptr;
  return once(self.own.query_params,
              [&] { return make_query_params(*request, self.module->codec); });
}

PyObject* get_path_params(PyObject* object, void*) {
  request_object& self = self_of(object);
  if (request_of(object) == nullptr) return nullptr;
  return once(self.own.path_params, [&] {
    return make_path_params(std::move(self.own.spare_params), self.own.names, self.integers,
                            params_of(self));
  });
}

PyObject* get_cookies(PyObject* object, void*) {
  request_object& self = self_of(object);
  return once(self.own.cookies, [&] {
    const py_ref headers = py_ref::steal(get_headers(object, nullptr));
    return make_cookies(headers, self.module->codec);
  });
}

PyObject* get_state(PyObject* object, void*) {
  request_object& self = self_of(object);
  return once(self.own.state, [&] { return make_state(self.module->codec); });
}

PyObject* get_app(PyObject* object, void*) {
  const py_ref& app = self_of(object).module->app;
  return app ? py_ref{app}.release() : Py_NewRef(Py_None);
}

PyObject* get_client(PyObject* object, void*) {
  const auto* request = request_of(object);
  request_object& self = self_of(object);
  if (request == nullptr) return nullptr;
  return once(self.own.client, [&] { return make_address(request->peer, self.module->codec); });
}

py_ref make_incoming(request_object& self) {
  const module_state& state = *self.module;
  self.own.link = make_body_link(state.body_type.get(), *state.loop, *self.of);
  if (!self.own.link) return {};
  return py_ref::steal(PyObject_CallOneArg(state.incoming_class.get(), self.own.link.get()));
}

bool has_incoming(const request_object& self) noexcept {
  return self.own.incoming || (self.of != nullptr && self.of->body);
}

PyObject* get_incoming(PyObject* object, void*) {
  request_object& self = self_of(object);
  if (!has_incoming(self)) Py_RETURN_NONE;
  return once(self.own.incoming, [&] { return make_incoming(self); });
}

PyObject* ask_incoming(PyObject* object, const char* verb) {
  const py_ref incoming = py_ref::steal(get_incoming(object, nullptr));
  return incoming ? PyObject_CallMethod(incoming.get(), verb, nullptr) : nullptr;
}

PyObject* in_handlers_way(const request_object& self, py_ref value) {
  if (!self.is_awaited) return value.release();
  return make_ready(std::move(value), self.module->ready_type.get()).release();
}

PyObject* body(PyObject* object, PyObject*) {
  const auto* request = request_of(object);
  if (request == nullptr) return nullptr;
  if (has_incoming(self_of(object))) return ask_incoming(object, "read");
  return in_handlers_way(self_of(object),
                         py_ref::steal(PyBytes_FromStringAndSize(
                             request->body.data(), static_cast<Py_ssize_t>(request->body.size()))));
}

PyObject* json(PyObject* object, PyObject*) {
  const auto* request = request_of(object);
  if (request == nullptr) return nullptr;
  if (has_incoming(self_of(object))) return ask_incoming(object, "json");
  return in_handlers_way(self_of(object), read_json(request->body, *self_of(object).module));
}

// A request that has its answer is over.
PyObject* has_client_left(PyObject* object, PyObject*) {
  const dispatch::job* of = self_of(object).of;
  return PyBool_FromLong(static_cast<long>(of == nullptr || of->has_client_left()));
}

PyObject* departure(PyObject* object, PyObject*) {
  request_object& self = self_of(object);
  job_loop* const loop = self.module->loop;
  if (self.of == nullptr || loop == nullptr)
    return make_ready(py_ref::borrow(Py_None), self.module->ready_type.get()).release();
  self.awaits_departure = true;
  return loop->departures().await(*self.of).release();
}

PyObject* repr(PyObject* object) {
  const py_ref method = py_ref::steal(get_method(object, nullptr));
  const py_ref path = method ? py_ref::steal(get_path(object, nullptr)) : py_ref{};
  return path ? PyUnicode_FromFormat("<Request %U %U>", method.get(), path.get()) : nullptr;
}

int traverse(PyObject* object, visitproc visit, void* arg) {
  const auto& own = self_of(object).own;
  Py_VISIT(Py_TYPE(object));
  Py_VISIT(own.path_params.get());
  Py_VISIT(own.headers.get());
  Py_VISIT(own.query_params.get());
  Py_VISIT(own.cookies.get());
  Py_VISIT(own.state.get());
  Py_VISIT(own.link.get());
  Py_VISIT(own.incoming.get());
  return 0;
}

int clear(PyObject* object) {
  auto& own = self_of(object).own;
  for (py_ref* each :
       {&own.path_params, &own.headers, &own.query_params, &own.cookies, &own.state, &own.incoming})
    each->reset();
  return 0;
}

void dealloc(PyObject* object) {
  const py_ref type = py_ref::steal(reinterpret_cast<PyObject*>(Py_TYPE(object)));
  PyObject_GC_UnTrack(object);
  self_of(object).own.~references();
  PyObject_GC_Del(object);
}

PyObject* get_class(PyObject* object, void*) {
  return class_shown(object, "starlette.requests", "Request");
}

PyObject* get_is_received(PyObject* object, void*) {
  return PyBool_FromLong(self_of(object).is_received ? 1 : 0);
}

int set_is_received(PyObject* object, PyObject* value, void*) {
  self_of(object).is_received = value == Py_True;
  return 0;
}

PyGetSetDef attributes[] = {
    {"__class__", get_class, nullptr, "Starlette's Request, where that is imported.", nullptr},
    {"method", get_method, nullptr, nullptr, nullptr},
    {"path", get_path, nullptr, "Percent-decoded.", nullptr},
    {"query_string", get_query_string, nullptr, "Behind \"?\", still encoded.", nullptr},
    {"headers", get_headers, nullptr, "fasterapi.datastructures.Headers", nullptr},
    {"query_params", get_query_params, nullptr, "fasterapi.datastructures.QueryParams", nullptr},
    {"path_params", get_path_params, nullptr, "dict; int where {name:int}.", nullptr},
    {"cookies", get_cookies, nullptr, "Cookies by name.", nullptr},
    {"state", get_state, nullptr, "Attributes of the user's choice.", nullptr},
    {"app", get_app, nullptr, "The app that serves it.", nullptr},
    {"_content_type", get_content_type, nullptr, "Of headers; empty where they have none.",
     nullptr},
    {"_incoming", get_incoming, nullptr, "fasterapi._incoming.Incoming of a body on its way.",
     nullptr},
    {"_is_received", get_is_received, set_is_received, "For receive().", nullptr},
    {"client", get_client, nullptr, "The other end: (host, port); None for a Unix socket.",
     nullptr},
    {nullptr, nullptr, nullptr, nullptr, nullptr},
};

PyMethodDef methods[] = {
    {"body", body, METH_NOARGS, "The body's bytes; awaitable in async handlers."},
    {"json", json, METH_NOARGS, "The body as JSON; awaitable in async handlers."},
    {"_has_client_left", has_client_left, METH_NOARGS, "For is_disconnected()."},
    {"_departure", departure, METH_NOARGS, "To await until the client leaves, or has its answer."},
    {nullptr, nullptr, 0, nullptr},
};

PyType_Slot slots[] = {
    {Py_tp_doc, const_cast<char*>("One HTTP request, as fasterapi.requests documents it.")},
    {Py_tp_dealloc, reinterpret_cast<void*>(dealloc)},
    {Py_tp_traverse, reinterpret_cast<void*>(traverse)},
    {Py_tp_clear, reinterpret_cast<void*>(clear)},
    {Py_tp_repr, reinterpret_cast<void*>(repr)},
    {Py_tp_getset, attributes},
    {Py_tp_methods, methods},
    {0, nullptr},
};

PyType_Spec spec = {
    "_fasterapi.Request",
    sizeof(request_object),
    0,
    Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_DISALLOW_INSTANTIATION,
    slots,
};

} // namespace

py_ref make_request_type(PyObject* module) {
  module_state& state = state_of(module);
  if (!state.codec.names.intern()) return {};
  state.ready_type = make_ready_type(module);
  if (!state.ready_type) return {};
  return py_ref::steal(PyType_FromModuleAndSpec(module, &spec, nullptr));
}

namespace {

py_ref make_untied(module_state& state) {
  auto* const type = reinterpret_cast<PyTypeObject*>(state.request_type.get());
  py_ref made = py_ref::steal(PyType_GenericAlloc(type, 0));
  if (made) {
    new (&self_of(made.get()).own) request_object::references{};
    self_of(made.get()).module = &state;
  }
  return made;
}

// As it was made. An empty dict may serve the next request, unless it is somebody's.
void untie(request_object& self) noexcept {
  py_ref params = std::move(self.own.path_params);
  self.own = request_object::references{};
  self.of = nullptr;
  self.is_received = self.awaits_departure = false;
  if (!params || Py_REFCNT(params.get()) != 1) return;
  PyDict_Clear(params.get());
  if (Py_REFCNT(params.get()) == 1) self.own.spare_params = std::move(params);
}

} // namespace

py_ref make_request(dispatch::job& of, const path_names& names, bool is_awaited,
                    module_state& state) {
  py_ref made = state.requests.take();
  if (!made) made = make_untied(state);
  if (!made) return made;
  request_object& self = self_of(made.get());
  self.own.names = names.names;
  self.of = &of;
  self.integers = names.integers;
  self.is_awaited = is_awaited;
  return made;
}

void detach_request(py_ref request) noexcept {
  if (!request) return;
  request_object& self = self_of(request.get());
  if (self.of == nullptr) return;
  if (self.own.link) reinterpret_cast<body_link*>(self.own.link.get())->leave();
  if (self.awaits_departure) self.module->loop->departures().end(*self.of);
  object_pool& pool = self.module->requests;
  if (pool.is_free(request)) {
    untie(self);
    return pool.give(std::move(request));
  }
  const http::exchange& exchange = self.of->exchange;
  try {
    self.own.kept = std::make_unique<kept_request>(exchange.request, exchange.params);
  } catch (const std::bad_alloc&) { // said when it is asked
  }
  self.of = nullptr;
}

} // namespace fasterapi::python
