#include "called_job.hpp"

#include <string>

namespace fasterapi::python {

TEST_CASE("request_object: shows what the request is made of") {
  interpreter python;
  python.run(R"py(
def f(request):
    return [request.method, request.path, request.query_string, request.path_params,
            request.headers["x-NAME"], request.headers.get("none"), request.query_params["a"],
            request.query_params.getlist("a"), request.cookies, request.body().decode(), request.json(),
            request.client, request.app, repr(request)]
)py");
  const handler f = compile(python, "f", "/{id:int}/{rest:path}");
  CHECK(
      called_job("a=1&a=%C3%BC", {"7", "x/y"}, "[1]").body(f, python) ==
      R"(["POST","/some/path","a=1&a=%C3%BC",{"id":7,"rest":"x/y"},"café",null,"ü",["1","ü"],{"a":"1","b":"2"},"[1]",[1],null,null,"<Request POST /some/path>"])");
}

TEST_CASE("request_object: a path parameter with more digits than an int may have stays text") {
  interpreter python;
  python.run("def f(req): return type(req.path_params['id']).__name__\n");
  const handler f = compile(python, "f", "/{id:int}");
  CHECK(called_job({}, {std::string(4300, '9')}).body(f, python) == "\"int\"");
  CHECK(called_job({}, {std::string(4301, '9')}).body(f, python) == "\"str\"");
}

TEST_CASE("request_object: gives the same objects again, and has room for the user's own") {
  interpreter python;
  python.run("def f(req):\n"
             "    req.state.user = 'me'\n"
             "    return [req.headers is req.headers, req.query_params is req.query_params,\n"
             "            req.path_params is req.path_params, req.state.user]\n");
  CHECK(called_job().body(compile(python, "f"), python) == "[true,true,true,\"me\"]");
}

TEST_CASE("request_object: body and json are awaited in async handlers") {
  interpreter python;
  python.run(R"py(
import asyncio
async def f(request):
    one = asyncio.ensure_future(asyncio.wait_for(request.json(), 5))
    return [(await request.body()).decode(), await request.json(), await one]
def drive(coroutine):
    return asyncio.run(coroutine)
)py");
  const handler f = compile(python, "f");
  called_job job({}, {}, "[1]");
  bool was_refused = false;
  const py_ref coroutine = f.call(*job, python.state(), was_refused, job.made);
  REQUIRE(coroutine);
  python.set("coroutine", coroutine);
  CHECK(python.text("drive(coroutine)") == "['[1]', [1], [1]]");
  release_objects(job.made);
}

TEST_CASE("request_object: one that is kept stays what it was when its memory is used again") {
  interpreter python;
  python.run("kept = []\n"
             "def f(req):\n"
             "    kept.append(req)\n");
  const handler f = compile(python, "f", "/{id}");
  for (int i = 0; i < 3; ++i) {
    called_job job("a=b", {"one"}, "{\"k\": [1, 2]}");
    job.body(f, python);
    job.overwrite();
  }
  CHECK(python.text("[(r.method, r.path, r.query_params['a'], r.path_params, r.headers['x-name'],"
                    " r.body(), r.json(), r.cookies) for r in kept] == "
                    "[('POST', '/some/path', 'b', {'id': 'one'}, 'caf\\xe9', b'{\"k\": [1, 2]}', "
                    "{'k': [1, 2]}, {'a': '1', 'b': '2'})] * 3") == "True");
  python.run("kept.clear()\n");
}

TEST_CASE("request_object: one in a cycle is collected") {
  interpreter python;
  python.run(R"py(
import gc, weakref
class Marker: pass
def f(req):
    global alive
    marker = Marker()
    alive = weakref.ref(marker)
    req.state.marker = marker
    req.state.me = req
)py");
  called_job().body(compile(python, "f"), python);
  python.run("gc.collect()\n");
  CHECK(python.text("alive()") == "None");
}

TEST_CASE("request_object: cannot be made by hand") {
  interpreter python;
  python.run(
      "try:\n    _fasterapi.Request()\nexcept TypeError:\n    pass\nelse:\n    assert False\n"
      "try:\n    _fasterapi.ResponseBuilder()\nexcept TypeError:\n    pass\nelse:\n"
      "    assert False\n");
}

} // namespace fasterapi::python
