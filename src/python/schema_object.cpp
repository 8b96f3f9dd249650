#include "python/schema_object.hpp"

#include "http/byte_buffer.hpp"
#include "http/response.hpp"
#include "python/schema.hpp"

#include <memory>
#include <new>

namespace fasterapi::python {

namespace {

struct schema_object {
  PyObject_HEAD schema* of; // owned; null once cleared
};

schema_object& self_of(PyObject* object) noexcept {
  return *reinterpret_cast<schema_object*>(object);
}

module_state& state_for(PyObject* self) noexcept {
  return state_of(PyType_GetModule(Py_TYPE(self)));
}

PyObject* refuse_cleared() {
  PyErr_SetString(PyExc_RuntimeError, "a schema of an interpreter that ends");
  return nullptr;
}

PyObject* answer(py_ref value, misfit why) {
  if (value || why == misfit::raised) return value.release();
  Py_RETURN_NOTIMPLEMENTED;
}

// The value, or null: `why` says why then.
bool read_bytes(PyObject* self, PyObject* text, py_ref& value, misfit& why, py_ref* entries) {
  char* bytes = nullptr;
  Py_ssize_t size = 0;
  if (self_of(self).of == nullptr) return refuse_cleared() != nullptr;
  if (PyBytes_AsStringAndSize(text, &bytes, &size) != 0) return false;
  http::byte_buffer padded;
  padded.prepare(1);
  padded.append({bytes, static_cast<std::size_t>(size)});
  value = self_of(self).of->read(padded.view(), state_for(self), why, entries);
  return true;
}

PyObject* read(PyObject* self, PyObject* text) {
  misfit why = misfit::unsure;
  py_ref value;
  if (!read_bytes(self, text, value, why, nullptr)) return nullptr;
  return answer(std::move(value), why);
}

PyObject* explain(PyObject* self, PyObject* text) {
  misfit why = misfit::unsure;
  py_ref value, entries;
  if (!read_bytes(self, text, value, why, &entries)) return nullptr;
  return answer(std::move(entries), why);
}

PyObject* check(PyObject* self, PyObject* value) {
  if (self_of(self).of == nullptr) return refuse_cleared();
  misfit why = misfit::unsure;
  py_ref made = self_of(self).of->check(value, state_for(self), why);
  return answer(std::move(made), why);
}

// A value with the _fasterapi.Schema that it is written by.
struct shaped_object {
  PyObject_HEAD PyObject* schema;
  PyObject* value;
};

shaped_object& shaped_in(PyObject* object) noexcept {
  return *reinterpret_cast<shaped_object*>(object);
}

PyObject* shape(PyObject* self, PyObject* value) {
  py_ref shaped = make_shaped(self, value, state_for(self));
  return answer(std::move(shaped), PyErr_Occurred() != nullptr ? misfit::raised : misfit::unsure);
}

bool write_shaped(PyObject* shaped, json_writer& to, const value_path& at) {
  const schema* const as = self_of(shaped_in(shaped).schema).of;
  if (as == nullptr) return refuse_cleared() != nullptr;
  return as->write(shaped_in(shaped).value, to, at);
}

int traverse_shaped(PyObject* self, visitproc visit, void* arg) {
  Py_VISIT(Py_TYPE(self));
  Py_VISIT(shaped_in(self).schema);
  Py_VISIT(shaped_in(self).value);
  return 0;
}

// Nothing refers back to one but what its value does.
void dealloc_shaped(PyObject* self) {
  const py_ref type = py_ref::steal(reinterpret_cast<PyObject*>(Py_TYPE(self)));
  PyObject_GC_UnTrack(self);
  py_ref::steal(shaped_in(self).schema);
  py_ref::steal(shaped_in(self).value);
  Py_TYPE(self)->tp_free(self);
}

PyObject* dump(PyObject* self, PyObject* value) {
  if (self_of(self).of == nullptr) return refuse_cleared();
  http::byte_buffer bytes;
  http::response into;
  into.start(bytes, {});
  {
    json_writer writer{into, state_for(self).codec};
    if (!self_of(self).of->write(value, writer, value_path{})) return nullptr;
  }
  into.finish();
  std::string_view body = bytes.view();
  body.remove_prefix(body.find("\r\n\r\n") + 4);
  return PyBytes_FromStringAndSize(body.data(), static_cast<Py_ssize_t>(body.size()));
}

int traverse(PyObject* self, visitproc visit, void* arg) {
  Py_VISIT(Py_TYPE(self));
  if (self_of(self).of != nullptr) Py_VISIT(self_of(self).of->program());
  return 0;
}

int clear(PyObject* self) {
  delete std::exchange(self_of(self).of, nullptr);
  return 0;
}

void dealloc(PyObject* self) {
  const py_ref type = py_ref::steal(reinterpret_cast<PyObject*>(Py_TYPE(self)));
  PyObject_GC_UnTrack(self);
  clear(self);
  Py_TYPE(self)->tp_free(self);
}

PyMethodDef methods[] = {
    {"read", read, METH_O, "The validated value of JSON text, or NotImplemented: ask Python."},
    {"explain", explain, METH_O, "The entries of the 422 of JSON text, or NotImplemented."},
    {"check", check, METH_O, "The validated value of a value, or NotImplemented: ask Python."},
    {"dump", dump, METH_O, "A validated value as JSON."},
    {"shape", shape, METH_O, "What check() gives, to be written as the schema says."},
    {nullptr, nullptr, 0, nullptr},
};

PyType_Slot slots[] = {
    {Py_tp_doc, const_cast<char*>("A schema in C++; see fasterapi._schema._native.")},
    {Py_tp_dealloc, reinterpret_cast<void*>(dealloc)},
    {Py_tp_traverse, reinterpret_cast<void*>(traverse)},
    {Py_tp_clear, reinterpret_cast<void*>(clear)},
    {Py_tp_methods, methods},
    {0, nullptr},
};

PyType_Spec spec = {
    "_fasterapi.Schema",
    sizeof(schema_object),
    0,
    Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_DISALLOW_INSTANTIATION,
    slots,
};

PyType_Slot shaped_slots[] = {
    {Py_tp_doc, const_cast<char*>("A handler's result as its response model shows it.")},
    {Py_tp_dealloc, reinterpret_cast<void*>(dealloc_shaped)},
    {Py_tp_traverse, reinterpret_cast<void*>(traverse_shaped)},
    {0, nullptr},
};

PyType_Spec shaped_spec = {
    "_fasterapi.Shaped",
    sizeof(shaped_object),
    0,
    Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_DISALLOW_INSTANTIATION,
    shaped_slots,
};

// None: not asked for yet. False: it dumps itself in another way.
py_ref schema_of(PyObject* model, codec& codec) {
  py_ref found = find_attribute(model, codec.names.native_schema.get());
  if (found.get() != Py_None) return found;
  const py_ref attach = import_attribute("fasterapi._schema._native", "attach");
  return attach ? py_ref::steal(PyObject_CallOneArg(attach.get(), model)) : py_ref{};
}

} // namespace

py_ref make_schema_type(PyObject* module) {
  return py_ref::steal(PyType_FromModuleAndSpec(module, &spec, nullptr));
}

py_ref make_shaped_type(PyObject* module) {
  return py_ref::steal(PyType_FromModuleAndSpec(module, &shaped_spec, nullptr));
}

py_ref make_schema(PyObject* type, PyObject* program) {
  std::unique_ptr<schema> made = schema::compile(program);
  if (!made) return {};
  py_ref object = py_ref::steal(PyType_GenericAlloc(reinterpret_cast<PyTypeObject*>(type), 0));
  if (object) self_of(object.get()).of = made.release();
  return object;
}

const schema* schema_in(PyObject* object, const codec& codec) noexcept {
  const bool is_one = reinterpret_cast<PyObject*>(Py_TYPE(object)) == codec.schema_type.get();
  return is_one ? self_of(object).of : nullptr;
}

py_ref make_shaped(PyObject* schema, PyObject* value, module_state& state) {
  const auto* const of = self_of(schema).of;
  if (of == nullptr) return py_ref::steal(refuse_cleared());
  misfit why = misfit::unsure;
  py_ref made = of->check(value, state, why);
  if (!made) return {};
  auto* const type = reinterpret_cast<PyTypeObject*>(state.codec.shaped_type.get());
  py_ref shaped = py_ref::steal(PyType_GenericAlloc(type, 0));
  if (!shaped) return {};
  shaped_in(shaped.get()).schema = Py_NewRef(schema);
  shaped_in(shaped.get()).value = made.release();
  return shaped;
}

bool write_model(PyObject* value, json_writer& to, const value_path& at, codec& codec,
                 bool& is_model) {
  PyObject* const type = reinterpret_cast<PyObject*>(Py_TYPE(value));
  if (type == codec.shaped_type.get()) {
    is_model = true;
    return write_shaped(value, to, at);
  }
  if (Py_TYPE(type) == &PyType_Type) return false; // a model's class has a class of its own
  const py_ref found = schema_of(type, codec);
  const schema* const as = found ? schema_in(found.get(), codec) : nullptr;
  is_model = as != nullptr || (!found && PyErr_Occurred() != nullptr);
  if (as != nullptr) return as->write(value, to, at);
  return is_model && note_at(at, codec.names);
}

} // namespace fasterapi::python
