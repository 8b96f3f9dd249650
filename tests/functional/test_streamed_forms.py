"""Forms that are parsed as they come."""

import hashlib

import pytest

from support.server import IS_SANITIZED
from support.streamed import HUGE, LAST, MIB, chunk, chunked, head, resident

APP = """
import hashlib

from fasterapi import App, Form, Request, UploadFile

app = App()

@app.post("/upload")
async def upload(file: UploadFile, note: str = Form("")):
    digest = hashlib.sha256()
    while part := await file.read(65536):
        digest.update(part)
    return {"size": file.size, "note": note, "digest": digest.hexdigest(), "name": file.filename}

@app.post("/plain-upload")
def plain_upload(file: UploadFile):
    return {"size": file.size, "digest": hashlib.sha256(file.file.read()).hexdigest()}

@app.post("/form")
async def form(request: Request):
    async with request.form() as fields:
        note, file = fields["note"], fields["file"]
        return {"note": note, "file": file.size}
"""


@pytest.fixture(scope="module", params=["auto", "ring", "inline"])
def server(serve_once, request):
    return serve_once(APP, config={"dispatch": request.param, **HUGE})


def multipart(content, note=b"n"):
    return (
        b"--B\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\n" + note
        + b"\r\n--B\r\nContent-Disposition: form-data; name=\"file\"; filename=\"f\"\r\n\r\n"
        + content + b"\r\n--B--\r\n"
    )


MULTIPART = "Content-Type: multipart/form-data; boundary=B"


@pytest.mark.parametrize("size", [0, 100_000, 3 * MIB])
def test_a_form_is_parsed_as_it_comes(server, size):
    content = (bytes(range(256)) * (size // 256 + 1))[:size]
    body = multipart(content)
    digest = hashlib.sha256(content).hexdigest()
    for target in ("/upload", "/plain-upload"):
        with server.connect() as wire:
            wire.send(head(target, MULTIPART) + chunk(body[:50]))
            wire.send(chunked(body[50:], 50_000))
            made = wire.read().json()
            assert (made["size"], made["digest"]) == (size, digest)
            wire.send(head(target, MULTIPART, length=len(body)) + body)
            assert wire.read().json() == made
    with server.connect() as wire:
        wire.send(head("/form", MULTIPART) + chunk(body))
        wire.send(LAST)
        assert wire.read().json() == {"note": "n", "file": size}


def test_a_preamble_may_come_in_pieces(server):
    body = b"preamble\r\n" + multipart(b"abc")
    with server.connect() as wire:
        wire.send(head("/form", MULTIPART) + chunk(body[:1]))
        wire.send(chunked(body[1:], 1))
        assert wire.read().json() == {"note": "n", "file": 3}


def test_a_broken_form_is_a_400_before_its_end(server):
    with server.connect() as wire:
        wire.send(head("/upload", MULTIPART) + chunk(b"--B\r\nbroken\r\n\r\n"))
        assert wire.read().status == 400


def test_a_form_without_end_is_a_400(server):
    with server.connect() as wire:
        wire.send(head("/upload", MULTIPART) + chunk(multipart(b"abc")[:-5]))
        wire.send(LAST)
        assert wire.read().status == 400


def test_a_large_upload_is_on_disk(serve):
    server = serve(APP, config=HUGE)
    before = resident(server)
    block = b"a" * MIB
    count = 300
    whole = multipart(b"")
    begin, end = whole[:-9], whole[-9:]
    with server.connect() as wire:
        wire.send(head("/upload", MULTIPART, length=count * MIB + len(whole)) + begin)
        digest = hashlib.sha256()
        for _ in range(count):
            wire.send(block)
            digest.update(block)
        peak = resident(server)
        wire.send(end)
        made = wire.read().json()
        assert (made["size"], made["digest"]) == (count * MIB, digest.hexdigest())
    if not IS_SANITIZED:
        assert peak - before < 40 * MIB
