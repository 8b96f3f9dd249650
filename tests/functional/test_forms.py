"""Forms and files through real sockets: the server answers as the package does in Python."""

from pathlib import Path

import pytest

from support.form_app import app

APP = Path(__file__).resolve().parents[1] / "support" / "form_app.py"
URLENCODED = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data; boundary=XX"


def part(name: str, content: bytes, filename: str = "") -> bytes:
    file = f'; filename="{filename}"\r\nContent-Type: text/plain' if filename else ""
    head = f'--XX\r\nContent-Disposition: form-data; name="{name}"{file}\r\n\r\n'
    return head.encode() + content + b"\r\n"


LARGE = part("file", b"0123456789abcdef" * 40_000, "large.bin")  # beyond what stays in memory
CASES = [
    *(
        ("/fields", URLENCODED, body)
        for body in (b"name=ab&n=7", b"name=a", b"", b"n=x&name=%C3%BC")
    ),
    *(("/lists", URLENCODED, body) for body in (b"ids=1&ids=2", b"ids=x")),
    *(("/model", URLENCODED, body) for body in (b"name=a&tags=x&tags=y", b"age=1")),
    *(
        (target, URLENCODED, body)
        for target in ("/models", "/optional-model")
        for body in (b"", b"name=a&token=t", b"name=a&token=t&city=c&tags=x", b"city=&token=t")
    ),
    *(("/token", URLENCODED, body) for body in (b"username=u&password=p", b"username=u")),
    ("/fields", MULTIPART, part("name", b"ab") + b"--XX--"),
    ("/fields", MULTIPART, part("name", b"ab")),
    ("/upload", MULTIPART, part("file", b"a\r\n\xff", "f") + part("note", b"n") + b"--XX--\r\n"),
    ("/upload", MULTIPART, LARGE + b"--XX--"),
    ("/upload-sync", MULTIPART, LARGE + b"--XX--"),
    ("/upload", MULTIPART, part("file", b"text") + b"--XX--"),
    ("/several", MULTIPART, part("files", b"1", "a") + part("files", b"2", "b") + b"--XX--"),
    ("/several-bytes", MULTIPART, part("files", b"1", "a") * 3 + b"--XX--"),
    ("/request", MULTIPART, part("a", b"1") + part("f", b"2", "name") + b"--XX--"),
    ("/request", MULTIPART, part("a", b"1") * 4 + b"--XX--"),
    ("/optional", "application/json", b"{}"),
    *((target, MULTIPART, b"") for target in ("/fields", "/upload", "/optional", "/request")),
]


@pytest.fixture(scope="module")
def server(serve_once):
    return serve_once(APP, flags=["--log-level=off"])


@pytest.mark.parametrize("target, content_type, body", CASES)
def test_the_same_answer(server, target, content_type, body):
    expected = app._call("POST", target, headers=[("content-type", content_type)], body=body)
    reply = server.request("POST", target, f"content-type: {content_type}", body=body)
    assert (reply.status, reply.body) == (expected.status, expected.body)
