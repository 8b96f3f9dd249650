"""Readings of sensors, many clients with one each: /readings stores what arrives together in one
transaction of SQLite, /single each in its own. The file is what BULK_DATABASE names."""

import contextlib
import os
import sqlite3
from typing import Any, AsyncIterator, Dict, List

from fasterapi import App, Model

INSERT = "INSERT INTO readings (sensor, value) VALUES (?, ?)"


class Reading(Model):
    sensor: str
    value: float


@contextlib.asynccontextmanager
async def lifespan(app: App) -> AsyncIterator[None]:
    path = os.environ.get("BULK_DATABASE", "readings.db")
    with contextlib.closing(sqlite3.connect(path, timeout=10)) as database:
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("CREATE TABLE IF NOT EXISTS readings (sensor TEXT, value REAL)")
        app.state.database = database
        app.state.transactions = 0
        yield


app = App(title="Bulk upload", lifespan=lifespan)


def store(readings: List[Reading]) -> None:
    with app.state.database as database:
        database.executemany(INSERT, [(each.sensor, each.value) for each in readings])
    app.state.transactions += 1


@app.post("/readings", status_code=201)
@app.batch_handler(max_batch_size=100, max_delay_ms=10)
def store_together(readings: List[Reading]) -> List[Any]:
    store(readings)
    return [{"sensor": each.sensor, "stored_with": len(readings)} for each in readings]


@app.post("/single", status_code=201)
def store_alone(reading: Reading) -> Dict[str, Any]:
    store([reading])
    return {"sensor": reading.sensor, "stored_with": 1}


@app.get("/sensors/{sensor}")
def mean_of(sensor: str) -> Dict[str, Any]:
    count, mean = app.state.database.execute(
        "SELECT count(*), avg(value) FROM readings WHERE sensor = ?", [sensor]
    ).fetchone()
    return {"sensor": sensor, "count": count, "mean": mean}


@app.get("/transactions")
def transactions() -> int:
    """Of this worker."""
    count: int = app.state.transactions
    return count


if __name__ == "__main__":
    app.run()
