"""The limit of open files: raised at start, and what happens at it."""

import contextlib
import os
import re
import resource
from pathlib import Path

import pytest

from support.server import BINARY, IS_SANITIZED
from support.wire import request


@contextlib.contextmanager
def soft_limit(files):
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (files, before[1]))
    try:
        yield before[1]
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)


def test_the_limit_is_raised_at_start(serve):
    with soft_limit(200) as hard:
        server = serve()
    limits = Path(f"/proc/{server.process.pid}/limits").read_text()
    assert re.search(r"Max open files +(\d+) +(\d+)", limits).groups() == (str(hard), str(hard))


def test_a_hard_limit_below_that_of_connections_is_warned_of(serve):
    server = serve(command=["prlimit", "--nofile=500:500", BINARY])
    server.wait_log(r"WARN\w* +server: the system allows 500 open files.*limits.max_connections")


@pytest.mark.skipif(
    IS_SANITIZED, reason="UBSan looks at a type through a pipe, and reports one that it cannot open"
)
def test_without_descriptors_a_pause_is_logged_once_and_its_end_when_one_is_accepted(serve):
    server = serve()
    used = len(os.listdir(f"/proc/{server.process.pid}/fd"))
    limit = (used + 2, resource.getrlimit(resource.RLIMIT_NOFILE)[1])
    resource.prlimit(server.process.pid, resource.RLIMIT_NOFILE, limit)
    first, second, third = (server.connect() for _ in range(3))
    assert first.get("/health").status == second.get("/health").status == 200
    third.send(request("GET", "/health"))
    third.socket.settimeout(0.5)  # some tries to accept it
    with pytest.raises(TimeoutError):
        third.read()
    assert server.log.count("accepting pauses") == 1
    assert "accepting goes on" not in server.log
    first.close()
    third.socket.settimeout(10)
    assert third.read().status == 200
    server.wait_log("accepting goes on")
    assert server.log.count("accepting pauses") == 1
