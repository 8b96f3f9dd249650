"""The example apps do what they show."""

import pytest

from support.server import ROOT

APPS = ROOT / "python_apps"


@pytest.fixture(scope="module")
def responses(serve_once):
    return serve_once(APPS / "responses_app.py")


def test_pages_and_redirects(responses):
    assert responses.get("/").headers["content-type"] == "text/html; charset=utf-8"
    reply = responses.get("/home")
    assert (reply.status, reply.headers["location"]) == (303, "/")


def test_a_login_by_cookie(responses):
    assert responses.get("/whoami").status == 401
    assert responses.get("/whoami").headers["www-authenticate"] == "Cookie"
    reply = responses.get("/login?name=Ann")
    assert reply.json() == {"welcome": "Ann"}
    cookie = reply.headers["set-cookie"].split(";")[0]
    assert responses.get("/whoami", f"Cookie: {cookie}").json() == {"name": "Ann"}
    reply = responses.request("DELETE", "/login")
    assert reply.status == 204
    assert "Max-Age=0" in reply.headers["set-cookie"]


def test_streams(responses):
    assert responses.get("/count?to=3").body == b"1\n2\n3\n"
    lines = responses.get("/reports/2026").body.splitlines()
    assert (lines[0], lines[-1]) == (b"month,total", b"2026-12,120")
    assert responses.get("/reports/2026?section=x").json() == {"detail": {"no section": "x"}}
    assert responses.get("/reports/next").status == 404


def test_workers(serve):
    server = serve(APPS / "workers_app.py", config={"workers": None})
    server.wait_log("workers: 2")
    assert server.get("/").json()["requests of this worker"] == 1
    assert server.get("/primes?below=1000").json() == {"count": 168}
    assert server.get("/primes?below=0").json() == {"count": 0}
    assert server.get("/stats").json()["num_workers"] == 2
