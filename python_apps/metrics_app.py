"""Middleware that times requests, and what it measured."""

import time
from typing import Any, Dict

from fasterapi import App, HTTPException, metrics

app = App(title="Metrics")


@app.middleware
async def timing_middleware(req: Any, res: Any, next: Any) -> None:
    start = time.perf_counter()
    await next()
    duration = time.perf_counter() - start
    metrics.record_latency(duration)
    metrics.increment(f"status.{res.status_code}")
    res.headers["server-timing"] = f"app;dur={duration * 1000:.3f}"


@app.get("/work")
def work(rounds: int = 1000) -> int:
    if rounds > 1_000_000:
        raise HTTPException(400, "at most 1000000 rounds")
    return sum(number * number for number in range(rounds))


@app.get("/latency")
def latency() -> Dict[str, Any]:
    """In seconds, of what was served before."""
    return {f"p{percent}": metrics.percentile(percent) for percent in (50, 95, 99)}


@app.get("/statuses/{status}")
def statuses(status: int) -> float:
    return metrics.counter(f"status.{status}")


if __name__ == "__main__":
    app.run()
