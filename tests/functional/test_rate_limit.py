"""RateLimitMiddleware in the server."""

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
