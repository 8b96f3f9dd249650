"""Routes in C++: built in, and from a shared object, beside those in Python."""

import os
import shutil
import subprocess

import pytest

from support.server import ROOT
from support.wire import request

SOURCE = r"""
#include <fasterapi/routes.hpp>
#include <fstream>
#include <stdexcept>
#include <string>
using namespace fasterapi;

FASTERAPI_ROUTES(router) {
  router.add_cpp_route("GET", "/cpp/hello", [](HttpRequest*, HttpResponse* res) {
    res->status(201).header("X-From", "C++").set_json(R"({"hello":"C++"})");
  });
  router.add_cpp_route("POST", "/cpp/echo/{name}", [](HttpRequest* req, HttpResponse* res) {
    std::string text{req->path_param(0)};
    text += "|" + req->query_param("q").value_or("-") + "|";
    text += std::string{req->header("x-in").value_or("-")} + "|" + std::string{req->body()};
    res->content_type("text/plain").body(text);
  });
  router.add_cpp_route("GET", "/cpp/direct/{size:int}", [](HttpRequest* req, HttpResponse* res) {
    const std::size_t size = std::stoul(std::string{req->path_param(0)});
    char* to = res->get_write_buffer(size);
    for (std::size_t i = 0; i < size; ++i) to[i] = static_cast<char>('0' + i % 10);
    res->set_json_direct(to, size);
  });
  router.add_cpp_route("GET", "/cpp/throw", [](HttpRequest*, HttpResponse* res) {
    res->status(201).body("half an answer");
    throw std::runtime_error("the C++ secret");
  });
  router.add_cpp_route("GET", "/cpp/throw-int", [](HttpRequest*, HttpResponse*) { throw 5; });
  router.add_cpp_route("GET", "/cpp/bad-header", [](HttpRequest*, HttpResponse* res) {
    res->header("X", "a\r\nB: c");
  });
  router.add_cpp_route("GET", "/cpp/block", [](HttpRequest* req, HttpResponse*) {
    std::ifstream gate{std::string{*req->query_param("gate")}};
    gate.get();
  });
  router.add_cpp_route("GET", "/items/special", [](HttpRequest*, HttpResponse* res) {
    res->set_json(R"("C++")");
  });
}
"""
FOREIGN = r"""
#include <cstdint>
extern "C" std::uint32_t fasterapi_routes_abi_version() { return 999; }
extern "C" void fasterapi_register_routes(void*) { __builtin_abort(); }
"""
APP = """
from fasterapi import App

app = App()

@app.get("/items/{name}")
def item(name: str):
    return name

@app.get("/block")
def block():
    open(GATE).read()
"""


def build(folder, name, source):
    compiler = os.environ.get("CXX") or shutil.which("c++") or pytest.skip("no C++ compiler")
    (folder / f"{name}.cpp").write_text(source)
    made = folder / f"{name}.so"
    subprocess.run(
        [
            compiler,
            "-std=c++20",
            "-shared",
            "-fPIC",
            "-DFASTERAPI_SHARED_ROUTES",
            f"-I{ROOT}/include",
            str(folder / f"{name}.cpp"),
            "-o",
            str(made),
        ],
        check=True,
    )
    return made


@pytest.fixture(scope="module")
def routes(tmp_path_factory):
    return build(tmp_path_factory.mktemp("routes"), "routes", SOURCE)


@pytest.fixture(scope="module")
def server(serve_once, routes):
    return serve_once(APP, config={"cpp_routes": [str(routes)]})


def test_built_in_routes(server):
    assert server.get("/health").json() == {"status": "ok"}
    assert server.get("/health").headers["content-type"] == "application/json"
    assert "version" in server.get("/version").json()


def test_an_app_takes_the_place_of_a_built_in(serve):
    server = serve("from fasterapi import App\napp = App()\napp.get('/health')(lambda: 'mine')")
    assert server.get("/health").json() == "mine"
    assert "version" in server.get("/version").json()


def test_built_ins_can_be_switched_off(serve):
    assert serve(APP, config={"builtin_routes": False}).get("/health").status == 404


def test_a_shared_object_s_routes(server):
    reply = server.get("/cpp/hello")
    assert (reply.status, reply.json()) == (201, {"hello": "C++"})
    assert reply.headers["x-from"] == "C++"


def test_the_request_as_a_handler_sees_it(server):
    reply = server.request("POST", "/cpp/echo/a%20b?q=c%2Bd+e", "X-In: in", body=b"body")
    assert reply.body == b"a b|c+d e|in|body"
    assert reply.headers["content-type"] == "text/plain"


@pytest.mark.parametrize("size", [0, 1, 5000, 2_000_000])
def test_bodies_written_in_place(server, size):
    body = server.get(f"/cpp/direct/{size}").body
    assert body == (b"0123456789" * (size // 10 + 1))[:size]


@pytest.mark.parametrize("name", ["throw", "throw-int", "bad-header"])
def test_a_handler_that_throws_is_a_500_and_logged(server, name):
    with server.connect() as wire:
        reply = wire.get(f"/cpp/{name}")
        assert (reply.status, reply.json()) == (500, {"detail": "Internal Server Error"})
        assert wire.get("/health").status == 200
    server.wait_log(rf"/cpp/{name}\b.*threw")
    if name == "throw":
        server.wait_log("the C\\+\\+ secret")


def test_one_router_for_both_kinds(server):
    assert server.get("/items/special").json() == "C++"
    assert server.get("/items/other").json() == "other"
    assert server.request("POST", "/cpp/hello").status == 405


def test_cpp_routes_do_not_wait_for_python(server):
    gate = server.gate()
    with server.connect() as wire:
        wire.send(request("GET", "/block"))
        gate.wait_for_handler()
        assert server.get("/cpp/hello").status == 201
        gate.open()
        assert wire.read().status == 200


@pytest.mark.parametrize("dispatch", ["auto", "ring"])
def test_a_handler_that_does_not_return_does_not_hold_up_the_end(serve, routes, dispatch):
    config = {"cpp_routes": [str(routes)], "dispatch": dispatch, "timeouts": {"drain": "500ms"}}
    server = serve(APP, config=config)
    gate = server.gate()
    server.connect().send(request("GET", f"/cpp/block?gate={gate.path}"))
    gate.wait_for_handler()
    server.signal()
    assert server.wait(5) == 5


def test_another_abi_version_is_refused(serve, tmp_path):
    foreign = build(tmp_path, "foreign", FOREIGN)
    server = serve(config={"cpp_routes": [str(foreign)]}, is_ready=False)
    assert server.wait() == 2
    assert "999" in server.log
    assert str(foreign) in server.log


def test_a_missing_shared_object_is_named(serve):
    server = serve(config={"cpp_routes": ["/nowhere/routes.so"]}, is_ready=False)
    assert server.wait() == 2
    assert "/nowhere/routes.so" in server.log


def test_a_conflict_between_both_kinds_names_both_places(serve, routes):
    server = serve(
        """
        from fasterapi import App
        app = App()

        @app.get("/cpp/hello")
        def mine(): ...
        """,
        config={"cpp_routes": [str(routes)]},
        is_ready=False,
    )
    assert server.wait() == 3
    assert "app.py:5" in server.log
    line = SOURCE[: SOURCE.index("/cpp/hello")].count("\n") + 1
    assert f"routes.cpp:{line}" in server.log
