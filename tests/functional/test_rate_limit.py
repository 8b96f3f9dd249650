"""RateLimitMiddleware in the server."""

import pytest

APP = """
from fasterapi import App
from fasterapi.middleware import RateLimitMiddleware

app = App()
app.add_middleware(RateLimitMiddleware, limit=3, per=3600)
app.get("/")(lambda: 1)
"""


def test_a_client_that_asks_too_often_is_told_to_wait(serve):
    server = serve(APP)
    replies = [server.get("/") for _ in range(4)]
    assert [reply.status for reply in replies] == [200, 200, 200, 429]
    assert replies[3].json() == {"detail": "Too Many Requests"}
    assert 0 < int(replies[3].headers["retry-after"]) <= 1200
    assert server.get("/health").status == 200  # C++ routes do not come this way


HELD = """
import _fasterapi
from fasterapi import App
from fasterapi.middleware import RateLimitMiddleware

app = App()
app.add_middleware(RateLimitMiddleware, limit=3, per=3600)

@app.get("/")
def held():
    open(GATE + str(_fasterapi.worker_id())).read()
    return _fasterapi.worker_id()

@app.get("/free")
def free():
    return "free"
"""


@pytest.mark.parametrize("policy", ["auto", "ring"])
def test_all_workers_count_together(serve, background, policy):
    server = serve(HELD, config={"workers": 2, "io_threads": 2, "dispatch": policy})
    with server.worker_gates(2) as gates:
        held = [background(server.get, "/") for _ in range(2)]
        gates.wait_for_handlers()  # each worker has taken one of three
        gates.open()
        assert {reply.result(10).json() for reply in held} == {0, 1}
    assert [server.get("/free").status for _ in range(2)] == [200, 429]
