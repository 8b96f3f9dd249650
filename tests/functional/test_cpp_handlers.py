"""register_cpp_handler: routes of a Python app that are served without Python."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from support.wire import request

ROOT = Path(__file__).resolve().parents[2]
APP = """
from fasterapi import App, CppHandler

app = App()

app.register_cpp_handler("GET", "/status", lambda req, res: res.set_json('{"status":"ok"}'))

def hello(req, res):
    name = req.path_params["name"]
    agent = req.headers.get("user-agent", "none")
    res.status(201).header("x-name", f"<{name}>").header("x-agent", agent)
    res.set_json({"hello": name, "text": f"dear {name}", "q": req.query_params.get("q"),
                  "list": [1, 2.5, True, None, "\\u00fc\\"", req.query_params.get("n", 7)]})

def number(req, res):
    return {"number": req.path_params["number"]}

def raw(req, res):
    res.text(f'q={req.query_params["q"]}')

def html(req, res):
    res.html("<p>" + req.headers["x-who"] + "</p>")

app.register_cpp_handler("GET", "/hello/{name}", hello)
app.register_cpp_handler("GET", "/int/{number:int}", number)
app.register_cpp_handler("GET", "/raw", raw)
app.register_cpp_handler("GET", "/html", html)
app.register_cpp_handler("POST", "/text", lambda req, res: res.text("path " + str(req.path)))
app.register_cpp_handler("GET", "/string", lambda req, res: "a string")

@app.get("/block")
def block():
    open(GATE).read()
    return "done"
"""


@pytest.fixture(scope="module")
def server(serve_once):
    return serve_once(APP.replace("GATE", '"unused"'))


def test_a_constant(server):
    reply = server.get("/status")
    assert (reply.status, reply.body) == (200, b'{"status":"ok"}')
    assert reply.headers["content-type"] == "application/json"


def test_values_of_the_request_in_json_text_and_headers(server):
    reply = server.get("/hello/b%22%C3%BC?q=a%0Ab&n=x", "User-Agent: test")
    assert reply.status == 201
    assert reply.json() == {
        "hello": 'b"ü',
        "text": 'dear b"ü',
        "q": "a\nb",
        "list": [1, 2.5, True, None, 'ü"', "x"],
    }
    assert reply.headers["x-agent"] == "test"
    plain = server.get("/hello/ann")
    assert plain.headers["x-name"] == "<ann>"
    assert plain.headers["x-agent"] == "none"
    assert plain.json()["q"] is None
    assert plain.json()["list"][5] == 7


@pytest.mark.parametrize(("text", "number"), [("5", 5), ("007", 7), ("0", 0), ("000", 0)])
def test_integers_are_numbers(server, text, number):
    assert server.get(f"/int/{text}").json() == {"number": number}


def test_a_value_that_is_needed_and_missing_is_a_422(server):
    reply = server.get("/raw")
    assert reply.status == 422
    assert reply.json()["detail"] == [
        {"type": "missing", "loc": ["query", "q"], "msg": "Field required", "input": None}
    ]
    assert server.get("/html").json()["detail"][0]["loc"] == ["header", "x-who"]


def test_other_kinds_of_text(server):
    reply = server.get("/html", "X-Who: \xe9".encode("latin-1").decode("latin-1"))
    assert reply.headers["content-type"] == "text/html; charset=utf-8"
    assert reply.body.startswith(b"<p>")
    assert server.request("POST", "/text").body == b"path /text"
    assert server.get("/string").json() == "a string"


def test_a_line_break_gets_into_no_header(server):
    assert server.get("/hello/a%0D%0Ax:y").status == 500
    assert server.get("/status").status == 200


def test_they_are_served_while_the_only_interpreter_is_blocked(serve):
    server = serve(APP)
    gate = server.gate()
    blocked = server.connect().send(request("GET", "/block"))
    gate.wait_for_handler()
    for _ in range(20):
        assert server.get("/hello/ann").status == 201
    gate.open()
    assert blocked.read().json() == "done"


@pytest.mark.parametrize(
    ("code", "messages"),
    [
        (
            "lambda req, res: res.html(html.escape(str(req.query_params['q'])))",
            ["app.py:4: html.escape(str(req.query_params['q'])): a call of html.escape()"],
        ),
        (
            "lambda req, res: 'a' if f'{req.headers.get(\"x\")}' == '' else 'b'",
            ["app.py:4: f'{req.headers.get(\"x\")}' == ''", "a comparison cannot be traced"],
        ),
        (
            "lambda req, res: res.set_cookie('a', f'{req.query_params[\"q\"]}')",
            ["a value of the request in a cookie"],
        ),
        ("lambda req, res: res.text('%5s' % req.query_params['q'])", ["with {'query q':"]),
        ("lambda req, res: ', '.join([req.path])", ["app.py:4: ', '.join(", "TypeError: sequence"]),
    ],
)
def test_what_cannot_be_traced_is_refused_at_start(serve, code, messages):
    registration = f"app.register_cpp_handler('GET', '/{{id}}', {code})"
    server = serve(
        f"import html\nfrom fasterapi import App\napp = App()\n{registration}\n", is_ready=False
    )
    assert server.wait() == 3
    for message in [*messages, "app.py:4", "make it a Python route"]:
        assert message in server.log


BOTH = """
from fasterapi import APIRouter, App

app = App()

def text(req, res):
    res.header("x-q", req.query_params["q"]).text(f"{req.path} {req.path_params['id']} {req.query_params['q']}")

def values(req, res):
    return {"q": req.query_params.get("q"), "text": f'"{req.query_params.get("q", 5)}"',
            "agent": [req.headers.get("x-agent", {"a": 1})], "id": req.path_params["id"]}

def number(req, res):
    res.status(203).header("x-n", f"{req.path_params['n']}")
    return {"n": req.path_params["n"], "rest": req.path_params["rest"]}

def made(method, path):
    def register(handler):
        app.register_cpp_handler(method, "/native" + path, handler)
        app.add_api_route("/python" + path, handler, methods=[method])
    return register

made("GET", "/text/{id}")(text)
made("GET", "/values/{id}")(values)
made("GET", "/number/{n:int}/{rest:path}")(number)

inner = APIRouter(prefix="/inner/{a}")
inner.register_cpp_handler("GET", "/{b}", lambda req, res: {"b": req.path_params["b"]})
app.include_router(inner, prefix="/{outer}")
"""

TARGETS = [
    "/text/a?q=b",
    "/text/%3Cb%3E%20%26%22?q=%3Cscript%3E%26%22'%60",
    "/text/%C3%BC?q=%C3%BC%F0%9F%98%80",
    "/text/%C3%BC?q=%C3%BC",
    "/text/%FF?q=%C3%BC",
    "/text/a?q=%C3%28%F0%9F%98",
    "/text/a?q=",
    "/text/a?q=+a+",
    "/text/a?q=a%0D%0Ax:%20y",
    "/text/a?q=a%00b",
    "/text/a?q=1&q=2",
    "/values/a",
    "/values/%22%5C?q=%22%2C%22x%22%3A%22%5C",
    "/values/a?q=a%0A%09%07%7F",
    "/values/a?q=%00",
    "/values/a?q=%FF%C3",
    "/values/%E0%80?q=%F0%9F%98%ED%A0%80%E2%82x",
    "/values/%C3%BC?q=None&q=",
    "/number/007/",
    "/number/12345678901234567890/a/%2B/b",
]


@pytest.fixture(scope="module")
def both(serve_once):
    return serve_once(BOTH)


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("agent", [None, 'a"b\\', "\xe9", ""])
def test_a_program_answers_as_its_handler_does(both, target, agent):
    fields = () if agent is None else (f"X-Agent: {agent}",)
    native, python = (both.get(f"/{kind}{target}", *fields) for kind in ("native", "python"))
    assert native.status == python.status
    if native.status >= 400:
        return
    for name in ("content-type", "x-q", "x-n"):
        assert native.headers.get(name) == python.headers.get(name)
    if native.headers["content-type"] == "application/json":
        assert native.json() == python.json()
    else:
        assert native.body == python.body.replace(b"/python", b"/native")


def test_parameters_of_prefixes_count(both):
    assert both.get("/x/inner/y/z").json() == {"b": "z"}


HANDLER = """
#include <fasterapi/routes.hpp>

FASTERAPI_HANDLER(pong, req, res) { res->body("pong, " + std::string{req->path_param(0)}); }
FASTERAPI_HANDLER(other, req, res) { res->status(204); }
"""


@pytest.fixture(scope="module")
def shared_object(tmp_path_factory):
    compiler = os.environ.get("CXX") or shutil.which("c++") or "g++"
    folder = tmp_path_factory.mktemp("handlers")
    (folder / "pong.cpp").write_text(HANDLER)
    flags = ["-std=c++20", "-shared", "-fPIC", "-DFASTERAPI_SHARED_ROUTES", f"-I{ROOT / 'include'}"]
    subprocess.run(
        [compiler, *flags, str(folder / "pong.cpp"), "-o", str(folder / "pong.so")], check=True
    )
    return folder / "pong.so"


def registering(name):
    return (
        "from fasterapi import App, CppHandler\napp = App()\n"
        f"app.register_cpp_handler('GET', '/ping/{{who}}', CppHandler({name!r}))\n"
    )


def test_a_handler_of_a_shared_object(serve, shared_object):
    server = serve(registering(f"{shared_object}:pong"))
    assert server.get("/ping/ann").body == b"pong, ann"


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("absent", "no FASTERAPI_HANDLER of that name"),
        ("./absent.so:pong", "absent.so"),
        ("{}:absent", "has no FASTERAPI_HANDLER(absent"),
        ("no name", "is neither"),
    ],
)
def test_a_handler_that_is_not_there_is_an_error_at_start(serve, shared_object, name, message):
    server = serve(registering(name.format(shared_object)), is_ready=False)
    assert server.wait() == 3
    assert message in server.log
