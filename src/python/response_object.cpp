#include "python/response_object.hpp"

#include "python/as_method.hpp"
#include "python/json_writer.hpp"
#include "python/response_fields.hpp"

#include <new>
#include <string_view>
#include <utility>

namespace fasterapi::python {

namespace {

struct response_object {
  PyObject_HEAD dispatch::job* of; // null once detached
  module_state* module;
  long status;                // 0: not set
  std::string_view body_type; // what the body is, without a content type of the user's own
  response_fields own;
};

response_object& self_of(PyObject* object) noexcept {
  return *reinterpret_cast<response_object*>(object);
}

// Null with RuntimeError set once the answer was handed back.
http::response* response_of(PyObject* object) {
  if (self_of(object).of != nullptr) return &self_of(object).of->exchange.response;
  PyErr_SetString(PyExc_RuntimeError,
                  "the answer was sent when the handler ended: this response can no longer change");
  return nullptr;
}

PyObject* chained(PyObject* object, bool is_done) { return is_done ? Py_NewRef(object) : nullptr; }

bool set_bytes(PyObject* object, PyObject* content) {
  http::response* const response = response_of(object);
  if (response == nullptr) return false;
  if (PyUnicode_Check(content)) {
    Py_ssize_t size = 0;
    const char* text = PyUnicode_AsUTF8AndSize(content, &size);
    if (text != nullptr) response->set_body({text, static_cast<std::size_t>(size)});
    return text != nullptr;
  }
  Py_buffer view;
  if (PyObject_GetBuffer(content, &view, PyBUF_SIMPLE) != 0) return false;
  response->set_body({static_cast<const char*>(view.buf), static_cast<std::size_t>(view.len)});
  PyBuffer_Release(&view);
  return true;
}

PyObject* set_body(PyObject* object, PyObject* content, std::string_view type) {
  if (!set_bytes(object, content)) return nullptr;
  self_of(object).body_type = type;
  return Py_NewRef(object);
}

PyObject* body(PyObject* object, PyObject* content) {
  return set_body(object, content,
                  PyUnicode_Check(content) ? "text/plain; charset=utf-8"
                                           : "application/octet-stream");
}

PyObject* text(PyObject* object, PyObject* content) {
  return set_body(object, content, "text/plain; charset=utf-8");
}

PyObject* html(PyObject* object, PyObject* content) {
  return set_body(object, content, "text/html; charset=utf-8");
}

PyObject* set_json(PyObject* object, PyObject* value) {
  if (PyUnicode_Check(value) || PyBytes_Check(value) || PyByteArray_Check(value) ||
      PyMemoryView_Check(value))
    return set_body(object, value, "application/json");
  http::response* const response = response_of(object);
  if (response == nullptr) return nullptr;
  response->set_body({});
  if (!write_json(value, *response, *self_of(object).module)) {
    // Foreign code on the way may have ended the tie.
    if (self_of(object).of != nullptr) response->set_body({});
    return nullptr;
  }
  self_of(object).body_type = "application/json";
  return Py_NewRef(object);
}

PyObject* set_json_direct(PyObject* object, PyObject* args) {
  PyObject* data = nullptr;
  Py_ssize_t length = -1;
  if (!PyArg_ParseTuple(args, "O|n", &data, &length)) return nullptr;
  if (length < 0) return set_body(object, data, "application/json");
  const py_ref view = py_ref::steal(PyMemoryView_FromObject(data));
  const py_ref part = view ? py_ref::steal(PySequence_GetSlice(view.get(), 0, length)) : py_ref{};
  return part ? set_body(object, part.get(), "application/json") : nullptr;
}

// Memory of its own, which user code may keep: the answer's is gone with its job.
PyObject* get_write_buffer(PyObject* object, PyObject* size) {
  const Py_ssize_t bytes = PyLong_AsSsize_t(size);
  if (response_of(object) == nullptr || (bytes == -1 && PyErr_Occurred() != nullptr))
    return nullptr;
  const py_ref memory = py_ref::steal(PyByteArray_FromStringAndSize(nullptr, bytes));
  return memory ? PyMemoryView_FromObject(memory.get()) : nullptr;
}

PyObject* status(PyObject* object, PyObject* code) {
  const long number = PyLong_AsLong(code);
  if (response_of(object) == nullptr || (number == -1 && PyErr_Occurred() != nullptr))
    return nullptr;
  if (number < 200 || number > 599)
    return PyErr_Format(PyExc_ValueError, "status %ld: a final status is 200 to 599", number);
  self_of(object).status = number;
  return Py_NewRef(object);
}

PyObject* header(PyObject* object, PyObject* args) {
  PyObject* name = nullptr;
  PyObject* value = nullptr;
  if (response_of(object) == nullptr || !PyArg_ParseTuple(args, "UU", &name, &value))
    return nullptr;
  return chained(object, self_of(object).own.set(name, value));
}

PyObject* content_type(PyObject* object, PyObject* value) {
  const py_ref name = py_ref::steal(PyUnicode_FromString("content-type"));
  const py_ref args = name ? py_ref::steal(PyTuple_Pack(2, name.get(), value)) : py_ref{};
  return args ? header(object, args.get()) : nullptr;
}

// The package's own, which work on anything that has `headers`.
PyObject* call_cookie_verb(const char* verb, PyObject* object, PyObject* args, PyObject* keywords) {
  py_ref& fields = self_of(object).module->codec.cookie_fields;
  if (!fields) fields = import_attribute("fasterapi.responses", "CookieFields");
  const py_ref function =
      fields ? py_ref::steal(PyObject_GetAttrString(fields.get(), verb)) : py_ref{};
  const py_ref self = function ? py_ref::steal(PyTuple_Pack(1, object)) : py_ref{};
  const py_ref all = self ? py_ref::steal(PySequence_Concat(self.get(), args)) : py_ref{};
  return all ? PyObject_Call(function.get(), all.get(), keywords) : nullptr;
}

PyObject* set_cookie(PyObject* object, PyObject* args, PyObject* keywords) {
  return call_cookie_verb("set_cookie", object, args, keywords);
}

PyObject* delete_cookie(PyObject* object, PyObject* args, PyObject* keywords) {
  return call_cookie_verb("delete_cookie", object, args, keywords);
}

PyObject* get_status_code(PyObject* object, void*) {
  const long code = self_of(object).status;
  return code != 0 ? PyLong_FromLong(code) : Py_NewRef(Py_None);
}

int set_status_code(PyObject* object, PyObject* code, void*) {
  if (code != nullptr && code != Py_None) return py_ref::steal(status(object, code)) ? 0 : -1;
  self_of(object).status = 0;
  return 0;
}

PyObject* get_headers(PyObject* object, void*) {
  return self_of(object).own.as_headers(self_of(object).module->codec).release();
}

int traverse(PyObject* object, visitproc visit, void* arg) {
  Py_VISIT(Py_TYPE(object));
  Py_VISIT(self_of(object).own.pairs.get());
  Py_VISIT(self_of(object).own.headers.get());
  return 0;
}

int clear(PyObject* object) {
  self_of(object).own = response_fields{};
  return 0;
}

void dealloc(PyObject* object) {
  const py_ref type = py_ref::steal(reinterpret_cast<PyObject*>(Py_TYPE(object)));
  PyObject_GC_UnTrack(object);
  self_of(object).own.~response_fields();
  PyObject_GC_Del(object);
}

PyObject* get_class(PyObject* object, void*) {
  return class_shown(object, "starlette.responses", "Response");
}

PyGetSetDef attributes[] = {
    {"__class__", get_class, nullptr, "Starlette's Response, where that is imported.", nullptr},
    {"status_code", get_status_code, set_status_code, "None: 200.", nullptr},
    {"headers", get_headers, nullptr, "fasterapi.datastructures.MutableHeaders", nullptr},
    {nullptr, nullptr, nullptr, nullptr, nullptr},
};

PyMethodDef methods[] = {
    {"status", status, METH_O, "Sets the status, 200 to 599."},
    {"header", header, METH_VARARGS, "Sets a header field, in place of those of that name."},
    {"content_type", content_type, METH_O, "Sets Content-Type."},
    {"body", body, METH_O, "Sets the body: str as text/plain, bytes as application/octet-stream."},
    {"text", text, METH_O, "Sets the body as text/plain."},
    {"html", html, METH_O, "Sets the body as text/html."},
    {"set_json", set_json, METH_O, "Sets the body to a value as JSON; str, bytes: JSON text."},
    {"set_json_direct", set_json_direct, METH_VARARGS,
     "set_json_direct(data[, length]): JSON text from a buffer."},
    {"get_write_buffer", get_write_buffer, METH_O, "A writable memoryview of that many bytes."},
    {"set_cookie", as_method(set_cookie), METH_VARARGS | METH_KEYWORDS, "Adds a cookie."},
    {"delete_cookie", as_method(delete_cookie), METH_VARARGS | METH_KEYWORDS,
     "Has the client forget a cookie."},
    {nullptr, nullptr, 0, nullptr},
};

PyType_Slot slots[] = {
    {Py_tp_doc, const_cast<char*>("The answer that a handler builds; see fasterapi._builder.")},
    {Py_tp_dealloc, reinterpret_cast<void*>(dealloc)},
    {Py_tp_traverse, reinterpret_cast<void*>(traverse)},
    {Py_tp_clear, reinterpret_cast<void*>(clear)},
    {Py_tp_getset, attributes},
    {Py_tp_methods, methods},
    {0, nullptr},
};

PyType_Spec spec = {
    "_fasterapi.ResponseBuilder",
    sizeof(response_object),
    0,
    Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_DISALLOW_INSTANTIATION,
    slots,
};

} // namespace

py_ref make_response_type(PyObject* module) {
  return py_ref::steal(PyType_FromModuleAndSpec(module, &spec, nullptr));
}

namespace {

py_ref make_untied(module_state& state) {
  auto* const type = reinterpret_cast<PyTypeObject*>(state.response_type.get());
  py_ref made = py_ref::steal(PyType_GenericAlloc(type, 0));
  if (!made) return made;
  response_object& self = self_of(made.get());
  new (&self.body_type) std::string_view{};
  new (&self.own) response_fields{};
  self.module = &state;
  return made;
}

} // namespace

py_ref make_builder(dispatch::job& of, module_state& state) {
  py_ref made = state.responses.take();
  if (!made) made = make_untied(state);
  if (made) self_of(made.get()).of = &of;
  return made;
}

bool finish_fields(PyObject* builder, http::response& into) {
  const response_object& self = self_of(builder);
  if (self.status != 0) into.status(static_cast<unsigned>(self.status));
  return self.own.add_to(into);
}

bool finish_builder(PyObject* builder, http::response& into) {
  if (!finish_fields(builder, into)) return false;
  const std::string_view body_type = self_of(builder).body_type;
  if (into.content_type().empty() && !body_type.empty()) into.content_type(body_type);
  return true;
}

void detach_builder(py_ref builder) noexcept {
  if (!builder) return;
  response_object& self = self_of(builder.get());
  self.of = nullptr;
  object_pool& pool = self.module->responses;
  if (!pool.is_free(builder)) return;
  self.status = 0;
  self.body_type = {};
  self.own = response_fields{};
  pool.give(std::move(builder));
}

} // namespace fasterapi::python
