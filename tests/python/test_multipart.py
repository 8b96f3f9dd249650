"""Multipart bodies: their parts, limits, what is malformed."""

import pytest

from fasterapi import UploadFile
from fasterapi._forms import Limits, parse_form
from fasterapi.exceptions import HTTPException
from support.forms import MULTIPART, part

GOOD = part("a", b"1") + b"--XX--\r\n"


@pytest.mark.parametrize(
    "limits, parts, text",
    [
        (Limits(max_files=1), [part("a", b"", "f")] * 2, "Too many files"),
        (Limits(max_fields=1), [part("a", b"")] * 2, "Too many fields"),
        (Limits(max_part_size=1024), [part("a", b"x" * 1025)], "maximum size of 1KB"),
    ],
)
def test_limits(limits, parts, text):
    with pytest.raises(HTTPException, match=text) as caught:
        parse_form(b"".join(parts) + b"--XX--", MULTIPART, limits)
    assert caught.value.status_code == 400


@pytest.mark.parametrize("body", [GOOD, b"preamble\r\n" + GOOD, GOOD + b"epilogue", GOOD[:-2]])
def test_what_lies_around_the_parts(body):
    assert parse_form(body, MULTIPART).multi_items() == [("a", "1")]


@pytest.mark.parametrize("size", range(1, 40))
def test_the_parser_is_given_pieces(monkeypatch, size):
    monkeypatch.setattr("fasterapi._multipart._PIECE", size)
    file = b"one\r\n--X\r\n\r\n--XY" * 9
    body = part("a", b"1\r") + part("b", file, "b.bin", "image/png") + b"--XX--\r\n"
    form = parse_form(body, MULTIPART)
    assert form["a"] == "1\r"
    assert form["b"].file.read() == file
    assert (form["b"].filename, form["b"].content_type) == ("b.bin", "image/png")
    form.close_files()


def test_a_large_file_is_not_copied_in_memory():
    tracemalloc = pytest.importorskip("tracemalloc", reason="it is CPython's")
    size = 8 * 1024 * 1024
    body = part("file", bytes(size), "large") + b"--XX--\r\n"
    parse_form(GOOD, MULTIPART)  # what is imported
    tracemalloc.start()
    try:
        form = parse_form(body, MULTIPART)
        assert tracemalloc.get_traced_memory()[1] < size / 2
    finally:
        tracemalloc.stop()
    assert form["file"].size == size
    form.close_files()


@pytest.mark.parametrize("end", range(1, len(GOOD) - 4))
def test_a_body_that_ends_early(end):
    with pytest.raises(HTTPException) as caught:
        parse_form(GOOD[:end], MULTIPART)
    assert caught.value.status_code == 400


@pytest.mark.parametrize(
    "body, content_type",
    [
        (GOOD, "multipart/form-data"),
        (GOOD, "multipart/form-data; boundary=YY"),
        (GOOD.replace(b'; name="a"', b""), MULTIPART),
        (GOOD.replace(b"Content-Disposition:", b"Content-Disposition"), MULTIPART),
        (GOOD.replace(b"--XX\r\n", b"--XXX\r\n"), MULTIPART),
        (GOOD.replace(b"Content-", b"X: " + b"x" * 17000 + b"\r\nContent-"), MULTIPART),
    ],
)
def test_malformed_bodies(body, content_type):
    with pytest.raises(HTTPException) as caught:
        parse_form(body, content_type)
    assert caught.value.status_code == 400


@pytest.mark.parametrize(
    "disposition, name, filename",
    [
        ('form-data; name="a\\"b"; filename="c\\\\d;e"', 'a"b', "c\\d;e"),
        ("form-data; NAME=a ; filename=b", "a", "b"),
        ("form-data;name=a;filename=b", "a", "b"),
    ],
)
def test_names(disposition, name, filename):
    body = f"--XX\r\ncontent-disposition: {disposition}\r\n\r\nx\r\n--XX--".encode()
    ((key, file),) = parse_form(body, MULTIPART).multi_items()
    assert isinstance(file, UploadFile)
    assert (key, file.filename) == (name, filename)
    file.file.close()


def test_another_charset_and_bytes_that_are_none():
    latin = part("a", b"\xfc")
    assert parse_form(latin + b"--XX--", MULTIPART)["a"] == "ü"
    charset = MULTIPART + "; charset=utf-16"
    assert parse_form(b"--XX--", charset).multi_items() == []
