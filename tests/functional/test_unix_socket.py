"""Unix sockets instead of TCP."""


APP = """
from fasterapi import App

app = App()

@app.get("/client")
def client(req):
    return {"client": req.client, "host": req.headers["host"]}
"""


def test_requests_over_a_unix_socket(serve):
    server = serve(APP, is_unix=True, flags=["--log-access=text"])
    with server.connect() as wire:
        for _ in range(3):
            assert wire.get("/client").json() == {"client": None, "host": "test"}
        assert wire.get("/health").status == 200
    server.wait_log("listening on unix:")
    server.wait_log("unix.*GET /client")
    server.stop()
    assert not server.unix_socket.exists()


def test_the_file_goes_even_when_a_handler_does_not_end(serve):
    app = """
from fasterapi import App
app = App()
app.get("/")(lambda: open(GATE).read())
"""
    server = serve(app, is_unix=True, config={"timeouts": {"drain": "500ms"}})
    server.hold("/")
    server.signal()
    assert server.wait(10) == 5
    assert not server.unix_socket.exists()


def test_a_stale_socket_is_replaced_and_a_live_one_is_not(serve):
    first = serve(APP, is_unix=True)
    second = serve(
        APP,
        config={"listen": {"unix_socket": str(first.unix_socket)}},
        is_ready=False,
        is_unix=True,
    )
    assert second.wait() == 4
    assert first.get("/client").status == 200
    first.process.kill()
    first.process.wait()
    assert first.unix_socket.exists()
    third = serve(APP, config={"listen": {"unix_socket": str(first.unix_socket)}}, is_unix=True)
    third.unix_socket = first.unix_socket
    assert third.get("/client").status == 200
