"""Files as responses: their fields, conditions and ranges."""

import asyncio
import gc
import hashlib
import os
from email.utils import formatdate
from pathlib import Path

import pytest

from fasterapi import App, FileResponse, Response, responses
from fasterapi._file_part import FilePart
from fasterapi.background import BackgroundTask
from fasterapi.middleware.gzip import GZipMiddleware
from fasterapi.testclient import TestClient

CONTENT = bytes(range(256)) * 1000
TIME = 1_700_000_000


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "data.bin"
    path.write_bytes(CONTENT)
    os.utime(path, (TIME, TIME))
    return path


def client_of(path, **options):
    app = App()

    @app.get("/file")
    def get():
        return FileResponse(path, **options)

    return TestClient(app)


def test_fields_are_starlettes(file):
    response = client_of(file, filename="a b.bin").get("/file")
    assert response.content == CONTENT
    tag = hashlib.new("md5", f"{float(TIME)}-{len(CONTENT)}".encode()).hexdigest()
    assert dict(response.headers) == {
        "content-type": "application/octet-stream",
        "accept-ranges": "bytes",
        "content-disposition": "attachment; filename*=utf-8''a%20b.bin",
        "content-length": str(len(CONTENT)),
        "last-modified": formatdate(TIME, usegmt=True),
        "etag": f'"{tag}"',
    }


def test_type_and_disposition(file):
    named = FileResponse(file, filename="a.html", content_disposition_type="inline")
    assert named.headers["content-type"] == "text/html; charset=utf-8"
    assert named.headers["content-disposition"] == 'inline; filename="a.html"'
    assert "content-disposition" not in FileResponse(file).headers
    assert FileResponse(file, media_type="x/y").headers["content-type"] == "x/y"
    evil = FileResponse(file, filename='a"\r\nx: y').headers["content-disposition"]
    assert evil == "attachment; filename*=utf-8''a%22%0D%0Ax%3A%20y"
    assert FileResponse(file, stat_result=os.stat(file)).headers["content-length"] == "256000"


def test_head_has_the_fields_alone(file):
    response = client_of(file).head("/file")
    assert (response.content, response.headers["content-length"]) == (b"", "256000")
    part = client_of(file).head("/file", headers={"range": "bytes=1-3"})
    assert (part.status_code, part.headers["content-length"]) == (200, "256000")


def test_conditions(file):
    client = client_of(file, headers={"cache-control": "max-age=1", "x-own": "1"})
    full = client.get("/file").headers
    tag, date = full["etag"], full["last-modified"]
    for field, value, status in [
        ("if-none-match", tag, 304),
        ("if-none-match", f'"x", W/{tag}', 304),
        ("if-none-match", "*", 304),
        ("if-none-match", '"x"', 200),
        ("if-modified-since", date, 304),
        ("if-modified-since", formatdate(TIME + 9, usegmt=True), 304),
        ("if-modified-since", formatdate(TIME - 9, usegmt=True), 200),
        ("if-modified-since", "no date", 200),
        ("if-modified-since", "Tue, 14 Nov 2023 22:13:20", 200),
        ("if-modified-since", "Tuesday, 14-Nov-23 22:13:20 GMT", 304),
        ("if-modified-since", "Tue Nov 14 22:13:20 2023", 304),
        ("if-modified-since", "Tue Nov  7 22:13:20 2023", 200),
        ("if-none-match", f'"x,{tag[1:]}', 200),
        ("if-match", f'"x", {tag}', 200),
        ("if-match", "*", 200),
        ("if-match", f'"x", W/{tag}', 412),
        ("if-unmodified-since", date, 200),
        ("if-unmodified-since", formatdate(TIME - 9, usegmt=True), 412),
        ("if-unmodified-since", "no date", 200),
    ]:
        response = client.get("/file", headers={field: value})
        assert response.status_code == status, (field, value)
        if status == 304:
            assert dict(response.headers) == {"cache-control": "max-age=1", "etag": tag}
    for fields, status in [
        ({"if-none-match": '"x"', "if-modified-since": date}, 200),
        ({"if-match": tag, "if-unmodified-since": formatdate(0, usegmt=True)}, 200),
        ({"if-match": tag, "if-none-match": tag}, 304),
        ({"if-match": '"x"', "if-none-match": tag}, 412),
        ({"if-match": '"x"', "range": "bytes=0-1"}, 412),
    ]:
        response = client.get("/file", headers=fields)
        assert response.status_code == status, fields
        assert response.content == (CONTENT if status == 200 else b"")


@pytest.mark.parametrize(
    ("own", "field", "asked", "status"),
    [
        ('W/"a"', "if-none-match", 'W/"a"', 304),
        ('W/"a"', "if-none-match", '"a"', 304),
        ('W/"a"', "if-match", 'W/"a"', 412),
        ('W/"a"', "if-match", "*", 206),
        ('W/"a"', "if-range", 'W/"a"', 200),
        ('"a,b"', "if-none-match", '"x", "a,b"', 304),
        ('"a,b"', "if-match", '"x", "a,b"', 206),
        ('"a,b"', "if-none-match", '"a", "b"', 206),
        ("bare", "if-none-match", "bare", 304),
    ],
)
def test_conditions_on_an_apps_own_tag(file, own, field, asked, status):
    client = client_of(file, headers={"etag": own})
    fields = {field: asked, "range": "bytes=0-1"}
    assert client.get("/file", headers=fields).status_code == status


@pytest.mark.parametrize(
    ("asked", "start", "end"),
    [
        ("bytes=0-0", 0, 1),
        ("bytes=10-19", 10, 20),
        ("BYTES = 255990-", 255990, 256000),
        ("bytes=-5", 255995, 256000),
        ("bytes=-999999", 0, 256000),
        ("bytes=255999-999999", 255999, 256000),
        (f"bytes=255999-{'9' * 99}", 255999, 256000),
        (f"bytes=-{'9' * 99}", 0, 256000),
        ("bytes=0-4,3-9, 10-12", 0, 13),
        ("bytes=7-8,300000-", 7, 9),
    ],
)
def test_one_range(file, asked, start, end):
    response = client_of(file).get("/file", headers={"range": asked})
    assert response.status_code == 206
    assert response.content == CONTENT[start:end]
    assert response.headers["content-range"] == f"bytes {start}-{end - 1}/256000"
    assert response.headers["content-length"] == str(end - start)


def test_several_ranges(file):
    response = client_of(file).get("/file", headers={"range": "bytes=100-109,0-1,-3"})
    kind, _, boundary = response.headers["content-type"].partition("; boundary=")
    assert (response.status_code, kind) == (206, "multipart/byteranges")
    assert "content-range" not in response.headers
    expected = b"".join(
        f"--{boundary}\r\nContent-Type: application/octet-stream\r\n"
        f"Content-Range: bytes {start}-{end - 1}/256000\r\n\r\n".encode()
        + CONTENT[start:end]
        + b"\r\n"
        for start, end in [(0, 2), (100, 110), (255997, 256000)]
    )
    assert response.content == expected + f"--{boundary}--".encode()
    assert response.headers["content-length"] == str(len(response.content))


def test_ranges_that_are_none(file):
    client = client_of(file)
    huge = "9" * 99
    for asked in ("bytes=256000-", "bytes=-0", "bytes=999999-1000000", f"bytes={huge}-{huge}"):
        response = client.get("/file", headers={"range": asked})
        assert (response.status_code, response.content) == (416, b""), asked
        assert response.headers["content-range"] == "bytes */256000"
    for asked in ("bytes", "bytes=", "bytes=a-b", "bytes=5-2", "bytes=1-2,x"):
        assert client.get("/file", headers={"range": asked}).status_code == 400, asked
    for asked in ("lines=1-2", "bytes=" + ",".join(f"{n}-{n}" for n in range(0, 404, 4))):
        response = client.get("/file", headers={"range": asked})
        assert (response.status_code, len(response.content)) == (200, 256000)


def test_if_range(file):
    client = client_of(file)
    full = client.get("/file").headers
    for condition, status in [
        (full["etag"], 206),
        (full["last-modified"], 206),
        (f"W/{full['etag']}", 200),
        ('"x"', 200),
    ]:
        fields = {"range": "bytes=0-1", "if-range": condition}
        assert client.get("/file", headers=fields).status_code == status


def test_other_answers_have_no_parts(file):
    client = client_of(file, status_code=404)
    assert client.get("/file", headers={"range": "bytes=0-1"}).status_code == 404


def test_what_is_no_file(tmp_path, file):
    for path, text in [(tmp_path / "gone", "does not exist"), (tmp_path, "is not a file")]:
        with pytest.raises(RuntimeError, match=text):
            client_of(path).get("/file")
    shortened = FileResponse(file, stat_result=os.stat(file))
    file.write_bytes(b"short")

    async def read():
        return [part async for part in shortened.body_iterator]

    with pytest.raises(RuntimeError, match="shorter"):
        asyncio.run(read())


def test_an_empty_file(tmp_path):
    path = tmp_path / "empty.txt"
    path.touch()
    response = client_of(path).get("/file")
    assert (response.status_code, response.content) == (200, b"")
    assert client_of(path).get("/file", headers={"range": "bytes=0-"}).status_code == 416


class Own(FileResponse):
    """A class below it."""


def test_which_handlers_are_known_to_give_files(file):
    app = App()

    def made() -> Response:
        return FileResponse(file)

    @app.get("/module")
    def module():
        return responses.FileResponse(file)

    @app.get("/own")
    def own():
        return Own(file)

    @app.get("/annotated")
    def annotated() -> FileResponse:
        return made()

    @app.get("/class", response_class=FileResponse)
    def by_class() -> Path:
        return file

    @app.get("/async")
    async def later():
        return (lambda: FileResponse(file))()

    @app.get("/unknown")
    def unknown():
        return made()

    Alias = FileResponse

    @app.get("/closure")
    def by_closure():
        return Alias(file)

    asked = {"range": "bytes=0-4"}
    statuses = {
        route.path: TestClient(app).get(route.path, headers=asked).status_code
        for route in app.routes
    }
    assert statuses.pop("/unknown") == 200
    assert TestClient(app).get("/unknown").content == CONTENT
    assert set(statuses.values()) == {206}


def test_a_packed_file_has_no_length_of_its_own(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("text " * 1000)
    client = client_of(path)
    client.app.add_middleware(GZipMiddleware)
    response = client.get("/file")
    assert response.headers["content-encoding"] == "gzip"
    assert "content-length" not in response.headers
    assert response.text == path.read_text()


def test_background_work_follows_a_file(file):
    done = []
    client = client_of(file, background=BackgroundTask(done.append, 1))
    client.get("/file")
    assert done == [1]
    client.get("/file", headers={"range": "bytes=0-1"})
    assert done == [1, 1]


def test_a_part_is_read_here_or_sent_by_another(file):
    part = FilePart(file, 1000, 5, 2500)
    assert [len(chunk) for chunk in part] == [1000, 1000, 495]
    assert part.__fasterapi_file__() is None
    assert FilePart(file, 1000).__fasterapi_file__() is None, "its end is not known"
    taken = FilePart(file, 1000, 5, 2500)
    path, begin, end, sent = taken.__fasterapi_file__()
    assert (path, begin, end) == (file, 5, 2500)
    assert list(taken) == [] and taken.__fasterapi_file__() is None


@pytest.mark.parametrize("way", ["read", "taken", "closed", "dropped", "failed"])
def test_the_end_of_a_part_is_told_once(file, way):
    ends = []
    part = FilePart(file if way != "failed" else file / "gone", 1000, 0, 5)
    part.at_end(lambda: ends.append(way))
    if way == "read":
        assert next(part) == CONTENT[:5] and ends == []
        assert next(part, None) is None
    elif way == "taken":
        sent = part.__fasterapi_file__()
        assert ends == []
        del sent
        gc.collect()
    elif way == "failed":
        with pytest.raises(NotADirectoryError):
            next(part)
    elif way == "closed":
        part.close()
    assert ends == ([] if way == "dropped" else [way])
    del part
    gc.collect()
    assert ends == [way]
