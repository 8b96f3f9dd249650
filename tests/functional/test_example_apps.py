"""The example apps, each from end to end with an HTTP client that is not ours."""

import hashlib
import json
import re
from pathlib import Path

import pytest

from support.server import BINARY, ROOT

try:
    import httpx2 as httpx
except ImportError:
    import httpx

APPS = ROOT / "python_apps"


@pytest.fixture
def client_of(serve):
    """``client_of("todo_app.py")`` starts it and gives a client of it."""
    clients = []

    def start(name, workers=1, config=None, **options):
        server = serve(APPS / name, config={"workers": workers, **(config or {})}, **options)
        clients.append(httpx.Client(base_url=server.url, timeout=20, trust_env=False))
        return clients[-1]

    yield start
    for client in clients:
        client.close()


def test_a_to_do_list(client_of, tmp_path):
    file = tmp_path / "todo.db"
    client = client_of("todo_app.py", workers=2, env={"TODO_DATABASE": str(file)})
    assert client.get("/tasks").json() == []
    added = client.post("/tasks", json={"title": "write"})
    assert (added.status_code, added.json()) == (201, {"id": 1, "title": "write", "done": False})
    client.post("/tasks", json={"title": "test", "done": True})
    assert [task["id"] for task in client.get("/tasks", params={"done": True}).json()] == [2]
    replaced = client.put("/tasks/1", json={"title": "write more", "done": True})
    assert replaced.json() == {"id": 1, "title": "write more", "done": True}
    assert client.delete("/tasks/2").status_code == 204
    assert client.get("/tasks/2").status_code == 404
    invalid = client.post("/tasks", json={"title": ""})
    assert invalid.status_code == 422
    assert invalid.json()["detail"][0]["loc"] == ["body", "title"]
    assert client.get("/tasks?limit=0").status_code == 422
    assert file.exists()


def test_a_to_do_list_is_there_after_a_restart(client_of, tmp_path):
    env = {"TODO_DATABASE": str(tmp_path / "todo.db")}
    client_of("todo_app.py", env=env).post("/tasks", json={"title": "stay"})
    assert client_of("todo_app.py", env=env).get("/tasks/1").json()["title"] == "stay"


def test_bulk_upload_takes_fewer_transactions_than_requests(client_of, tmp_path, background):
    client = client_of("bulk_app.py", env={"BULK_DATABASE": str(tmp_path / "readings.db")})
    readings = [{"sensor": "s", "value": float(number)} for number in range(60)]
    before = client.get("/transactions").json()
    sent = [background(client.post, "/readings", json=reading) for reading in readings]
    replies = [each.result() for each in sent]
    assert {reply.status_code for reply in replies} == {201}
    together = [reply.json()["stored_with"] for reply in replies]
    transactions = client.get("/transactions").json() - before
    assert transactions < 60
    assert max(together) > 1
    assert client.get("/sensors/s").json() == {"sensor": "s", "count": 60, "mean": 29.5}
    invalid = client.post("/readings", json={"sensor": "s", "value": "high"})
    assert invalid.status_code == 422
    assert client.post("/single", json=readings[0]).json() == {"sensor": "s", "stored_with": 1}
    assert client.get("/sensors/s").json()["count"] == 61


def events(lines):
    """The ids and prices of server-sent events."""
    text = "\n".join(lines)
    ids = [int(each) for each in re.findall(r"^id: (\d+)$", text, re.MULTILINE)]
    data = [json.loads(each) for each in re.findall(r"^data: (.*)$", text, re.MULTILINE)]
    return ids, [each["price"] for each in data]


def test_a_ticker(client_of):
    client = client_of("ticker_app.py")
    with client.stream("GET", "/ticks", params={"pause": 0, "count": 3}) as reply:
        assert reply.headers["content-type"].startswith("text/event-stream")
        ids, prices = events(reply.iter_lines())
    assert (ids, prices[0]) == ([0, 1, 2], 100)
    again = {"Last-Event-ID": "2"}
    with client.stream("GET", "/ticks?pause=0&count=2", headers=again) as reply:
        assert events(reply.iter_lines())[0] == [3, 4]
    assert "EventSource" in client.get("/").text


def test_a_ticker_sends_each_event_at_once(client_of):
    client = client_of("ticker_app.py")
    with client.stream("GET", "/ticks", params={"pause": 2}) as reply:
        for line in reply.iter_lines():
            if line.startswith("data:"):
                break
        assert json.loads(line[5:])["price"] == 100


def test_uploads(client_of, tmp_path):
    client = client_of("upload_app.py", env={"UPLOAD_FOLDER": str(tmp_path / "kept")})
    content = bytes(range(256)) * 1024
    files = [("files", ("a.bin", content)), ("files", ("b.txt", b"text", "text/plain"))]
    reply = client.post("/files", files=files, data={"note": "two"})
    assert reply.status_code == 201
    kept = reply.json()
    assert kept["note"] == "two"
    assert kept["files"][0] == {
        "name": "a.bin",
        "size": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
    }
    assert client.get("/files/a.bin").content == content
    part = client.get("/files/a.bin", headers={"Range": "bytes=256-511"})
    assert (part.status_code, part.content) == (206, bytes(range(256)))
    assert client.get("/files/c").status_code == 404
    for name in ("../a", ".hidden", "a/b", ""):
        refused = client.post("/files", files=[("files", (name or "\0", b"x"))])
        assert refused.status_code in (400, 422), name
    assert sorted(each.name for each in (tmp_path / "kept").iterdir()) == ["a.bin", "b.txt"]


def test_a_login_with_scopes(client_of):
    client = client_of("auth_app.py", env={"AUTH_KEY": "of the test"})

    def token(name, password):
        return client.post("/token", data={"username": name, "password": password})

    def bearer(name, password):
        return {"Authorization": f"Bearer {token(name, password).json()['access_token']}"}

    assert token("ann", "wrong").status_code == 400
    assert token("nobody", "x").status_code == 400
    assert client.get("/me").status_code == 401
    assert client.get("/me").headers["www-authenticate"] == "Bearer"
    ann, bob = bearer("ann", "wonderland"), bearer("bob", "builder")
    assert client.get("/me", headers=ann).json() == {"name": "ann", "scopes": ["read", "write"]}
    assert client.get("/notes", headers=bob).json() == ["the first"]
    denied = client.post("/notes", params={"note": "x"}, headers=bob)
    assert (denied.status_code, denied.json()) == (403, {"detail": "bob may not write"})
    assert client.post("/notes", params={"note": "x"}, headers=ann).json() == "x (ann)"
    forged = {"Authorization": ann["Authorization"][:-1] + "x"}
    assert client.get("/me", headers=forged).status_code == 401
    schemes = client.get("/openapi.json").json()["components"]["securitySchemes"]
    assert "password" in schemes["OAuth2PasswordBearer"]["flows"]


def test_middleware_and_metrics(client_of):
    client = client_of("metrics_app.py")
    reply = client.get("/work", params={"rounds": 3})
    assert reply.json() == 5
    assert re.fullmatch(r"app;dur=\d+\.\d{3}", reply.headers["server-timing"])
    assert client.get("/work", params={"rounds": 2_000_000}).status_code == 400
    assert client.get("/nowhere").status_code == 404
    latency = client.get("/latency").json()
    assert 0 < latency["p50"] <= latency["p95"] <= latency["p99"]
    assert client.get("/statuses/200").json() == 2
    assert [client.get(f"/statuses/{status}").json() for status in (400, 404)] == [1, 1]


def test_python_and_cpp_share_paths(client_of):
    routes = str(Path(BINARY).parent / "mixed_routes.so")
    client = client_of("mixed_app.py", config={"cpp_routes": [routes]})
    assert client.get("/py").json() == {"from": "Python"}
    assert client.get("/cpp").json() == {"from": "C++"}
    assert client.get("/items/1").json() == {"id": 1, "name": "spanner"}
    assert client.get("/items/1/price").json() == {"id": 1, "price": 1.5}
    assert client.get("/items/3").status_code == 404
    greeting = client.get("/greet/Ada", params={"language": "de"})
    assert (greeting.text, greeting.headers["content-language"]) == ("Hallo, Ada", "de")


@pytest.mark.parametrize("app", sorted(APPS.glob("*_app.py")), ids=lambda app: app.stem)
def test_every_example_has_a_document_and_pages(client_of, app, tmp_path):
    names = ("TODO_DATABASE", "BULK_DATABASE", "UPLOAD_FOLDER")
    client = client_of(app.name, env={name: str(tmp_path / name) for name in names})
    document = client.get("/openapi.json").json()
    assert document["info"]["title"] != "FasterAPI"
    assert document["paths"]
    for path in ("/docs", "/redoc"):
        assert client.get(path).headers["content-type"] == "text/html; charset=utf-8"
