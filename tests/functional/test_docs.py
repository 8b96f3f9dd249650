"""The pages of the OpenAPI document through the server."""

APP = """
from fasterapi import App

app = App(title="Shop")

@app.get("/items/{item}")
def item(item: int):
    return item
"""


def test_the_pages_and_the_document(serve):
    server = serve(APP)
    for path in ("/docs", "/redoc"):
        reply = server.get(path)
        assert (reply.status, reply.headers["content-type"]) == (200, "text/html; charset=utf-8")
        assert b'"openapi": "/openapi.json"' in reply.body
        assert reply.body.startswith(b"<!doctype html>")
    document = server.get("/openapi.json").json()
    assert (document["info"]["title"], list(document["paths"])) == ("Shop", ["/items/{item}"])
