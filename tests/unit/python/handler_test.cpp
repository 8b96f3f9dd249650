#include "python/handler.hpp"

#include "called_job.hpp"
#include "support/allocation_count.hpp"

#include <string>

namespace fasterapi::python {

TEST_CASE("handler: typed path and query parameters become arguments") {
  interpreter python;
  python.run("def f(item: int, name: str, q: float, ok: bool = False, z: str = 'zed'):\n"
             "    return [item, name, q, ok, z]\n");
  const handler f = compile(python, "f", "/{item}/{name}");
  CHECK(called_job("q=1.5&ok=yes", {"7", "ü"}).body(f, python) == "[7,\"ü\",1.5,true,\"zed\"]");
  CHECK(called_job("z=a%20b+c&q=2&q=1e3", {"-1", "x"}).body(f, python) ==
        "[-1,\"x\",1000.0,false,\"a b c\"]");
}

TEST_CASE("handler: an encoded name finds its parameter, and the last of several wins") {
  interpreter python;
  python.run("def f(value: str): return value\n");
  const handler f = compile(python, "f");
  CHECK(called_job("v%61lue=1&value=2&other=3").body(f, python) == "\"2\"");
  CHECK(called_job("value=1&va%6Cue=%2").body(f, python) == "\"%2\"");
  CHECK(called_job("value").body(f, python) == "\"\"");
  CHECK(called_job("&&value=a%ffb&").body(f, python) == "\"a\uFFFDb\"");
}

TEST_CASE("handler: all invalid arguments are in one 422, and nothing is called") {
  interpreter python;
  python.run("calls = []\n"
             "def f(body: dict, b: bool, a: int, i: int, m: float):\n"
             "    calls.append(1)\n");
  const handler f = compile(python, "f", "/{i}");
  called_job job("a=x%22y&b=maybe", {"1.5"}, "[1, 2]");
  const std::string answer = job.answer(f, python);
  CHECK(job.refused);
  CHECK(answer.starts_with("HTTP/1.1 422 "));
  CHECK(answer.find("application/json") != std::string::npos);
  CHECK(
      answer.substr(answer.find("\r\n\r\n") + 4) ==
      R"({"detail":[{"type":"int_parsing","loc":["path","i"],"msg":"Input should be a valid integer, unable to parse string as an integer","input":"1.5"},)"
      R"({"type":"bool_parsing","loc":["query","b"],"msg":"Input should be a valid boolean, unable to interpret input","input":"maybe"},)"
      R"({"type":"int_parsing","loc":["query","a"],"msg":"Input should be a valid integer, unable to parse string as an integer","input":"x\"y"},)"
      R"({"type":"missing","loc":["query","m"],"msg":"Field required","input":null},)"
      R"({"type":"dict_type","loc":["body"],"msg":"Input should be a valid dictionary","input":[1,2]}]})");
  CHECK(python.text("calls") == "[]");
}

TEST_CASE("handler: a JSON body is parsed where its type says JSON") {
  interpreter python;
  python.run("import typing\n"
             "def f(body: dict): return body\n"
             "def any(body: typing.Any): return body\n"
             "def raw(body: bytes): return body\n"
             "def optional(body: typing.Optional[dict] = None): return [body]\n");
  const handler f = compile(python, "f");
  CHECK(called_job({}, {}, R"({"a": [1, null]})").body(f, python) == R"({"a":[1,null]})");
  CHECK(called_job({}, {}, "{}", "application/vnd.api+json; charset=utf-8").body(f, python) ==
        "{}");
  CHECK(called_job({}, {}, "{}", "text/plain").body(f, python).find("\"input\":\"{}\"") !=
        std::string::npos);
  CHECK(called_job({}, {}, "{}", "").body(f, python).find("dict_type") != std::string::npos);
  CHECK(called_job().body(f, python).find(
            R"({"type":"missing","loc":["body"],"msg":"Field required","input":null})") !=
        std::string::npos);
  CHECK(called_job({}, {}, "[7]").body(compile(python, "any"), python) == "[7]");
  CHECK(called_job({}, {}, "\xff{").body(compile(python, "raw"), python) == "\xff{");
  CHECK(called_job().body(compile(python, "optional"), python) == "[null]");
  CHECK(called_job({}, {}, "null").body(compile(python, "optional"), python) == "[null]");
}

TEST_CASE("handler: a body that is no JSON is the only entry of the 422") {
  interpreter python;
  python.run("def f(body: dict, q: int): return body\n");
  const handler f = compile(python, "f");
  CHECK(
      called_job({}, {}, R"({"a":x})").body(f, python) ==
      R"({"detail":[{"type":"json_invalid","loc":["body",5],"msg":"JSON decode error","input":{},"ctx":{"error":"Expecting value"}}]})");
  CHECK(called_job({}, {}, "\"\xff\"").answer(f, python).starts_with("HTTP/1.1 400 "));
  CHECK(called_job({}, {}, std::string(9000, '[')).answer(f, python).starts_with("HTTP/1.1 400 "));
}

TEST_CASE("handler: a body that cannot be said again is a 422 without it") {
  interpreter python;
  python.run("def f(body: dict): return body\n");
  const handler f = compile(python, "f");
  for (const char* text : {R"("\ud800")", "[1e999]"}) {
    const std::string answer = called_job({}, {}, text).answer(f, python);
    CHECK(answer.starts_with("HTTP/1.1 422 "));
    CHECK(answer.ends_with(R"("msg":"Input should be a valid dictionary","input":null}]})"));
  }
}

TEST_CASE("handler: as many parameters as a plan may have, each in its place") {
  interpreter python;
  python.run("names = ['p%d' % i for i in range(64)]\n"
             "exec('def f(%s): return [%s]' % (', '.join(n + ': int' for n in names), ', "
             "'.join(names)))\n");
  std::string query;
  std::string expected = "[";
  for (int i = 63; i >= 0; --i) query += "p" + std::to_string(i) + "=" + std::to_string(i) + "&";
  for (int i = 0; i < 64; ++i) expected += std::to_string(i) + (i < 63 ? "," : "]");
  CHECK(called_job(query).body(compile(python, "f"), python) == expected);
  const std::string none = called_job().body(compile(python, "f"), python);
  CHECK(none.find("[\"query\",\"p63\"]") != std::string::npos);
}

TEST_CASE("handler: a malformed plan is refused with its reason") {
  interpreter python;
  const auto error = [&](const char* plan, const char* path) {
    handler made;
    const py_ref endpoint = python.value("print");
    REQUIRE_FALSE(handler::compile(endpoint.get(), python.value(plan).get(), path, false, made));
    return python.error();
  };
  CHECK(error("[]", "/") == "ValueError: malformed plan: it is no tuple");
  CHECK(error("(1,)", "/") == "ValueError: malformed plan: a parameter is no tuple");
  CHECK(error("(('a', 'path', 'int', True, None, 'a', 0, False),)", "/") ==
        "ValueError: malformed plan: no such path parameter");
  CHECK(error("(('a', 'header', 'int', True, None, 'a', 0, False),)", "/") ==
        "ValueError: malformed plan: unknown source or type");
  CHECK(error("(('a', 'query', 'dict', True, None, 'a', -1, False),)", "/") ==
        "ValueError: malformed plan: path and query parameters are scalars");
  CHECK(error("(('a', 'body', 'dict', True, None, 'a', -1, False),) * 2", "/") ==
        "ValueError: malformed plan: more than one body");
  CHECK(error("(('a', 'query', 'int', True, None, 'a', -1, False),) * 65", "/") ==
        "ValueError: malformed plan: more than 64 parameters");
  CHECK(error("(('a', 'query'),)", "/").starts_with("TypeError: "));
}

TEST_CASE("handler: a warm request allocates no C++ memory") {
  interpreter python;
  python.run("def f(item: int, q: str, n: float = 1.0): return {'item': item, 'q': q, 'n': n}\n"
             "def echo(body: dict): return body\n");
  const handler f = compile(python, "f", "/{item}");
  const handler echo = compile(python, "echo");
  called_job job("q=a%20b", {"12"}, R"({"name":"x","list":[1,2.5,null],"text":"é"})");
  const auto once = [&](const handler& called) {
    bool was_refused = false;
    call_objects made;
    py_ref stream;
    job->exchange.output.clear();
    job->exchange.response.start(job->exchange.output, {});
    const py_ref result = called.call(*job, python.state(), was_refused, made);
    REQUIRE(write_result(*job, result.get(), nullptr, {}, python.state(), stream));
    job->exchange.response.finish();
  };
  for (int i = 0; i < 3; ++i) {
    once(f);
    once(echo);
  }
  const auto before = tests::allocation_count();
  once(f);
  once(echo);
  CHECK(tests::allocation_count() == before);
}

} // namespace fasterapi::python
