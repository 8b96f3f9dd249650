"""The pages of an app's OpenAPI document."""

import json
import re

import pytest

from fasterapi import App
from fasterapi.testclient import TestClient


def config_of(text):
    found = re.search(r'<script type="application/json" id="config">(.*?)</script>', text)
    return json.loads(found[1])


@pytest.mark.parametrize(("url", "tries"), [("/docs", True), ("/redoc", False)])
def test_a_page_knows_where_the_document_is(url, tries):
    response = TestClient(App(title="Shop </script>")).get(url)
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    config = {"openapi": "/openapi.json", "root": "", "title": "Shop </script>", "tries": tries}
    assert config_of(response.text) == config


def test_a_page_needs_nothing_from_elsewhere():
    text = TestClient(App()).get("/docs").text
    assert not re.search(r"https?://|\bsrc=|@import|url\(", text)
    assert re.findall(r"<link[^>]*>", text) == ['<link rel="icon" href="data:,">']


def test_places_and_no_places():
    client = TestClient(App(docs_url="/d", redoc_url=None, openapi_url="/o.json"))
    assert config_of(client.get("/d").text)["openapi"] == "/o.json"
    assert [client.get(path).status_code for path in ("/docs", "/redoc")] == [404, 404]
    silent = TestClient(App(openapi_url=None))
    assert [silent.get(path).status_code for path in ("/docs", "/redoc")] == [404, 404]


def test_an_apps_own_route_goes_first():
    app = App()
    app.get("/docs")(lambda: "own")
    client = TestClient(app)
    assert client.get("/docs").json() == "own"
    assert client.get("/openapi.json").json()["paths"].keys() == {"/docs"}


def test_below_a_mount():
    outer, inner = App(), App(servers=[{"url": "/in"}, {"url": "/other"}])
    inner.get("/x")(lambda: 1)
    outer.mount("/in", inner)
    client = TestClient(outer)
    config = config_of(client.get("/in/docs").text)
    assert (config["openapi"], config["root"]) == ("/in/openapi.json", "/in")
    document = client.get("/in/openapi.json").json()
    assert document["servers"] == [{"url": "/in"}, {"url": "/other"}]
    assert inner.openapi()["servers"] == [{"url": "/in"}, {"url": "/other"}]
    assert "servers" not in client.get("/openapi.json").json()
