"""The command line, the configuration file, the environment, and what is said about mistakes."""

import json
import re
import socket
import subprocess

import pytest

from support.server import BINARY, ROOT, environment

APP = """
from fasterapi import App

app = App()

@app.get("/")
def root():
    return "served"
"""


def run(*arguments, env=None, cwd=None):
    return subprocess.run(
        [BINARY, *map(str, arguments)],
        env=environment(env),
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def config_file(tmp_path, text):
    file = tmp_path / "server.json"
    file.write_text(text if isinstance(text, str) else json.dumps(text))
    return file


def test_version_and_help():
    version = run("--version")
    assert (version.returncode, version.stderr) == (0, "")
    assert "3.13" in version.stdout
    usage = run("--help")
    assert usage.returncode == 0
    for flag in (
        "--config",
        "--app",
        "--host",
        "--port",
        "--workers",
        "--io-threads",
        "--log-level",
        "--check-config",
        "--print-config",
    ):
        assert flag in usage.stdout


def test_what_the_scripts_export_is_left_alone():
    text = (ROOT / "scripts/lib/builds.sh").read_text()
    names = re.findall(r"FASTERAPI_[A-Z0-9_]+", re.search(r"^ *export (.*)$", text, re.M)[1])
    assert "FASTERAPI_PYTHON_ROOT" in names
    checked = run("--check-config", env={**dict.fromkeys(names, "/x"), "FASTERAPI_APP": ""})
    assert (checked.returncode, checked.stderr) == (0, "")


def test_the_order_is_file_variable_flag(tmp_path):
    file = config_file(tmp_path, {"workers": 2, "listen": {"port": 1001, "host": "127.0.0.2"}})
    printed = run(
        "--config",
        file,
        "--print-config",
        "--port",
        "1003",
        env={"FASTERAPI_WORKERS": "3", "FASTERAPI_PORT": "1002"},
    )
    assert printed.returncode == 0, printed.stderr
    assert "127.0.0.2" in printed.stdout
    for expected in ("1003", "--port", "FASTERAPI_WORKERS", "server.json"):
        assert expected in printed.stdout
    assert "1002" not in printed.stdout


@pytest.mark.parametrize(
    "text, words",
    [
        ('{"wrokers": 1}', ["/wrokers", "workers", ":1"]),
        ('{\n "listen": {\n  "port": 70000\n }\n}', ["/listen/port", "70000", ":3", "65535"]),
        ('{"workers": "two"}', ["/workers", "two"]),
        ('{"log": {"level": "loud"}}', ["/log/level", "loud", "warning"]),
        ('{"workers": 1', ["server.json"]),
        ("[]", ["server.json"]),
    ],
)
def test_a_mistake_in_the_file_is_2_with_the_place(tmp_path, text, words):
    for arguments in ([], ["--check-config"]):
        done = run("--config", config_file(tmp_path, text), *arguments)
        assert done.returncode == 2
        for word in words:
            assert word in done.stderr


@pytest.mark.parametrize(
    "arguments, env, words",
    [
        (["--prot", "1"], {}, ["--prot", "--port"]),
        (["--port", "x"], {}, ["--port", "x"]),
        (["--port"], {}, ["--port"]),
        ([], {"FASTERAPI_PROT": "1"}, ["FASTERAPI_PROT", "FASTERAPI_PORT"]),
        ([], {"FASTERAPI_PORT": "-1"}, ["FASTERAPI_PORT", "-1"]),
        (["--config", "/nowhere.json"], {}, ["/nowhere.json"]),
        (["--app", "noattribute"], {}, ["noattribute", "module:attr"]),
        (["--config="], {}, ["--config", "a file"]),
        (["--metrics-listen", "foo:bar"], {}, ["--metrics-listen", "foo:bar", "127.0.0.1:9090"]),
        (["--metrics-path", "nometrics"], {}, ["--metrics-path", "nometrics", '"/"']),
        (
            ["--limits-max-head-bytes=2k", "--limits-max-target-bytes=4k"],
            {},
            ["limits.max_head_bytes", "2048", "limits.max_target_bytes", "4096"],
        ),
        (["--log-file", "/nowhere/log"], {}, ["/nowhere/log", "No such file"]),
    ],
)
def test_a_mistake_elsewhere_is_2_with_the_nearest(arguments, env, words):
    done = run(*arguments, env=env)
    assert done.returncode == 2
    for word in words:
        assert word in done.stderr


def test_a_port_file_that_cannot_be_written_is_2(serve, tmp_path):
    where = str(tmp_path / "nowhere" / "port")
    server = serve(APP, config={"listen": {"port_file": where}}, is_ready=False)
    assert server.wait() == 2
    assert f"listen.port_file: cannot write {where}: No such file" in server.log
    assert "listening on" not in server.log


@pytest.mark.parametrize("question", ["--print-config", "--help", "--version", "--check-config"])
def test_an_answer_that_cannot_be_written_is_1(question):
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [BINARY, question],
            env=environment(),
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            timeout=60,
            check=False,
        )
    assert done.returncode == 1
    assert "standard output" in done.stderr


def test_service_links_of_kubernetes_are_left_alone(serve):
    links = {
        "FASTERAPI_PORT": "tcp://10.0.0.1:80",
        "FASTERAPI_PORT_80_TCP": "tcp://10.0.0.1:80",
        "FASTERAPI_PORT_80_TCP_ADDR": "10.0.0.1",
        "FASTERAPI_SERVICE_HOST": "10.0.0.1",
        "FASTERAPI_SERVICE_PORT": "80",
    }
    server = serve(APP, env=links, flags=["--log-level=debug"])
    assert server.get("/").json() == "served"
    for name in links:
        assert re.search(rf"Kubernetes.* {name}\b", server.log)


@pytest.mark.parametrize("file", sorted((ROOT / "config").glob("*.json")), ids=lambda f: f.name)
def test_the_examples_are_valid(file):
    if file.name == "schema.json":
        json.loads(file.read_text())
        return
    done = run("--config", file, "--check-config", cwd=ROOT)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    "source, words",
    [
        ("import nothing_there", ["nothing_there", "ModuleNotFoundError", "app.py"]),
        ("def broken(:", ["SyntaxError", "app.py"]),
        ("other = 1", ["app", "app.py"]),
        ("app = 5", ["int"]),
        ("raise SystemExit(0)", ["SystemExit"]),
        (
            "from fasterapi import App\napp = App()\n@app.get('/')\ndef f(x: complex): ...",
            ["complex", "'x'"],
        ),
    ],
)
def test_an_app_that_does_not_import_is_3(serve, source, words):
    server = serve(source, is_ready=False)
    assert server.wait() == 3
    for word in words:
        assert word in server.log


def test_a_module_in_a_package(serve, tmp_path):
    package = tmp_path / "shop"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "prices.py").write_text("price = 5\n")
    (package / "main.py").write_text(
        "from fasterapi import App\nfrom .prices import price\napp = App()\n"
        "app.get('/')(lambda: price)\n"
    )
    server = serve(config={"app": "shop.main:app", "python": {"path": [str(tmp_path)]}})
    assert server.get("/").json() == 5


def test_a_file_imports_its_neighbours(serve, tmp_path):
    (tmp_path / "neighbour.py").write_text("value = 7\n")
    app = tmp_path / "main.py"
    app.write_text(
        "from fasterapi import App\nimport neighbour\napp = App()\n"
        "app.get('/')(lambda: neighbour.value)\n"
    )
    assert serve(app).get("/").json() == 7


def test_a_port_in_use_is_4(serve):
    first = serve(APP)
    second = serve(APP, config={"listen": {"port": first.port}}, is_ready=False)
    assert second.wait() == 4
    assert str(first.port) in second.log


def test_the_chosen_port_is_logged_and_written(serve):
    server = serve(APP)
    assert server.port > 0
    server.wait_log(rf"listening on http://127\.0\.0\.1:{server.port}")


def test_ipv6(serve):
    server = serve(APP, config={"listen": {"host": "::1"}})
    with socket.create_connection(("::1", server.port), 5) as wire:
        wire.sendall(b"GET / HTTP/1.0\r\n\r\n")
        assert b"200 OK" in wire.recv(4096)


def test_cpp_routes_alone_need_no_python(serve):
    server = serve()
    assert server.get("/health").status == 200
    assert server.get("/").status == 404
