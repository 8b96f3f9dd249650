"""Handlers (req, res) as response programs."""

import datetime
import functools
import html
import json
import operator
import os
import random
import time

import pytest

from fasterapi import APIRouter, App, CppHandler, Depends, JSONResponse, PlainTextResponse
from fasterapi._tracing import Program, TraceError, Value, trace
from fasterapi.testclient import TestClient

TABLE = {"a": 1}
LIMIT = 5


def test_a_constant_is_one_piece():
    program = trace(lambda req, res: res.status(202).set_json({"a": [1, "x"]}), "GET", "/", "here")
    assert program == Program(202, (("content-type", ("application/json",)),), ('{"a":[1,"x"]}',))


def test_values_are_pieces():
    def handler(req, res):
        return {"id": req.path_params["id"], "text": f"<{req.query_params.get('q', 1)}>"}

    program = trace(handler, "GET", "/{other}/{id:int}", "here")
    assert program.body == (
        '{"id":',
        Value("path_param", "integer", "id", 1, None),
        ',"text":"<',
        Value("query", "inside_string", "q", 0, "1"),
        '>"}',
    )


def greet(name):
    return "dear " + name


@pytest.mark.parametrize(
    "handler",
    [
        lambda req, res: res.text(f"{req.path}{req.path}"),
        lambda req, res: res.text("a" + str(req.headers["a"]) + "b"),
        lambda req, res: res.text("a %s" % req.query_params["q"]),
        lambda req, res: res.text("a {}".format(req.query_params["q"])),
        lambda req, res: res.text(", ".join([f"{req.query_params['q']}", "x"])),
        lambda req, res: {**TABLE, "b": greet(req.query_params["q"])},
        lambda req, res: res.header("x-a", req.headers["a"]).html("<p>"),
        lambda req, res: (res.set_cookie("a", "b c", max_age=5), res.text("x"))[1],
        lambda req, res: res.delete_cookie("a", path="/a"),
        lambda req, res: [1.5, None, True, {"nested": [req.query_params.get("q")]}],
        lambda req, res: b"octets",
        lambda req, res: None,
    ],
)
def test_what_is_put_together_is_traced(handler):
    assert trace(handler, "GET", "/", "here").status == 200


CALLS = []


def counting(req, res):
    CALLS.append(1)
    return {"calls": CALLS}


def growing(req, res):
    calls = CALLS
    calls += [1]
    return {"calls": calls}


def caught(req, res):
    try:
        return {"n": int(f"{req.query_params['q']}")}
    except ValueError:
        return {"n": 0}


def looped(req, res):
    return {"all": [each for each in f"a{req.query_params['q']}"]}


def stored(req, res):
    TABLE["b"] = req.path
    return TABLE


def asserted(req, res):
    assert f"a{req.query_params['q']}"
    return 1


def annotated(req, res) -> int:
    return req.query_params["q"]


@pytest.mark.parametrize(
    ("handler", "words"),
    [
        (lambda req, res: {"n": req.query_params["q"] + 1}, "TypeError"),
        (lambda req, res: sorted(req.headers), r"sorted\(\)|len\(\) of req"),
        (lambda req, res: res.text(f"{req.path:>10}"), "format '>10'"),
        (lambda req, res: res.text(str(req.path)[1:]), "slice|operator"),
        (lambda req, res: "x" in req.query_params, "operator in"),
        (lambda req, res: res.status(len(str(req.path))), r"call of len\(\)"),
        (lambda req, res: res.status(req.query_params["q"]), "of req.query_params"),
        (lambda req, res: res.html(html.escape(str(req.path))), r"html\.escape\(\)"),
        (lambda req, res: res.html(html.escape(f"<{req.path}>")), r"html\.escape\(\)"),
        (lambda req, res: {"a": f"{req.path}" == "/x"}, "comparison"),
        (lambda req, res: {"a": f"a{req.path}" in TABLE}, "operator in"),
        (lambda req, res: {"a": f"a{req.path}".startswith("a/")}, r"str\.startswith\(\)"),
        (lambda req, res: {"a": f"{req.path}".startswith("/")}, r"req\.path\.startswith\(\)"),
        (lambda req, res: {"a": f"a,{req.path}".split(",")}, r"str\.split\(\)"),
        (lambda req, res: {"a": req.query_params.get("q") is not None}, "operator is"),
        (lambda req, res: {"a": not req.query_params.get("q")}, "operator"),
        (lambda req, res: {"a": req.query_params.get("q") or "none"}, "condition"),
        (lambda req, res: {"a": isinstance(req.path, str)}, r"isinstance\(\)"),
        (lambda req, res: {"a": bool(f"{req.path}{req.path}")}, "not in the answer"),
        (
            lambda req, res: (lambda a: {"a": a, "b": bool(a)})(
                f"{req.query_params['q']}{req.query_params['r']}"
            ),
            "answers",
        ),
        (lambda req, res: {"a": TABLE[f"{req.path}"]}, "hash"),
        (lambda req, res: {"a": TABLE[f"a{req.path}"]}, "KeyError"),
        (lambda req, res: {"a": f"a{req.query_params['q']}"[0]}, "not in the answer"),
        (lambda req, res: {"a": list(map(str.upper, [f"a{req.path}"]))}, "text that was changed|upper"),
        (lambda req, res: res.text("%5s" % req.query_params["q"]), "with {'query q':"),
        (lambda req, res: res.text("{:>3}".format(f"a{req.query_params['q']}")), "with {'query q'"),
        (lambda req, res: res.text("%r" % f"a{req.path}"), "not in the answer"),
        (lambda req, res: {"t": time.time()}, r"time\.time\(\)"),
        (lambda req, res: {"t": functools.partial(time.perf_counter)()}, "answer"),
        (lambda req, res: {"t": datetime.datetime.now()}, r"now\(\)|time\(\)"),
        (lambda req, res: {"t": random.random()}, r"random\(\)"),
        (lambda req, res: {"t": os.environ["HOME"]}, "os"),
        (lambda req, res: json.dumps({"a": req.path}), r"json\.dumps\(\)"),
        (lambda req, res: ", ".join([req.path]), "TypeError"),
        (lambda req, res: 1 / TABLE["a"], "operator"),
        (lambda req, res: {"a": TABLE["b"]}, "KeyError: 'b'"),
        (lambda req, res: req.path_params["nope"], "which the path does not have"),
        (lambda req, res: req.cookies["a"], r"req\.cookies"),
        (lambda req, res: req.json(), r"req\.json"),
        (lambda req, res: {"a": dict(req.headers)}, r"req\.headers"),
        (lambda req, res: {req.path: 1}, "hash"),
        (lambda req, res: {f"a{req.path}": 1}, "as a key"),
        (lambda req, res: {"a": 1} if LIMIT else {}, "condition"),
        (lambda req, res: res.set_json(f'{{"n":{req.query_params["n"]}}}'), "in JSON text"),
        (lambda req, res: res.set_json(req.query_params["n"]), "in JSON text"),
        (lambda req, res: res.set_cookie("a", f"{req.path}"), "in a cookie"),
        (lambda req, res: res.set_cookie("a", "b", path=req.path), "in a cookie"),
        (lambda req, res: res.set_cookie("a", "b", expires=3600), "counts from now"),
        (lambda req, res: res.header("Set-Cookie", f"a={req.path}"), "in the header Set-Cookie"),
        (lambda req, res: res.header(f"x-{req.query_params['q']}", "a"), "header's name"),
        (lambda req, res: res.header("x", req.headers.get("a")), "raises TypeError"),
        (lambda req, res: res.header("x", "a").header("x", 5), "TypeError"),
        (lambda req, res: (res.text(f"{req.path}"), res.text("b"))[1], "not in the answer"),
        (lambda req, res: (req.query_params["q"], res.text("b"))[1], "not in the answer"),
        (lambda req, res: {"a": req.headers.get("a", req.headers.get("b"))}, "as the default"),
        (lambda req, res: JSONResponse({"a": 1}), "JSONResponse"),
        (lambda req, res: {"a": object()}, "TypeError"),
        (lambda r, w: 1, r"takes \(req, res\), not \(r, w\)"),
        (lambda req: 1, r"takes \(req, res\), not \(req\)"),
        (counting, r"list\.append\(\)"),
        (growing, "answer"),
        (caught, "try"),
        (looped, "loop|text that was changed"),
        (stored, "assignment to an item"),
        (asserted, "assert|condition"),
        (annotated, "raises"),
    ],
)
def test_what_is_no_program_is_refused(handler, words):
    with pytest.raises(TraceError, match=words) as caught:
        trace(handler, "GET", "/", "here")
    assert str(caught.value).startswith("here: ")
    said = str(caught.value)
    assert "make it a Python route" in said or "takes (req, res)" in said


@pytest.mark.parametrize("path", ["/{x:float}", "/{x:uuid}"])
def test_parameters_that_the_server_does_not_check_are_refused(path):
    with pytest.raises(TraceError, match="path parameter"):
        trace(lambda req, res: {"x": req.path_params["x"]}, "GET", path, "here")


def test_the_error_names_the_expression():
    def handler(req, res):
        name = req.path_params["name"]
        return {"name": name, "is_admin": f"{name}" == "admin"}

    with pytest.raises(TraceError) as caught:
        trace(handler, "GET", "/{name}", "here")
    line = handler.__code__.co_firstlineno + 2
    assert f"test_tracing.py:{line}: " in str(caught.value)
    assert 'f"{name}" == "admin"' in str(caught.value)


def test_a_profiler_goes_on():
    import sys

    def profiler(frame, event, argument):
        pass

    former = sys.getprofile()
    sys.setprofile(profiler)
    try:
        trace(lambda req, res: 1, "GET", "/", "here")
        with pytest.raises(TraceError):
            trace(lambda req, res: len("a"), "GET", "/", "here")
        assert sys.getprofile() is profiler
    finally:
        sys.setprofile(former)


def test_async_functions_are_refused():
    async def handler(req, res):
        return "a"

    with pytest.raises(TraceError, match=r"here: .* use app.get\(\) for async"):
        trace(handler, "GET", "/", "here")


def test_dependencies_would_not_run():
    with pytest.raises(TypeError, match="dependencies"):
        App(dependencies=[Depends(lambda: 1)]).register_cpp_handler(
            "GET", "/", lambda req, res: {"a": 1}
        )
    router = APIRouter()
    router.register_cpp_handler("GET", "/a", CppHandler("compiled"))
    with pytest.raises(TypeError, match="dependencies"):
        App().include_router(router, dependencies=[Depends(lambda: 1)])


def test_parameters_of_a_prefix_move_the_places():
    router = APIRouter(prefix="/{a}")
    router.register_cpp_handler("GET", "/{b}", lambda req, res: {"b": req.path_params["b"]})
    inner = router.routes[-1]
    assert inner.native.body[1].place == 1
    assert inner.under("/{c}/{d:int}", inner.options).native.body[1].place == 3


def test_what_the_app_says_of_answers_counts():
    def handler(req, res):
        return "a"

    with pytest.raises(TraceError, match="answers with the headers"):
        App(default_response_class=PlainTextResponse).register_cpp_handler("GET", "/", handler)
    router = APIRouter()
    router.register_cpp_handler("GET", "/a", handler)
    with pytest.raises(TraceError, match="GET /x/a .*answers with the headers"):
        App().include_router(router, prefix="/x", default_response_class=PlainTextResponse)


SAME = functools.partial(operator.eq, "user-admin")


def test_a_comparison_that_nothing_shows_is_tried():
    def handler(req, res):
        user = f"user-{req.query_params['user']}"
        return {"user": user, "is_admin": SAME(user)}

    with pytest.raises(TraceError, match="'query user': 'admin'.*answers|call of"):
        trace(handler, "GET", "/", "here")


def test_without_the_server_it_runs_as_a_handler():
    app = App()
    app.register_cpp_handler("GET", "/hi/{name}", lambda req, res: {"hi": req.path_params["name"]})
    app.register_cpp_handler("GET", "/compiled", CppHandler("compiled"))
    client = TestClient(app)
    assert client.get("/hi/ann").json() == {"hi": "ann"}
    with pytest.raises(RuntimeError, match="fasterapi-server alone"):
        client.get("/compiled")


@pytest.mark.parametrize("name", ["", "a b", ":symbol", "lib.so:", "lib.so:1a"])
def test_names_of_handlers_are_checked(name):
    with pytest.raises(ValueError, match="neither"):
        CppHandler(name)
