#include "called_job.hpp"

#include <string>

namespace fasterapi::python {

namespace {

struct counted {
  explicit counted(const object_pool& pool) : pool_(pool), before_(pool.stats()) {}
  std::uint64_t hits() const { return pool_.stats().hits - before_.hits; }
  std::uint64_t misses() const { return pool_.stats().misses - before_.misses; }
  std::uint64_t kept() const { return pool_.stats().kept - before_.kept; }

private:
  const object_pool& pool_;
  object_pool::counts before_;
};

py_ref number(long value) { return py_ref::steal(PyLong_FromLong(value)); }

} // namespace

TEST_CASE("object_pool: gives what it was given, and no more than its limit") {
  interpreter python;
  object_pool pool{2};
  CHECK_FALSE(pool.take());
  for (const long value : {1000L, 2000L, 3000L}) pool.give(number(value));
  CHECK(pool.size() == 2);
  CHECK(PyLong_AsLong(pool.take().get()) == 2000);
  CHECK(PyLong_AsLong(pool.take().get()) == 1000);
  CHECK_FALSE(pool.take());
  CHECK(pool.stats().hits == 2);
  CHECK(pool.stats().misses == 2);
}

TEST_CASE("object_pool: without a limit's room it keeps nothing") {
  interpreter python;
  object_pool pool{0};
  pool.give(number(1000));
  CHECK(pool.size() == 0);
  CHECK_FALSE(pool.take());
}

TEST_CASE("object_pool: a limit of nothing holds where it kept some before") {
  interpreter python;
  object_pool pool;
  pool.give(number(1000));
  pool.limit(0);
  pool.give(number(2000));
  CHECK(pool.size() == 0);
}

TEST_CASE("object_pool: what somebody found in it stays with him") {
  interpreter python;
  object_pool pool;
  py_ref found = number(1000);
  pool.give(py_ref{found});
  CHECK_FALSE(pool.take());
  CHECK_FALSE(pool.is_free(py_ref{found}));
  CHECK(pool.is_free(number(5000)));
  CHECK(pool.stats().kept == 1);
}

TEST_CASE("object_pool: requests and responses are used again, as good as new") {
  interpreter python;
  python.run(R"py(
seen = []
def f(req, res):
    seen.append((id(req), id(res), req.path_params, dict(req.query_params), vars(req.state).get("user"),
                 res.status_code, res.headers.get("x-a")))
    req.state.user = "me"
    res.status(201).header("x-a", "1").text("mine")
def g(req, res):
    return [res.status_code, dict(res.headers.items()), hasattr(req.state, "user")]
)py");
  const handler f = compile(python, "f", "/{id}");
  const handler g = compile(python, "g", "/{id}");
  called_job{"q=1", {"one"}}.answer(f, python);
  const counted requests{python.state().requests}, responses{python.state().responses};
  CHECK(called_job{"q=2", {"two"}}.answer(f, python).starts_with("HTTP/1.1 201"));
  CHECK(called_job{"q=3", {"three"}}.body(g, python) == "[null,{},false]");
  CHECK(requests.hits() == 2);
  CHECK(responses.hits() == 2);
  CHECK(requests.misses() + responses.misses() == 0);
  CHECK(python.text("seen[0][0] == seen[1][0] and seen[0][1] == seen[1][1]") == "True");
  CHECK(python.text("[one[2:] for one in seen]") ==
        "[({'id': 'one'}, {'q': '1'}, None, None, None), "
        "({'id': 'two'}, {'q': '2'}, None, None, None)]");
  python.run("seen.clear()\n");
}

TEST_CASE("object_pool: what user code keeps is never given to another request") {
  interpreter python;
  python.run(
      "kept = []\n"
      "def f(req, res):\n"
      "    assert not any(req is a or res is b or req.path_params is p for a, b, p in kept)\n"
      "    kept.append((req, res, req.path_params))\n"
      "    req.state.number = len(kept)\n"
      "    return len(kept)\n"
      "def g(req):\n"
      "    kept.append(req.path_params)\n");
  const handler f = compile(python, "f", "/{id}");
  const counted requests{python.state().requests}, responses{python.state().responses};
  for (int i = 1; i <= 300; ++i) { // more than a pool holds
    const std::string text = std::to_string(i);
    called_job job{"n=" + text, {text}};
    REQUIRE(job.body(f, python) == text);
    job.overwrite();
  }
  CHECK(requests.kept() == 300);
  CHECK(responses.kept() == 300);
  CHECK(python.text("all(r.path_params == {'id': str(n)} == p and r.state.number == n and"
                    " r.query_params['n'] == str(n) for n, (r, _, p) in enumerate(kept, 1))") ==
        "True");
  // Its dict alone: the request comes again, with another one.
  python.run("kept.clear()\n");
  const handler g = compile(python, "g", "/{id}");
  for (const char* id : {"a", "b", "c"}) called_job{{}, {id}}.answer(g, python);
  CHECK(python.text("kept") == "[{'id': 'a'}, {'id': 'b'}, {'id': 'c'}]");
  python.run("kept.clear()\n");
}

TEST_CASE("object_pool: a handler that empties it by gc.get_objects() gets new ones") {
  interpreter python;
  python.run("import gc\n"
             "found = []\n"
             "def f(req, res): return 'ok'\n");
  const handler f = compile(python, "f");
  called_job{}.answer(f, python);
  python.run("found = [o for o in gc.get_objects()\n"
             "         if type(o) in (_fasterapi.Request, _fasterapi.ResponseBuilder)]\n"
             "assert found\n");
  const counted requests{python.state().requests}, responses{python.state().responses};
  CHECK(called_job{}.body(f, python) == "\"ok\"");
  CHECK(requests.hits() + responses.hits() == 0);
  CHECK(requests.misses() == 1);
  CHECK(responses.misses() == 1);
  python.run("found.clear()\n");
}

} // namespace fasterapi::python
