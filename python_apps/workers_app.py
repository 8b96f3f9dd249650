"""Workers, what they share and what they do not, and work that goes on between requests.

Each worker has an interpreter with a GIL of its own, hence its own globals, its own ``app.state``
and its own event loop.
"""

import asyncio
import contextlib
import time

from fasterapi import App
from fasterapi.core import ExecutorConfig, PythonExecutor

config = ExecutorConfig()
config.use_subinterpreters = True
config.num_workers = 2
PythonExecutor.initialize(config)


@contextlib.asynccontextmanager
async def lifespan(app: App):
    async def refresh():
        while True:
            app.state.refreshed = time.time()
            await asyncio.sleep(1)

    task = asyncio.create_task(refresh())
    yield {"requests": 0}
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task


app = App(title="Workers", lifespan=lifespan)


@app.get("/")
async def state():
    app.state.requests += 1
    return {"requests of this worker": app.state.requests, "refreshed": app.state.refreshed}


@app.get("/stats")
def stats():
    return PythonExecutor.stats()._asdict()


@app.get("/primes")
def primes(below: int = 100_000):
    """Keeps one worker, and one core, busy: the others serve on."""
    sieve = bytearray([1]) * max(below, 2)
    sieve[:2] = b"\0\0"
    for number in range(2, int(below**0.5) + 1):
        if sieve[number]:
            sieve[number * number :: number] = bytes(len(range(number * number, below, number)))
    return {"count": sum(sieve[:below])}


if __name__ == "__main__":
    app.run()
