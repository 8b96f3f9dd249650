"""A ticker by server-sent events, and a page that shows it. A client that comes back goes on where
it was, by Last-Event-ID."""

import asyncio
import math
from typing import Annotated, AsyncIterator, Optional

from fasterapi import App, EventSourceResponse, Header, HTMLResponse, Query, ServerSentEvent

app = App(title="Ticker")

PAGE = """<!doctype html>
<title>Ticker</title>
<h1 id="price">&hellip;</h1>
<script>
new EventSource("ticks").addEventListener("price", event => {
  document.getElementById("price").textContent = JSON.parse(event.data).price.toFixed(2);
});
</script>
"""


@app.get("/", response_class=HTMLResponse)
def page() -> str:
    return PAGE


@app.get("/ticks", response_class=EventSourceResponse)
async def ticks(
    pause: Annotated[float, Query(ge=0, le=60)] = 1.0,
    count: Optional[int] = None,
    last_event_id: Annotated[Optional[int], Header()] = None,
) -> AsyncIterator[ServerSentEvent]:
    number = 0 if last_event_id is None else last_event_id + 1
    end = math.inf if count is None else number + count
    while number < end:
        price = 100 + 10 * math.sin(number / 10)
        yield ServerSentEvent({"price": price}, event="price", id=str(number))
        number += 1
        await asyncio.sleep(pause)


if __name__ == "__main__":
    app.run()
