"""TestClient: what it sends, what it gives, and what it keeps."""

import asyncio
import contextlib
import io
from typing import Annotated, Any, List, Optional

import pytest

from fasterapi import App, BackgroundTasks, Cookie, File, Form, Header, Request, Response
from fasterapi.responses import JSONResponse, PlainTextResponse, RedirectResponse
from fasterapi.testclient import HTTPStatusError, TestClient, TooManyRedirects

app = App()


@app.route("/echo", methods=["GET", "POST", "PUT", "PATCH", "DELETE"])
async def echo(request: Request):
    return {
        "method": request.method,
        "url": str(request.url),
        "headers": dict(request.headers),
        "body": (await request.body()).decode(),
        "client": list(request.client or ()),
    }


@app.post("/form")
def form(
    name: Annotated[str, Form()],
    words: Annotated[List[str], Form()] = [],  # noqa: B006
    file: Annotated[Optional[bytes], File()] = None,
):
    return [name, words, file and file.decode()]


@app.get("/login")
def login(response: Response, path: str = "/"):
    response.set_cookie("session", "s1", path=path)
    return {}


@app.get("/logout")
def logout(response: Response):
    response.delete_cookie("session")
    return {}


@app.get("/who/am/i")
def who(session: Annotated[Optional[str], Cookie()] = None, x_a: Annotated[str, Header()] = ""):
    return [session, x_a]


@app.api_route("/to/{status}", methods=["GET", "POST"])
def to(status: int):
    return RedirectResponse("/echo?a=1", status_code=status)


@app.get("/loop")
def loop():
    return RedirectResponse("/loop")


@app.get("/fail")
def fail():
    raise KeyError("inside")


@app.get("/status/{code}")
def status(code: int):
    return PlainTextResponse("täxt", status_code=code)


client = TestClient(app)


def test_methods_urls_and_parameters():
    for method in ("get", "post", "put", "patch", "delete"):
        seen = getattr(client, method)("/echo", params={"q": "a b", "n": [1, 2]}).json()
        assert (seen["method"], seen["url"]) == (
            method.upper(),
            "http://testserver/echo?q=a+b&n=1&n=2",
        )
    assert client.get("echo", params={"y": True}).json()["url"].endswith("/echo?y=true")
    assert client.get("http://other:81/echo").json()["headers"]["host"] == "other:81"
    assert client.get("/echo").json()["client"] == ["testclient", 50000]
    assert client.head("/echo").content == b""
    assert client.options("/echo").status_code == 204


def test_bodies():
    sent = client.post("/echo", json={"a": "ü"}).json()
    assert (sent["body"], sent["headers"]["content-type"]) == ('{"a":"ü"}', "application/json")
    assert client.post("/echo", content="text").json()["body"] == "text"
    assert client.post("/echo", content=iter([b"a", b"b"])).json()["body"] == "ab"
    assert client.post("/echo", data={"a": [1, 2], "b": "c d"}).json()["body"] == "a=1&a=2&b=c+d"
    assert client.post("/echo").json()["headers"]["content-length"] == "0"


def test_forms_and_files():
    assert client.post("/form", data={"name": "n", "words": ["a", "b"]}).json() == [
        *("n", ["a", "b"], None)
    ]
    for file in (b"x", io.BytesIO(b"x"), ("f.txt", b"x"), ("f", io.BytesIO(b"x"), "text/x")):
        made = client.post("/form", data={"name": "n"}, files={"file": file})
        assert made.json() == ["n", [], "x"]
    named = client.post("/form", data={"name": "n"}, files=[("file", ('a"b', "x"))])
    assert named.json()[2] == "x"


def test_headers_cookies_and_authorization():
    own = TestClient(app, headers={"x-a": "of client"}, cookies={"session": "given"})
    assert own.get("/who/am/i").json() == ["given", "of client"]
    assert own.get("/who/am/i", headers={"X-A": "own"}).json() == ["given", "own"]
    own.cookies.set("session", "other")
    assert own.get("/who/am/i").json()[0] == "other"
    seen = client.get("/echo", auth=("u", "p")).json()["headers"]
    assert seen["authorization"] == "Basic dTpw"
    assert (seen["user-agent"], seen["accept"]) == ("testclient", "*/*")


def test_cookies_are_kept_by_their_rules():
    own = TestClient(app)
    response = own.get("/login")
    assert dict(response.cookies) == {"session": "s1"} == dict(own.cookies)
    assert own.get("/who/am/i").json()[0] == "s1"
    own.get("/logout")
    assert own.get("/who/am/i").json()[0] is None
    own.get("/login?path=/elsewhere")
    assert own.get("/who/am/i").json()[0] is None
    own.cookies.clear()
    own.cookies["session"] = "set"
    assert own.get("/who/am/i").json()[0] == own.cookies["session"] == "set"
    own.cookies.clear()
    assert len(own.cookies) == 0


@pytest.mark.parametrize(
    "status, method", [(301, "GET"), (302, "GET"), (303, "GET"), (307, "POST"), (308, "POST")]
)
def test_redirects(status, method):
    response = client.post(f"/to/{status}", json={})
    assert response.json()["method"] == method
    assert response.json()["url"] == "http://testserver/echo?a=1"
    assert response.json()["body"] == ("" if method == "GET" else "{}")
    assert [r.status_code for r in response.history] == [status]
    stayed = client.post(f"/to/{status}", follow_redirects=False)
    assert stayed.status_code == status
    assert stayed.has_redirect_location
    assert stayed.headers["Location"] == "/echo?a=1"
    assert TestClient(app, follow_redirects=False).get(f"/to/{status}").is_redirect


def test_too_many_redirects():
    with pytest.raises(TooManyRedirects):
        client.get("/loop")


def test_exceptions_of_the_app_are_raised():
    with pytest.raises(KeyError, match="inside"):
        client.get("/fail")
    quiet = TestClient(app, raise_server_exceptions=False)
    assert quiet.get("/fail").json() == {"detail": "Internal Server Error"}


def test_exceptions_that_a_handler_of_server_errors_answered_too():
    made = App(exception_handlers={Exception: lambda request, error: JSONResponse("sorry", 500)})
    made.get("/")(fail)
    with pytest.raises(KeyError):
        TestClient(made).get("/")
    assert TestClient(made, raise_server_exceptions=False).get("/").json() == "sorry"


def test_responses():
    found = client.get("/status/200")
    assert (found.text, found.encoding, found.reason_phrase) == ("täxt", "utf-8", "OK")
    assert found.headers["content-length"] == "5"
    assert found.is_success
    assert found.raise_for_status() is found
    assert b"".join(found.iter_bytes(2)) == found.read()
    assert list(found.iter_lines()) == ["täxt"]
    lacking = client.get("/status/404")
    assert lacking.is_client_error and lacking.is_error
    assert client.get("/status/503").is_server_error
    with pytest.raises(HTTPStatusError, match="404 Not Found") as caught:
        lacking.raise_for_status()
    assert caught.value.response is lacking
    with client.stream("GET", "/status/200") as response:
        assert list(response.iter_text()) == ["täxt"]


def test_lifespan_and_tasks():
    events: List[str] = []

    @contextlib.asynccontextmanager
    async def lifespan(app: Any) -> Any:
        app.state.loop, entered = asyncio.get_running_loop(), asyncio.current_task()
        events.append("start")
        yield
        # What timeouts and cancel scopes need.
        events.append("stop" if asyncio.current_task() is entered else "stop elsewhere")

    made = App(lifespan=lifespan)

    @made.get("/")
    async def handler(tasks: BackgroundTasks):
        tasks.add_task(events.append, "task")
        return asyncio.get_running_loop() is made.state.loop

    with TestClient(made) as own:
        assert own.get("/").json() is True
        assert events == ["start", "task"]
    assert events == ["start", "task", "stop"]


def test_a_startup_that_fails():
    made = App()

    @made.on_event("startup")
    def start():
        raise ValueError("no database")

    with pytest.raises(ValueError, match="no database"), TestClient(made):
        pass


def test_inside_of_a_running_loop():
    async def use() -> Any:
        return client.get("/status/200").status_code

    assert asyncio.run(use()) == 200


def test_routes_that_are_added_later():
    made = App()
    own = TestClient(made)
    assert own.get("/").status_code == 404
    made.get("/")(lambda: 1)
    assert own.get("/").json() == 1
    made.add_exception_handler(404, lambda request, error: JSONResponse("none", 404))
    assert own.get("/x").json() == "none"
