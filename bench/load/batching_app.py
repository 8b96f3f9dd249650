"""For `batching`: the example of batches, with ten in a batch, and beside it routes with hardly any
work. The file is what BULK_DATABASE names."""

import sys
from pathlib import Path
from typing import Any, List

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "python_apps"))

from bulk_app import Reading, app, store_together  # noqa: E402  its /single is the other half

__all__ = ["app"]


@app.post("/echo")
def echo(reading: Reading):
    return reading


@app.post("/echo-batched")
@app.batch_handler(max_batch_size=10, max_delay_ms=10)
def echo_batched(readings: List[Reading]):
    return readings


@app.post("/single-batched", status_code=201)
@app.batch_handler(max_batch_size=10, max_delay_ms=10)
def store_batched(readings: List[Reading]) -> List[Any]:
    return store_together(readings)
