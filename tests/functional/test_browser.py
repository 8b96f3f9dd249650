"""The pages of an app in a browser: headless Chromium, where it is installed (Debian: chromium)."""

import json
import re
import struct
import zlib

import pytest

from support.server import BINARY, Server

# /drive has the docs page in a frame, uses it as a person would, and shows what came of it.
APP = '''
from fasterapi import App, HTMLResponse, Model

app = App(title="Shop", description="Things to buy")

class Item(Model):
    name: str
    tags: list[str] = []

@app.put("/items/{item_id}", tags=["items"])
def put_item(item_id: int, item: Item, loud: bool = False):
    """Stores an item."""
    return {"stored": item_id, "name": item.name.upper() if loud else item.name}

@app.get("/plain")
def plain():
    return "x"

@app.get("/drive", response_class=HTMLResponse, include_in_schema=False)
def drive():
    return DRIVE

DRIVE = """<!doctype html><iframe id="frame" src="/docs#put_item_items__item_id__put"></iframe>
<pre id="result">nothing yet</pre>
<script>
const result = document.getElementById("result");
const until = async condition => {
  while (!condition()) await new Promise(go => setTimeout(go, 10));
  return condition();
};
document.getElementById("frame").addEventListener("load", async () => {
  const page = document.getElementById("frame").contentDocument;
  const form = await until(() => page.querySelector("details[open] form"));
  const [id, loud, body] = form.querySelectorAll("input, select, textarea");
  id.value = "7";
  loud.value = "true";
  body.value = JSON.stringify({name: "spanner"});
  form.requestSubmit();
  const answer = await until(() => page.querySelector("details[open] form pre"));
  const filter = page.getElementById("filter");
  filter.value = "plain";
  filter.dispatchEvent(new page.defaultView.Event("input"));
  const left = [...page.querySelectorAll(".operation:not([hidden]) .path")];
  const shown = left.map(each => each.textContent);
  result.textContent = JSON.stringify({answer: JSON.parse(answer.textContent), shown});
});
</script>"""
'''


def picture(file):
    """Width, height and the rows of an RGB or RGBA picture in PNG, their filters undone."""
    data = file.read_bytes()
    assert data.startswith(b"\x89PNG")
    at, packed = 8, b""
    while at < len(data):
        size, kind = struct.unpack_from(">I4s", data, at)
        if kind == b"IHDR":
            width, height, depth, colour = struct.unpack_from(">IIBB", data, at + 8)
            assert depth == 8
        elif kind == b"IDAT":
            packed += data[at + 8 : at + 8 + size]
        at += size + 12
    channels = {2: 3, 6: 4}[colour]
    raw, rows = zlib.decompress(packed), []
    above = bytes(width * channels)
    for start in range(0, len(raw), width * channels + 1):
        line = raw[start + 1 : start + 1 + width * channels]
        above = undo_filter(raw[start], line, above, channels)
        rows.append([above[i : i + 3] for i in range(0, len(above), channels)])
    return width, height, rows


def undo_filter(kind, line, above, channels):
    """PNG, section 9."""
    made = bytearray(line)
    for i in range(len(made)):
        left = made[i - channels] if i >= channels else 0
        corner = above[i - channels] if i >= channels else 0
        if kind == 4:
            guess = left + above[i] - corner
            ranked = [(abs(guess - v), n) for n, v in enumerate((left, above[i], corner))]
            add = (left, above[i], corner)[min(ranked)[1]]
        else:
            add = (0, left, above[i], (left + above[i]) // 2)[kind]
        made[i] = (made[i] + add) & 255
    return bytes(made)


def test_the_docs_page_tries_an_operation_out_and_filters(serve, browse):
    server = serve(APP)
    page = browse(server.url + "/drive", "--dump-dom")
    result = re.search(r'<pre id="result">(.*?)</pre>', page).group(1)
    assert json.loads(result) == {"answer": {"stored": 7, "name": "SPANNER"}, "shown": ["/plain"]}


@pytest.mark.parametrize("path", ["/docs", "/redoc"])
def test_the_pages_show_every_operation(serve, browse, path):
    page = browse(serve(APP).url + path, "--dump-dom")
    assert "<title>Shop</title>" in page
    assert "Things to buy" in page
    assert re.findall(r'class="path">([^<]*)<', page) == ["/items/{item_id}", "/plain"]
    assert ("Stores an item." in page) == (path == "/redoc")  # /docs: once it is opened


def test_a_picture_of_the_docs_page(serve, browse, tmp_path):
    file = tmp_path / "docs.png"
    browse(serve(APP).url + "/docs", f"--screenshot={file}")
    width, height, rows = picture(file)
    assert (width, height) == (640, 480)
    colours = {}
    for row in rows:
        for pixel in row:
            colours[pixel] = colours.get(pixel, 0) + 1
    assert max(colours, key=colours.get) == b"\xff\xff\xff"  # the page
    for badge in (b"\x0b\x5f\xae", b"\x8a\x53\x00"):  # GET, PUT
        assert colours.get(badge, 0) > 500
    assert all(row[0] == row[-1] == b"\xff\xff\xff" for row in rows)  # nothing runs over the edge


def test_the_page_of_a_mistake_loads_itself_anew_when_it_is_mended(tmp_path, browse, background):
    file = tmp_path / "dev" / "app.py"
    file.parent.mkdir()
    file.write_text("price = 1 / 0\n")
    server = Server(file.parent, command=[BINARY, "dev", "app.py:app", "--workers=1"])
    try:
        server.wait_ready()
        # Time is the browser's own: it goes on when nothing is under way.
        page = background(browse, server.url + "/", "--virtual-time-budget=3000000", "--dump-dom")
        server.wait_log('"HEAD / HTTP/1.1" 500', 60)  # the page asks whether it is mended
        file.write_text("from fasterapi import App\napp = App()\napp.get('/')(lambda: 'mended')\n")
        assert "mended" in page.result()
    finally:
        server.finish()
