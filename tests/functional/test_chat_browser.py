"""The chat example in a browser."""

import json
import re

from support.server import ROOT

CHAT = f"""
import sys
sys.path.insert(0, {str(ROOT / "python_apps")!r})
from chat_app import app
from fasterapi import HTMLResponse

@app.get("/drive", response_class=HTMLResponse)
def drive():
    return DRIVE
"""
# The chat in three frames, in the last of which somebody speaks. Between two looks the page loads
# something: without that the browser's clock would run ahead of the server.
DRIVE = """
DRIVE = '''<!doctype html>
<iframe src="/rooms/den?name=Ann"></iframe>
<iframe src="/rooms/attic?name=Bob"></iframe>
<pre id="result">nothing yet</pre>
<script>
const lines = place =>
  [...frames[place].document.querySelectorAll("#said li")].map(line => line.textContent);
const members = async () => (await fetch("/rooms/den/members")).json();
const until = async condition => {
  while (!condition()) await members();
};
addEventListener("load", async () => {
  await until(() => lines(0).length == 1 && lines(1).length == 1);
  const late = document.createElement("iframe");
  late.src = "/rooms/den?name=Carl";
  document.body.append(late);
  await until(() => lines(0).length == 2 && lines(2).length == 2);
  frames[2].document.getElementById("words").value = "hello <b>you</b>";
  frames[2].document.forms[0].requestSubmit();
  await until(() => lines(0).length == 3 && lines(2).length == 3);
  const said = [lines(0), lines(1), lines(2), await members()];
  document.getElementById("result").textContent = JSON.stringify(said);
});
</script>'''
"""


def test_what_one_says_the_other_sees(serve, browse):
    server = serve(CHAT + DRIVE, config={"workers": 2})
    page = browse(server.url + "/drive", "--dump-dom")
    result = re.search(r'<pre id="result">(.*?)</pre>', page).group(1)
    said = ["Carl: hello &lt;b&gt;you&lt;/b&gt;", "Carl: has come", "Ann: has come"]
    assert json.loads(result) == [said, ["Bob: has come"], said, 2]
