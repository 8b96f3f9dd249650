"""Middleware that times requests, and what it measured."""

import time
from typing import Any, Dict

from fasterapi import App, HTTPException, metrics

app = App(title="Metrics")
answers = metrics.counter("answers", "Answers by status.", labels=("status",))


@app.middleware
async def timing_middleware(req: Any, res: Any, next: Any) -> None:
    start = time.perf_counter()
    await next()
    duration = time.perf_counter() - start
    metrics.record_latency(duration)
    answers.labels(res.status_code).inc()
    res.headers["server-timing"] = f"app;dur={duration * 1000:.3f}"


@app.get("/work")
def work(rounds: int = 1000) -> int:
    if rounds > 1_000_000:
        raise HTTPException(400, "at most 1000000 rounds")
    return sum(number * number for number in range(rounds))


@app.get("/latency")
def latency(route: str = "/work") -> Dict[str, Any]:
    """In seconds, of what a route has served before, in any worker."""
    return {f"p{percent}": metrics.percentile(route, percent / 100) for percent in (50, 95, 99)}


@app.get("/statuses/{status}")
def statuses(status: int) -> float:
    return answers.labels(status).value


if __name__ == "__main__":
    app.run()
