#include "python/json_reader.hpp"

#include "http/byte_buffer.hpp"
#include "python/json_value.hpp"

#include <cstdint>
#include <new>

namespace fasterapi::python {

void free_parser::operator()(simdjson::dom::parser* parser) const noexcept { delete parser; }

namespace {

namespace dom = simdjson::dom;

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
// The parser needs some fifteen times the text; more than this is given back after use.
constexpr std::size_t most_kept_bytes = 256 * 1024;
constexpr std::size_t deepest = simdjson::DEFAULT_MAX_DEPTH; // 1024

// An exception that json.loads raises in no other case.
PyObject* refuse_constant(PyObject*, PyObject*) {
  PyErr_SetNone(PyExc_FloatingPointError);
  return nullptr;
}

PyMethodDef refuse_constant_method = {"refuse_constant", refuse_constant, METH_O, nullptr};

bool import_json(codec& codec) {
  if (codec.loads) return true;
  codec.decode_error = import_attribute("json", "JSONDecodeError");
  codec.refuse_constant = py_ref::steal(PyCFunction_New(&refuse_constant_method, nullptr));
  if (codec.decode_error && codec.refuse_constant) codec.loads = import_attribute("json", "loads");
  return static_cast<bool>(codec.loads);
}

// Where NaN, Infinity or -Infinity stand in text that is JSON up to there: outside of strings no
// other capital N or I occurs.
Py_ssize_t place_of_constant(PyObject* text) {
  const Py_ssize_t size = PyUnicode_GET_LENGTH(text);
  bool is_string = false;
  for (Py_ssize_t i = 0; i < size; ++i) {
    const Py_UCS4 c = PyUnicode_READ_CHAR(text, i);
    if (is_string && c == '\\')
      ++i;
    else if (c == '"')
      is_string = !is_string;
    else if (!is_string && (c == 'N' || c == 'I'))
      return i > 0 && PyUnicode_READ_CHAR(text, i - 1) == '-' ? i - 1 : i;
  }
  return 0;
}

void raise_constant(PyObject* text, codec& codec) {
  PyErr_Clear();
  const py_ref error = py_ref::steal(PyObject_CallFunction(
      codec.decode_error.get(), "sOn", "Expecting value", text, place_of_constant(text)));
  if (error) PyErr_SetObject(codec.decode_error.get(), error.get());
}

// json.loads recurses on the C stack, ten times as deep.
bool is_too_deep(std::string_view text) noexcept {
  std::size_t depth = 0;
  bool is_string = false;
  for (std::size_t i = 0; i < text.size() && depth <= deepest; ++i) {
    const char c = text[i];
    if (c == '"')
      is_string = !is_string;
    else if (is_string)
      i += c == '\\' ? 1 : 0;
    else if (c == '[' || c == '{')
      ++depth;
    else if ((c == ']' || c == '}') && depth != 0)
      --depth;
  }
  return depth > deepest;
}

// json.loads: for integers over 64 bits, the deepest level, which simdjson does not read in every
// text, and for the exact error of what is no JSON.
py_ref read_in_python(std::string_view bytes, codec& codec) {
  if (is_too_deep(bytes)) {
    PyErr_SetString(PyExc_RecursionError, "JSON text is nested deeper than 1024 levels");
    return {};
  }
  const py_ref text = to_python(bytes);
  if (!text || !import_json(codec)) return {};
  const py_ref arguments = py_ref::steal(PyTuple_Pack(1, text.get()));
  const py_ref keywords =
      py_ref::steal(Py_BuildValue("{s:O}", "parse_constant", codec.refuse_constant.get()));
  if (!arguments || !keywords) return {};
  py_ref value = py_ref::steal(PyObject_Call(codec.loads.get(), arguments.get(), keywords.get()));
  if (!value && PyErr_ExceptionMatches(PyExc_FloatingPointError)) raise_constant(text.get(), codec);
  return value;
}

py_ref read(std::string_view text, codec& codec) {
  if (!codec.parser) codec.parser.reset(new dom::parser);
  // The bytes behind the text are readable, so simdjson needs no copy of its own.
  const auto parsed = codec.parser->parse(text.data(), text.size(), false);
  if (parsed.error() != simdjson::SUCCESS) return read_in_python(text, codec);
  py_ref value = to_python(parsed.value_unsafe(), codec.keys);
  // A lone surrogate, which simdjson may let pass in a form that Python does not take.
  if (value || !PyErr_ExceptionMatches(PyExc_UnicodeDecodeError)) return value;
  PyErr_Clear();
  return read_in_python(text, codec);
}

} // namespace

py_ref read_json(std::string_view text, module_state& state) {
  static_assert(http::byte_buffer::padding >= simdjson::SIMDJSON_PADDING);
  // As json.loads for bytes, the encoding "utf-8-sig".
  if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
  try {
    py_ref value = read(text, state.codec);
    if (text.size() > most_kept_bytes) state.codec.parser.reset();
    return value;
  } catch (const std::bad_alloc&) {
    PyErr_NoMemory();
    return {};
  }
}

} // namespace fasterapi::python
