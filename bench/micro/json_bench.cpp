#include "support/timing.hpp"

#include "http/exchange.hpp"
#include "python/json_reader.hpp"
#include "python/json_writer.hpp"
#include "support/python_values.hpp"

#include <string>

using namespace fasterapi;

namespace {

// The value into a warm buffer; beside it json.dumps and encode, called the same way from C.
void measure_writing(bench::python_values& python, const char* name, const char* expression) {
  const python::py_ref value = python.value(expression);
  http::exchange held;
  bench::measure(std::string("write ") + name, [&] {
    held.response.start(held.output, {});
    python::write_json(value.get(), held.response, python.state());
    bench::keep(held.output.view());
    held.output.consume(held.output.size());
  });
  const python::py_ref dump = python.value("dump");
  bench::measure(std::string("json.dumps, encode: ") + name, [&] {
    bench::keep(python::py_ref::steal(PyObject_CallOneArg(dump.get(), value.get())));
  });
}

void measure_reading(bench::python_values& python, const char* name, const char* expression) {
  const python::py_ref text = python.value(expression);
  const std::string_view bytes{PyBytes_AS_STRING(text.get()),
                               static_cast<std::size_t>(PyBytes_GET_SIZE(text.get()))};
  http::byte_buffer padded;
  padded.append(bytes);
  bench::measure(std::string("read ") + name,
                 [&] { bench::keep(python::read_json(padded.view(), python.state())); });
  const python::py_ref loads = python.value("json.loads");
  bench::measure(std::string("json.loads: ") + name, [&] {
    bench::keep(python::py_ref::steal(PyObject_CallOneArg(loads.get(), text.get())));
  });
}

} // namespace

int main(int count, char* arguments[]) {
  bench::results().start(count, arguments);
  bench::main_interpreter main_python;
  bench::python_values& python = main_python.values;
  python.run(R"py(
import json
encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
def dump(value): return encode(value).encode()
message = {"message": "Hello, world"}
item = {"id": 42, "name": "A usual name", "price": 12.5, "tags": ["a", "b"], "ok": True, "none": None}
items = {"items": [dict(item, id=i, price=i * 1.1) for i in range(100)]}
texts = ["x" * 1000] * 64
wide = ["текст, \u20ac, " * 100] * 10
)py");
  measure_writing(python, "one field", "message");
  measure_writing(python, "an item of six fields", "item");
  measure_writing(python, "100 items", "items");
  measure_writing(python, "64 KB of ASCII", "texts");
  measure_writing(python, "12 KB of two-byte text", "wide");
  measure_writing(python, "1000 floats", "[i * 1.1 for i in range(1000)]");
  measure_reading(python, "one field", "dump(message)");
  measure_reading(python, "an item of six fields", "dump(item)");
  measure_reading(python, "100 items", "dump(items)");
  return bench::results().finish();
}
