"""Handlers (req, res) as response programs."""

import pytest

from fasterapi import App, CppHandler
from fasterapi._tracing import Program, TraceError, Value, trace
from fasterapi.testclient import TestClient


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


@pytest.mark.parametrize(
    "handler",
    [
        lambda req, res: {"n": req.query_params["q"] + 1},
        lambda req, res: sorted(req.headers),
        lambda req, res: res.text(f"{req.path:>10}"),
        lambda req, res: res.text(str(req.path)[1:]),
        lambda req, res: "x" in req.query_params,
        lambda req, res: res.status(len(str(req.path))),
    ],
)
def test_what_is_no_program_is_refused(handler):
    with pytest.raises((TraceError, TypeError, ValueError)):
        trace(handler, "GET", "/", "here")


def test_async_functions_are_refused():
    async def handler(req, res):
        return "a"

    with pytest.raises(TraceError, match=r"here: .* use app.get\(\) for async"):
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
