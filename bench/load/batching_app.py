"""For `batching`: the same for each request by itself and for ten at once, with hardly any work,
and with a transaction of SQLite. The file is what BATCHING_DATABASE names."""

import contextlib
import os
import sqlite3
from typing import Any, AsyncIterator, List

from fasterapi import App, Model

INSERT = "INSERT INTO readings (sensor, value) VALUES (?, ?)"


class Reading(Model):
    sensor: str
    value: float


@contextlib.asynccontextmanager
async def lifespan(app: App) -> AsyncIterator[None]:
    with contextlib.closing(sqlite3.connect(os.environ["BATCHING_DATABASE"])) as database:
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("CREATE TABLE IF NOT EXISTS readings (sensor TEXT, value REAL)")
        app.state.database = database
        yield


app = App(lifespan=lifespan)


def _store(readings: List[Reading]) -> None:
    with app.state.database as database:
        database.executemany(INSERT, [(each.sensor, each.value) for each in readings])


@app.post("/echo")
def echo(reading: Reading):
    return reading


@app.post("/echo-batched")
@app.batch_handler(max_batch_size=10, max_delay_ms=10)
def echo_batched(readings: List[Reading]):
    return readings


@app.post("/store")
def store(reading: Reading):
    _store([reading])
    return {"stored": 1}


@app.post("/store-batched")
@app.batch_handler(max_batch_size=10, max_delay_ms=10)
def store_batched(readings: List[Reading]) -> List[Any]:
    _store(readings)
    return [{"stored": 1} for _ in readings]
