"""Files through the server: lengths, parts, conditions."""

import pytest

APP = """
from fasterapi import App, FileResponse

app = App()

@app.get("/file")
def file(name: str = "data.bin"):
    return FileResponse(name)

def made(name):
    return FileResponse(name)

@app.get("/unknown")
def unknown():
    return made("data.bin")
"""
CONTENT = bytes(range(251)) * 20_000


@pytest.fixture(scope="module")
def server(serve_once):
    server = serve_once(APP)
    (server.folder / "data.bin").write_bytes(CONTENT)
    return server


@pytest.mark.parametrize("target", ["/file", "/unknown"])
def test_a_file_is_sent_with_its_length(server, target):
    with server.connect() as wire:
        for _ in range(2):
            reply = wire.get(target)
            assert (reply.status, reply.chunks, reply.body) == (200, None, CONTENT)
        head = wire.get(target, method="HEAD")
        assert int(head.headers["content-length"]) == len(CONTENT)
        tag = f"If-None-Match: {head.headers['etag']}"
        assert wire.get(target, tag).status == (304 if target == "/file" else 200)


def test_conditions_over_several_lines(server):
    with server.connect() as wire:
        tag = wire.get("/file").headers["etag"]
        for field, status in ("If-None-Match", 304), ("If-Match", 200):
            assert wire.get("/file", f'{field}: "x"', f"{field}: {tag}").status == status
        assert wire.get("/file", 'If-Match: "x"', "Range: bytes=0-1").status == 412
        assert wire.get("/file", "Range: bytes=0-1", method="HEAD").status == 200


def test_parts_of_a_file(server):
    with server.connect() as wire:
        reply = wire.get("/file", "Range: bytes=5-1000004")
        assert (reply.status, reply.body) == (206, CONTENT[5:1_000_005])
        several = wire.get("/file", "Range: bytes=0-1,10-11")
        assert several.headers["content-type"].startswith("multipart/byteranges; boundary=")
        assert int(several.headers["content-length"]) == len(several.body)
        assert wire.get("/file", f"Range: bytes={len(CONTENT)}-").status == 416


def test_a_file_that_is_not_there_is_a_500(server):
    assert server.get("/file?name=gone").status == 500
    server.wait_log("File at path gone does not exist")
