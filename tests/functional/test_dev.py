"""fasterapi-server dev: a change of the app's files starts it anew on the same sockets."""

import os
import pty
import re
import signal
import socket
import subprocess
from pathlib import Path
from typing import Optional

import pytest

from support.server import BINARY, Server, environment, wait_until
from support.wire import request

APP = """
from fasterapi import App

app = App()

@app.get("/")
def version():
    return VERSION
"""


def source(version):
    return APP.replace("VERSION", repr(version))


def save(file: Path, text: str, at: Optional[float] = None) -> None:
    """As editors do: beside it, then over it."""
    beside = file.with_name(f"{file.name}~")
    beside.write_text(text)
    if at is not None:
        os.utime(beside, (at, at))
    beside.rename(file)


class DevServer(Server):
    def __init__(self, folder, *flags, app="app.py:app", files=None, env=None):
        folder.mkdir(exist_ok=True)
        for name, text in (files or {"app.py": source("first")}).items():
            (folder / name).parent.mkdir(exist_ok=True, parents=True)
            (folder / name).write_text(text)
        super().__init__(folder, command=[BINARY, "dev", app, "--workers=1", *flags], env=env)
        self.app_file = folder / "app.py"

    def wait_answer(self, expected, target="/"):
        """Until a connection of its own is answered with that."""
        wait_until(lambda: self.get(target).body.decode() == expected, f"the answer {expected}", 30)

    def count(self, pattern):
        return len(re.findall(pattern, self.log))


@pytest.fixture
def dev(tmp_path):
    started = []

    def start(*flags, is_ready=True, **options):
        server = DevServer(tmp_path / f"dev{len(started)}", *flags, **options)
        started.append(server)
        if is_ready:
            server.wait_ready()
        return server

    yield start
    for server in started:
        server.finish()


def test_a_saved_file_is_served(dev):
    server = dev()
    assert server.get("/").json() == "first"
    save(server.app_file, source("second"))
    server.wait_answer('"second"')
    server.app_file.write_text(source("third"))  # written in place
    server.wait_answer('"third"')
    server.wait_log("app.py changed: starting anew")
    server.wait_log("METHOD +PATH")
    server.wait_log("GET / ")  # the access log is on


def test_the_port_stays_and_no_connection_is_refused(dev, background):
    server = dev()
    over = []

    def ask():
        answers = []
        while not over:
            reply = server.get("/")
            assert reply.status == 200
            answers.append(reply.json())
        return answers

    asking = [background(ask) for _ in range(3)]
    for version in ("second", "third", "fourth"):
        save(server.app_file, source(version))
        server.wait_answer(f'"{version}"')
    over.append(True)
    for each in asking:
        answers = each.result()
        assert set(answers) <= {"first", "second", "third", "fourth"}
        assert answers == sorted(answers, key=["first", "second", "third", "fourth"].index)


def test_a_request_in_flight_is_answered_by_the_process_that_has_it(dev):
    slow = (
        source("first") + "\n@app.get('/slow')\ndef slow():\n    return open(GATE).read() + 'old'\n"
    )
    server = dev(files={"app.py": "GATE = 'gate'\n" + source("first") + slow})
    gate = server.gate()
    with server.connect() as wire:
        wire.send(request("GET", "/slow"))
        gate.wait_for_handler()
        save(server.app_file, source("second"))
        server.wait_log("listening on [^~]*listening on ")  # the new one
        assert server.get("/").json() == "second"
        gate.open()
        assert wire.read().json() == "old"


BROKEN = {
    "a syntax error": ("def broken(:\n", "SyntaxError"),
    "an exception": ("price = 1\nprice / 0\n", "ZeroDivisionError: division by zero"),
    "no app": ("other = 1\n", "has no attribute"),
    "a module that is not there": ("import nothing_there\n", "nothing_there"),
    "a start-up that fails": (
        "from fasterapi import App\napp = App()\n@app.on_event('startup')\n"
        "def start():\n    raise OSError('no database')\n",
        "OSError: no database",
    ),
}


@pytest.mark.parametrize("mistake", BROKEN)
def test_a_broken_edit_is_shown_and_the_next_save_recovers(dev, mistake):
    text, words = BROKEN[mistake]
    server = dev()
    save(server.app_file, text)
    wait_until(lambda: server.get("/").status == 500, "what is wrong", 30)
    assert words in server.get("/any/path").json()["detail"]
    assert server.post("/").status == 500
    page = server.get("/", "Accept: text/html,application/xhtml+xml,*/*;q=0.8")
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert words.split(":")[0] in page.body.decode()
    assert "location.reload()" in page.body.decode()
    plain = server.get("/", "Accept: text/plain")
    assert plain.headers["content-type"] == "text/plain; charset=utf-8"
    assert words in server.log
    assert "fasterapi/_worker" not in plain.body.decode()  # the user's frames only
    save(server.app_file, source("mended"))
    server.wait_answer('"mended"')


def test_what_is_shown_is_escaped(dev):
    server = dev(files={"app.py": "raise ValueError('<script>&')\n"})
    page = server.get("/", "Accept: text/html").body.decode()
    assert "&lt;script&gt;&amp;" in page
    assert "ValueError: <script>" not in page


def test_an_import_that_hangs_is_killed_by_the_next_save(dev):
    server = dev()
    gate = server.gate()
    save(server.app_file, f"open({str(gate.path)!r}).read()\n")
    gate.wait_for_handler()  # the import stands there
    assert server.get("/").json() == "first"  # the one before serves meanwhile
    save(server.app_file, source("second"))
    server.wait_answer('"second"')


def test_a_process_that_dies_is_followed_by_a_page_that_says_so(dev):
    dies = source("first") + "\n@app.get('/die')\ndef die():\n    import os\n    os._exit(9)\n"
    server = dev(files={"app.py": dies})
    with server.connect() as wire:
        wire.send(request("GET", "/die"))
        assert wire.socket.recv(1) == b""
    detail = server.get("/").json()["detail"]
    assert detail == "The app's process ended with status 9."
    save(server.app_file, "import os\nos._exit(8)\n")
    wait_until(lambda: "status 8 before it served" in server.get("/").json()["detail"], "the page")
    save(server.app_file, source("second"))
    server.wait_answer('"second"')


def test_rapid_saves_are_one_change(dev):
    server = dev()
    for number in range(40):
        save(server.app_file, source(f"save {number}"))
    server.wait_answer('"save 39"')
    assert server.count("starting anew") <= 3


def test_modules_beside_below_and_elsewhere(dev, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "prices.py").write_text("price = 1\n")
    app = (
        "from fasterapi import App\nimport names\nfrom shop import stock\nimport prices\n"
        "app = App()\napp.get('/')(lambda: [names.name, stock.count, prices.price])\n"
    )
    files = {"app.py": app, "names.py": "name = 'a'\n", "shop/stock.py": "count = 1\n"}
    server = dev(f"--python-path={elsewhere}", files=files)
    assert server.get("/").json() == ["a", 1, 1]
    save(server.folder / "names.py", "name = 'b'\n")
    server.wait_answer('["b",1,1]')
    save(server.folder / "shop" / "stock.py", "count = 2\n")
    server.wait_answer('["b",2,1]')
    save(elsewhere / "prices.py", "price = 2\n")
    server.wait_answer('["b",2,2]')
    (server.folder / "names.py").unlink()
    wait_until(lambda: "No module named 'names'" in server.get("/").body.decode(), "the page")
    (server.folder / "names").mkdir()
    save(server.folder / "names" / "__init__.py", "name = 'c'\n")
    server.wait_answer('["c",2,2]')


def test_two_edits_of_a_module_within_a_second(dev):
    """Of one length, so that bytecode of the first would pass for the second's."""
    app = "from fasterapi import App\nimport names\napp = App()\n"
    app += "app.get('/')(lambda: names.name)\n"
    server = dev(files={"app.py": app, "names.py": "name = 'first'\n"})
    save(server.folder / "names.py", "name = 'a'\n", at=1_000_000_000.25)
    server.wait_answer('"a"')
    save(server.folder / "names.py", "name = 'b'\n", at=1_000_000_000.75)
    server.wait_answer('"b"')


def test_a_broken_module_elsewhere_is_watched_too(dev, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "prices.py").write_text("price = (\n")
    app = "from fasterapi import App\nfrom prices import price\n"
    app += "app = App()\napp.get('/')(lambda: price)\n"
    server = dev(f"--python-path={elsewhere}", files={"app.py": app})
    assert "SyntaxError" in server.get("/").json()["detail"]
    save(elsewhere / "prices.py", "price = 3\n")
    server.wait_answer("3")


def test_files_that_are_no_source_change_nothing(dev):
    server = dev()
    (server.folder / "__pycache__").mkdir(exist_ok=True)
    (server.folder / "__pycache__" / "x.py").write_text("")
    (server.folder / ".hidden.py").write_text("")
    (server.folder / "notes.txt").write_text("")
    save(server.app_file, source("second"))  # comes after them
    server.wait_answer('"second"')
    assert server.count("starting anew") == 1


def test_a_module_by_name_in_a_package(dev):
    files = {"shop/__init__.py": "", "shop/main.py": "from .v import app\n", "shop/v.py": source(1)}
    server = dev(app="shop.main:app", files=files)
    assert server.get("/").json() == 1
    save(server.folder / "shop" / "v.py", source(2))
    server.wait_answer("2")


def test_handlers_that_raise_show_their_frames_only(dev):
    raises = source("x") + "\n@app.get('/raises')\ndef raises():\n    raise KeyError('of mine')\n"
    server = dev(files={"app.py": raises})
    reply = server.get("/raises", "Accept: text/html")
    assert (reply.status, reply.headers["content-type"]) == (500, "text/html; charset=utf-8")
    text = reply.body.decode()
    assert "KeyError" in text
    assert "app.py" in text
    assert "pylib" not in text


def test_what_is_logged_has_their_frames_only(dev):
    logs = (
        source("x")
        + "\n@app.exception_handler(Exception)\ndef handle(request, error):\n    return 'handled'\n"
        + "\n@app.get('/raises')\ndef raises():\n    raise KeyError('of mine')\n"
    )
    server = dev(files={"app.py": logs})
    assert server.get("/raises").body == b'"handled"'
    text = server.wait_log(r"Traceback(.|\n)*?KeyError: 'of mine'").group(0)
    assert "in raises" in text
    assert "pylib" not in text


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_with_everything(dev, number):
    stops = (
        source("x") + "\n@app.on_event('shutdown')\ndef stop():\n    print('app is shut down')\n"
    )
    server = dev(files={"app.py": stops})
    server.signal(number)
    assert server.wait() == 0
    assert "app is shut down" in server.log
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", server.port), 5)


def test_ctrl_c_in_a_terminal_ends_it_once(tmp_path):
    """The terminal tells every process of the group."""
    terminal, of_server = pty.openpty()
    stops = "\napp.on_event('shutdown')(lambda: print('app is shut down'))\n"
    (tmp_path / "app.py").write_text(source("x") + stops)
    flags = ["--port=0", "--port-file=port", "--workers=1", "--log-file=dev.log"]
    process = subprocess.Popen(
        ["setsid", "--ctty", "--wait", BINARY, "dev", "app.py:app", *flags],
        cwd=tmp_path,
        env=environment(),
        stdin=of_server,
    )
    try:
        wait_until((tmp_path / "port").exists, "the server to listen", 30)
        os.write(terminal, b"\x03")
        assert process.wait(30) == 0
    finally:
        process.kill()
        process.wait()
        os.close(terminal)
        os.close(of_server)
    assert "app is shut down" in (tmp_path / "dev.log").read_text()


def test_it_ends_while_an_import_hangs(dev):
    server = dev()
    gate = server.gate()
    save(server.app_file, f"open({str(gate.path)!r}).read()\n")
    gate.wait_for_handler()
    server.signal()
    assert server.wait() == 0


def test_the_processes_end_with_the_supervisor(dev):
    server = dev()
    server.process.send_signal(signal.SIGKILL)
    server.wait()

    def is_refused():
        try:
            socket.create_connection(("127.0.0.1", server.port), 5).close()
        except ConnectionRefusedError:
            return True
        return False

    wait_until(is_refused, "the serving process to end")


def test_an_address_in_use_is_4(dev):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        server = dev(f"--port={port}", is_ready=False)
        assert server.wait() == 4
    assert "cannot listen" in server.log


def test_a_unix_socket(dev):
    server = dev(f"--unix-socket={os.getpid()}.socket", is_ready=False)
    path = server.folder / f"{os.getpid()}.socket"
    server.unix_socket = path
    server.wait_ready()
    save(server.app_file, source("second"))
    server.wait_answer('"second"')
    server.stop()
    assert not path.exists()
