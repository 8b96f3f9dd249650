"""What goes wrong in a handler: the client learns nothing, the log everything, the worker lives
on."""

import pytest

APP = """
import asyncio
from fasterapi import App, HTTPException, Response

app = App()

def inner():
    raise ValueError("the secret reason")

@app.get("/raise")
def fail():
    inner()

@app.get("/raise-async")
async def fail_async():
    await asyncio.sleep(0)
    inner()

@app.get("/unserialisable")
def unserialisable():
    return {"ok": [1, object()]}

@app.get("/surrogate")
def surrogate():
    return "\\ud800"

@app.get("/exit")
def leave():
    raise SystemExit(3)

@app.get("/interrupt")
def interrupt():
    raise KeyboardInterrupt

@app.get("/cancelled")
async def cancelled():
    raise asyncio.CancelledError

@app.get("/recursion")
def recursion():
    return recursion()

@app.get("/cycle")
def cycle():
    value = []
    value.append(value)
    return value

@app.get("/bad-status")
def bad_status():
    return Response("x", status_code=99)

@app.get("/bad-header")
def bad_header():
    response = Response("x")
    response.raw_headers.append(("x", "a\\r\\nSet-Cookie: b=c"))
    return response

@app.get("/refuse")
def refuse():
    raise HTTPException(418, detail={"short": "and stout"}, headers={"X-Tea": "yes"})

@app.get("/bad-detail")
def bad_detail():
    raise HTTPException(400, detail=object())

@app.get("/fine")
def fine():
    return "fine"
"""


@pytest.fixture(scope="module")
def server(serve_once):
    return serve_once(APP, flags=["--log-access=text"])


@pytest.mark.parametrize("target", ["/raise", "/raise-async"])
def test_an_exception_is_a_500_whose_traceback_is_in_the_log_alone(server, target):
    reply = server.get(target)
    assert (reply.status, reply.json()) == (500, {"detail": "Internal Server Error"})
    assert "connection" not in reply.headers
    server.wait_log(r"ValueError: the secret reason")
    log = server.wait_log(rf"[0-9a-f]+-[0-9]+.*GET {target}\b").string
    assert "in inner" in log
    assert "app.py" in log


def test_the_traceback_has_the_request_id_of_the_access_log(server):
    server.get("/raise?which=this")
    access = server.wait_log(r".*GET /raise\?which=this.*")[0]
    request_id = server.wait_log(r"([0-9a-f]{4,}-[0-9a-f]{6,})")[1]
    import re

    request_id = re.search(r"[0-9a-f]{4,}-[0-9a-f]{6,}", access)[0]
    assert server.log.count(request_id) >= 2, access


@pytest.mark.parametrize(
    "target",
    [
        "/unserialisable",
        "/surrogate",
        "/exit",
        "/interrupt",
        "/cancelled",
        "/recursion",
        "/cycle",
        "/bad-status",
        "/bad-header",
        "/bad-detail",
    ],
)
def test_whatever_a_handler_does_is_a_500_and_the_worker_lives_on(server, target):
    reply = server.get(target)
    assert reply.status == 500
    assert reply.json() == {"detail": "Internal Server Error"}
    assert "set-cookie" not in reply.headers
    assert server.get("/fine").json() == "fine"


def test_what_cannot_be_serialised_is_named_in_the_log(server):
    server.get("/unserialisable")
    server.wait_log(r"object is not JSON serializable at \$\.ok\[1\]")


def test_an_http_exception_is_the_answer_and_no_line_of_the_log(serve):
    server = serve(APP)
    reply = server.get("/refuse")
    assert (reply.status, reply.json()) == (418, {"detail": {"short": "and stout"}})
    assert reply.headers["x-tea"] == "yes"
    assert "Traceback" not in server.log


def test_errors_are_json_or_text_by_accept(server):
    assert server.get("/nope").json() == {"detail": "Not Found"}
    plain = server.get("/nope", "Accept: text/plain")
    assert (plain.headers["content-type"].split(";")[0], plain.body) == ("text/plain", b"Not Found")


def test_in_debug_mode_the_traceback_is_in_the_answer(serve):
    server = serve(APP, flags=["--debug"])
    reply = server.get("/raise")
    assert reply.status == 500
    assert b"the secret reason" in reply.body
    assert b"in inner" in reply.body
