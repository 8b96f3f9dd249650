"""Commands beside serving: routes, openapi."""

import json
import subprocess

import pytest

from support.server import BINARY, ROOT, environment

EXAMPLES = sorted((ROOT / "python_apps").glob("*_app.py"))
APP = """
from fasterapi import App, Depends

app = App(title="Shop")
print("imported")

@app.get("/items/{item}")
def item(item: int):
    return item

@app.route("/both", methods=["PUT", "POST"], include_in_schema=False)
def both(token: str = Depends(lambda: "t")):
    return token

@app.post("/bulk", include_in_schema=False)
@app.batch_handler(max_batch_size=5)
def bulk(requests):
    return requests

app.register_cpp_handler("GET", "/traced", lambda req, res: res.set_json("1"))
app.mount("/below", App())
"""


def run(folder, *arguments, env=None):
    return subprocess.run(
        [BINARY, *map(str, arguments)],
        cwd=folder,
        env=environment(env),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "app.py").write_text(APP)
    return tmp_path


def test_routes_as_a_table(folder):
    done = run(folder, "routes", "app.py:app")
    assert done.returncode == 0, done.stderr
    rows = [line.split() for line in done.stdout.splitlines()]
    assert rows[0] == ["METHOD", "PATH", "NAME", "KIND", "HANDLER"]
    assert rows[1] == ["GET", "/items/{item}", "item", "native", "app.py:7"]
    assert rows[2] == ["PUT,POST", "/both", "both", "general", "app.py:11"]
    kinds = {row[1]: row[3] for row in rows[1:]}
    assert kinds["/bulk"] == "batch"
    assert kinds["/traced"] == "traced"
    assert kinds["/below/{path:path}"] == "mount"
    assert (kinds["/docs"], kinds["/health"]) == ("native", "C++")
    assert "imported" not in done.stdout
    assert "imported" not in done.stderr  # what the app prints is logged at info


def test_routes_as_json(folder):
    done = run(folder, "routes", "--json", "--app", "app.py:app", env={"FASTERAPI_WORKERS": "1"})
    listed = {route["path"]: route for route in json.loads(done.stdout)}
    assert listed["/both"] == {
        "methods": ["PUT", "POST"],
        "path": "/both",
        "name": "both",
        "kind": "general",
        "handler": "app.py:11",
    }
    assert listed["/version"]["name"] is None


def test_routes_in_cpp_need_no_app(tmp_path):
    done = run(tmp_path, "routes", "--json")
    assert {route["path"] for route in json.loads(done.stdout)} == {"/health", "/version"}


def test_routes_of_an_app_with_middleware_leave_out_the_catch_all(folder):
    with open(folder / "app.py", "a") as file:
        file.write("from fasterapi.middleware.cors import CORSMiddleware\n")
        file.write("app.add_middleware(CORSMiddleware)\n")
    done = run(folder, "routes", "app.py:app")
    assert done.returncode == 0, done.stderr
    assert " /{path:path}" not in done.stdout
    assert "/items/{item}" in done.stdout


def test_the_document(folder):
    done = run(folder, "openapi", "app.py:app")
    assert (done.returncode, done.stderr) == (0, "")
    document = json.loads(done.stdout)
    assert (document["openapi"], document["info"]["title"]) == ("3.1.0", "Shop")
    assert list(document["paths"]) == ["/items/{item}"]


def test_the_document_in_a_file(folder):
    done = run(folder, "openapi", "--output=api.json", "app.py:app")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert json.loads((folder / "api.json").read_text())["info"]["title"] == "Shop"
    done = run(folder, "openapi", "app.py:app", "--output", "none/api.json")
    assert done.returncode == 1
    assert "cannot write none/api.json" in done.stderr


@pytest.mark.parametrize("app", EXAMPLES, ids=lambda app: app.stem)
def test_the_examples_have_a_document_without_a_warning(tmp_path, app):
    done = run(tmp_path, "openapi", f"{app}:app")
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["paths"]


@pytest.mark.parametrize("command", ["routes", "openapi"])
def test_an_app_that_does_not_import_is_3_and_nothing_is_printed(tmp_path, command):
    (tmp_path / "app.py").write_text("import nothing_there\n")
    done = run(tmp_path, command, "app.py:app")
    assert (done.returncode, done.stdout) == (3, "")
    assert "No module named 'nothing_there'" in done.stderr


def test_a_document_that_cannot_be_made_is_3(folder):
    with open(folder / "app.py", "a") as file:
        file.write("app.openapi = lambda: 1 / 0\n")
    done = run(folder, "openapi", "app.py:app")
    assert (done.returncode, done.stdout) == (3, "")
    assert "ZeroDivisionError" in done.stderr


@pytest.mark.parametrize("command", ["dev", "routes", "openapi"])
def test_each_command_has_its_own_help(command):
    done = run(ROOT, command, "--help")
    assert done.returncode == 0
    assert done.stdout.startswith(f"fasterapi-server {command} ")
    assert f"  {command} " in run(ROOT, "--help").stdout


@pytest.mark.parametrize(
    "arguments, words",
    [
        (["rotes", "a:b"], ['"rotes"', "did you mean 'routes'?", "module:attr"]),
        (["dev", "shop/main.py"], ['"shop/main.py"', "did you mean 'shop/main.py:app'?"]),
        (["routes", "openapi"], ['"openapi"', "one command"]),
        (["openapi"], ["openapi", "no app is given"]),
        (["dev"], ["dev", "no app is given"]),
        (["a:b", "--json"], ["--json", "routes"]),
        (["routes", "a:b", "--output", "f"], ["--output", "openapi"]),
        (["routes", "--jsn"], ["--jsn", "--json"]),
    ],
)
def test_mistakes_are_2(arguments, words):
    done = run(ROOT, *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    for word in words:
        assert word in done.stderr


def test_the_routes_are_logged_for_who_looks_closer(serve):
    server = serve(APP, flags=["--log-level=debug"])
    server.wait_log(r"METHOD +PATH +NAME +KIND +HANDLER\n.*/items/\{item\} +item +native")
    assert "METHOD" not in serve(APP).log
