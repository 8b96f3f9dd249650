#include "timing.hpp"

#include "dispatch/job.hpp"
#include "http/head_parser.hpp"
#include "python/handler.hpp"
#include "python_values.hpp"

#include <cstdlib>
#include <string>
#include <string_view>

using namespace fasterapi;

namespace {

constexpr const char* fields = "Host: localhost:8000\r\nUser-Agent: bench\r\nAccept: */*\r\n";

python::handler compile(bench::python_values& python, const char* name, const char* plan,
                        const char* path) {
  python::handler made;
  if (!python::handler::compile(python.value(name).get(), python.value(plan).get(), path, false,
                                made)) {
    PyErr_Print();
    std::exit(1);
  }
  return made;
}

// From received bytes to the bytes to send; routing and sockets are left out.
void measure_call(bench::python_values& python, const char* name, const python::handler& called,
                  const std::string& head, std::string_view body = {}, bool is_parsed = true) {
  dispatch::job job;
  auto& [input, collected, output, request, response, params] = job.exchange;
  input.append(head);
  input.append(body);
  const http::head_limits limits;
  http::head_parser parser{limits};
  parser.parse(input.view(), request);
  auto& state = python.state();
  bench::measure(name, [&] {
    if (is_parsed) {
      parser.reset();
      parser.parse(input.view(), request);
    }
    request.body = input.view().substr(head.size());
    params.count = 1;
    params.values[0] = request.path.substr(request.path.rfind('/') + 1);
    response.start(output, {});
    bool was_refused = false;
    python::call_objects made;
    python::py_ref stream;
    const python::py_ref result = called.call(job, state, was_refused, made);
    if (!was_refused &&
        !python::write_result(job, result.get(), made.response.get(), state, stream))
      std::exit(1);
    python::release_objects(made);
    response.finish();
    bench::keep(output.view());
    output.consume(output.size());
  });
}

} // namespace

int main() {
  bench::python_values python;
  python.run(R"py(
def nothing(): return None
def message(): return {"message": "Hello, world"}
def typed(item: int, q: str): return {"item": item, "q": q}
def echo(body: dict): return body
def raw(req, res): res.set_json('{"status":"ok"}')
def parameter(name, source, type, index=-1): return (name, source, type, True, None, name, index, False)
two = (parameter("item", "path", "int", 0), parameter("q", "query", "str"))
body = (parameter("body", "body", "dict"),)
both = (parameter("req", "request", "json"), parameter("res", "response", "json"))
)py");
  const auto get = [](const char* target) {
    return "GET " + std::string(target) + " HTTP/1.1\r\n" + fields + "\r\n";
  };
  const std::string_view json = R"({"id":42,"name":"A usual name","price":12.5,"tags":["a","b"]})";
  const std::string post =
      "POST /echo HTTP/1.1\r\n" + std::string(fields) +
      "Content-Type: application/json\r\nContent-Length: " + std::to_string(json.size()) +
      "\r\n\r\n";
  const auto typed = compile(python, "typed", "two", "/items/{item}");
  measure_call(python, "no argument, None; parsed before", compile(python, "nothing", "()", "/"),
               get("/"), {}, false);
  measure_call(python, "no argument, dict; parsed before", compile(python, "message", "()", "/"),
               get("/"), {}, false);
  measure_call(python, "two typed arguments, dict; parsed before", typed, get("/items/42?q=abc"),
               {}, false);
  measure_call(python, "no argument, dict", compile(python, "message", "()", "/"), get("/"));
  measure_call(python, "two typed arguments, dict", typed, get("/items/42?q=abc"));
  measure_call(python, "two typed arguments, a 422", typed, get("/items/x?q=abc"));
  measure_call(python, "JSON body of four fields, echoed", compile(python, "echo", "body", "/echo"),
               post, json);
  measure_call(python, "(req, res), set_json of text", compile(python, "raw", "both", "/raw"),
               get("/raw"));
}
