"""Listening sockets from outside: systemd's LISTEN_FDS."""

import os
import socket
import sys

import pytest

from support.server import BINARY, Server, wait_until

APP = """
from fasterapi import App

app = App()
app.get("/")(lambda: "served")
"""

# What systemd does: descriptors from 3 on, and the id of the process that they are for.
LAUNCH = """
import fcntl, os, sys
fds = [int(each) for each in sys.argv[1].split(",")]
moved = [fcntl.fcntl(fd, fcntl.F_DUPFD, 50) for fd in fds]
for at, fd in enumerate(moved):
    os.dup2(fd, 3 + at)
os.environ.update(LISTEN_FDS=str(len(fds)), LISTEN_PID=str(os.getpid()))
os.execv(sys.argv[2], sys.argv[2:])
"""


@pytest.fixture
def activate(tmp_path):
    """``activate([socket, ...], flags...)``: a server that gets them."""
    started = []

    def start(listening, *flags, is_ready=True):
        folder = tmp_path / f"server{len(started)}"
        folder.mkdir()
        (folder / "app.py").write_text(APP)
        for each in listening:
            each.set_inheritable(True)
        fds = ",".join(str(each.fileno()) for each in listening)
        launch = [sys.executable, "-c", LAUNCH, fds, BINARY, "app.py:app", "--workers=2", *flags]
        started.append(Server(folder, command=launch, pass_fds=[s.fileno() for s in listening]))
        if is_ready:
            started[-1].wait_ready()
        return started[-1]

    yield start
    for server in started:
        server.finish()


def test_a_socket_that_is_given_is_served(activate):
    with socket.create_server(("127.0.0.1", 0)) as given:
        early = socket.create_connection(given.getsockname(), 10)  # waits in its backlog
        server = activate([given], "--port=1", "--io-threads=2")
        assert server.port == given.getsockname()[1]
        assert server.get("/").json() == "served"
        early.sendall(b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        assert b"served" in early.makefile("rb").read()
        early.close()
        server.stop()
        late = socket.create_connection(given.getsockname(), 10)  # for the next server
        again = activate([given])
        assert again.get("/").json() == "served"
        late.close()


def test_several_sockets_are_served_by_every_reactor(activate, tmp_path):
    path = str(tmp_path / "given.socket")
    with socket.create_server(("127.0.0.1", 0)) as tcp, socket.socket(socket.AF_UNIX) as unix:
        unix.bind(path)
        unix.listen()
        server = activate([tcp, unix], "--io-threads=2")
        server.wait_log(f"listening on unix:{path}")
        for _ in range(8):
            assert server.get("/").json() == "served"
        server.unix_socket = path
        for _ in range(8):
            assert server.get("/").json() == "served"
        server.stop()
        assert os.path.exists(path)  # it is not the server's


def test_what_is_no_listening_socket_is_4(activate):
    with socket.socket() as idle:
        server = activate([idle], is_ready=False)
        assert server.wait() == 4
    assert "descriptor 3: it is no listening socket" in server.log


def test_dev_serves_it_too(activate):
    with socket.create_server(("127.0.0.1", 0)) as given:
        server = activate([given], "dev")
        (server.folder / "app.py").write_text(APP.replace("served", "anew"))
        wait_until(lambda: server.get("/").json() == "anew", "the change", 30)
