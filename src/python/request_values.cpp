#include "python/request_values.hpp"

#include "http/target.hpp"
#include "python/scalar.hpp"

#include <string>

namespace fasterapi::python {

namespace {

py_ref to_form_text(std::string_view text) {
  std::string decoded;
  http::form_decode(text, decoded);
  return read_text(decoded);
}

bool append_pair(PyObject* list, const py_ref& name, const py_ref& value) {
  if (!name || !value) return false;
  const py_ref pair = py_ref::steal(PyTuple_Pack(2, name.get(), value.get()));
  return pair && PyList_Append(list, pair.get()) == 0;
}

// A type of the package, imported when first used: there is none where C++ is tested alone.
py_ref make_of(py_ref& type, const char* module, const char* name, const py_ref& argument) {
  if (!type) type = import_attribute(module, name);
  if (!type || !argument) return {};
  return py_ref::steal(PyObject_CallOneArg(type.get(), argument.get()));
}

constexpr const char* structures = "fasterapi.datastructures";

} // namespace

py_ref read_latin(std::string_view text) {
  return py_ref::steal(
      PyUnicode_DecodeLatin1(text.data(), static_cast<Py_ssize_t>(text.size()), nullptr));
}

namespace {

// Names come again and again. They are ASCII (RFC 9110, section 5.1), so UTF-8 does as well.
py_ref read_field_name(std::string_view name, codec& codec) { return codec.keys.get(name); }

} // namespace

py_ref make_headers(const http::request& request, codec& codec) {
  py_ref pairs = py_ref::steal(PyList_New(0));
  if (!pairs) return {};
  for (const auto& field : request.fields)
    if (!append_pair(pairs.get(), read_field_name(field.name, codec), read_latin(field.value)))
      return {};
  return make_of(codec.headers_type, structures, "Headers", pairs);
}

py_ref make_query_params(const http::request& request, codec& codec) {
  py_ref pairs = py_ref::steal(PyList_New(0));
  if (!pairs) return {};
  bool is_complete = true;
  http::for_each_query_pair(request.query, [&](std::string_view name, std::string_view value) {
    is_complete = is_complete && append_pair(pairs.get(), to_form_text(name), to_form_text(value));
  });
  if (!is_complete) return {};
  return make_of(codec.query_params_type, structures, "QueryParams", pairs);
}

py_ref make_path_params(py_ref dict, const py_ref& names, std::uint32_t integers,
                        const http::path_values& params) {
  if (!dict) dict = py_ref::steal(PyDict_New());
  const Py_ssize_t count = dict && names ? PyTuple_GET_SIZE(names.get()) : 0;
  for (Py_ssize_t i = 0; i < count && i < params.count; ++i) {
    const std::string_view text = params.values[static_cast<std::size_t>(i)];
    const refusal* why = nullptr;
    py_ref value = (integers >> i & 1U) != 0 ? read_int(text, why) : read_text(text);
    if (why != nullptr) value = read_text(text); // more digits than an int may have
    if (!value || PyDict_SetItem(dict.get(), PyTuple_GET_ITEM(names.get(), i), value.get()) != 0)
      return {};
  }
  return dict;
}

py_ref make_cookies(const py_ref& headers, codec& codec) {
  return make_of(codec.read_cookies, "fasterapi.requests", "read_cookies", headers);
}

py_ref make_address(const http::peer_address& peer, codec& codec) {
  if (peer.of == http::peer_address::family::local) return py_ref::borrow(Py_None);
  if (!codec.address_type) codec.address_type = import_attribute(structures, "Address");
  if (!codec.address_type) return {};
  return py_ref::steal(
      PyObject_CallFunction(codec.address_type.get(), "si", peer.host().c_str(), int{peer.port}));
}

py_ref make_state(codec& codec) {
  if (!codec.state_type) codec.state_type = import_attribute(structures, "State");
  return codec.state_type ? py_ref::steal(PyObject_CallNoArgs(codec.state_type.get())) : py_ref{};
}

} // namespace fasterapi::python
