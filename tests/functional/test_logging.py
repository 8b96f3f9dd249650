"""What reaches the log, and how."""

import json
import os
import re

import pytest

from support.server import BINARY

APP = """
import logging, sys, warnings
from fasterapi import App

app = App()
print("printed at import")

@app.get("/print")
def say():
    print("printed by", "handler")
    print("to stderr", file=sys.stderr)
    sys.stdout.write("no new line")
    return 1

@app.get("/logging")
def log():
    logging.getLogger("shop.orders").warning("stock is %s", "low")
    logging.info("an info line")
    logging.debug("a debug line")
    try:
        1 / 0
    except ZeroDivisionError:
        logging.exception("it failed")
    return 1

@app.get("/warn")
def warn():
    warnings.warn("old way")
    return 1
"""


@pytest.fixture
def server(serve):
    return serve(APP, config={"workers": 1})


def test_print_reaches_the_log_with_the_worker(server):
    server.get("/print")
    assert "worker 0" in server.wait_log(".*printed at import.*")[0]
    assert "worker 0" in server.wait_log(".*printed by handler.*")[0]
    assert "worker 0" in server.wait_log(".*to stderr.*")[0]
    server.stop()
    assert "no new line" in server.log


def test_logging_reaches_the_log_with_its_name_and_level(server):
    server.get("/logging")
    line = server.wait_log(".*stock is low.*")[0]
    assert "shop.orders" in line
    assert "WARN" in line
    server.wait_log("an info line")
    server.wait_log("ZeroDivisionError")
    assert "a debug line" not in server.log


def test_the_level_is_that_of_the_server(serve):
    server = serve(APP, flags=["--log-level=debug"])
    server.get("/logging")
    server.wait_log("a debug line")
    quiet = serve(APP, flags=["--log-level=error"])
    quiet.get("/logging")
    quiet.wait_log("it failed")
    quiet.stop()
    assert "stock is low" not in quiet.log
    assert "listening" not in quiet.log


def test_warnings_are_records(server):
    server.get("/warn")
    server.wait_log("old way")


def test_lines_of_json(serve):
    server = serve(APP, flags=["--log-format=json", "--log-access=json"])
    server.get("/print?a=b")
    server.get("/logging")
    server.wait_log("stock is low")
    server.stop()
    records = [json.loads(line) for line in server.log.splitlines()]
    assert len(records) > 5
    assert all(isinstance(record, dict) for record in records)
    assert any("printed by handler" in json.dumps(record) for record in records)
    (access,) = [r for r in records if "/print?a=b" in json.dumps(r)]
    assert 200 in access.values()


def test_the_access_log_as_text(serve):
    server = serve(APP, flags=["--log-access=text"])
    server.get("/print?a=b")
    server.get("/nope")
    server.get("/health")
    line = server.wait_log(r".*GET /print\?a=b.*")[0]
    assert re.search(r"127\.0\.0\.1:\d+", line)
    assert re.search(r"\b200\b", line)
    assert re.search(r"[0-9a-f]{4,}-[0-9a-f]{6,}", line), "no request id"
    assert re.search(r"\d+(\.\d+)? ?(us|µs|ms|s)\b", line), "no duration"
    assert "404" in server.wait_log(".*GET /nope.*")[0]
    server.wait_log("GET /health")


def test_no_access_log_unless_asked_for(server):
    server.get("/print?secret=1")
    server.stop()
    assert "secret" not in server.log


def test_request_ids_differ(serve):
    server = serve(APP, flags=["--log-access=text"])
    with server.connect() as wire:
        for n in range(20):
            wire.get(f"/warn?n={n}")
    server.wait_log(r"/warn\?n=19")
    ids = {
        re.search(r"[0-9a-f]{4,}-[0-9a-f]{6,}", line)[0]
        for line in server.log.splitlines()
        if "/warn?n=" in line
    }
    assert len(ids) == 20


def test_a_log_file(serve, tmp_path):
    file = tmp_path / "server.log"
    server = serve(APP, flags=[f"--log-file={file}"])
    server.get("/print")
    server.stop()
    assert "printed by handler" in file.read_text()


def test_closed_standard_streams_are_no_connections(serve, tmp_path):
    (tmp_path / "app.py").write_text(APP)
    launch = ["sh", "-c", 'exec "$@" <&- >&- 2>&-', "-", BINARY, f"{tmp_path}/app.py:app"]
    server = serve(command=launch)
    with server.connect() as wire:
        assert [wire.get(target).status for target in ("/print", "/warn")] == [200, 200]
        streams = [os.readlink(f"/proc/{server.process.pid}/fd/{fd}") for fd in range(3)]
    assert streams == ["/dev/null"] * 3


def test_control_characters_do_not_forge_lines(serve):
    server = serve(
        """
        from fasterapi import App
        app = App()

        @app.get("/")
        def root(text: str):
            print(text)
        """
    )
    server.get("/?text=a%1b%5b31mred%0d%0aERROR%20server:%20forged%0aend")
    server.wait_log("end")
    text = server.log_file.read_bytes().decode()
    assert not set(text) & {"\x1b", "\r"}
    (line,) = [line for line in text.split("\n") if "forged" in line]
    assert not line.startswith("ERROR"), "a line of the log's own"
    assert "red" in text
