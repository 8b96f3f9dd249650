"""A to-do list in SQLite. Each worker has a connection of its own; they share the file, todo.db or
what TODO_DATABASE names."""

import contextlib
import os
import sqlite3
from typing import Annotated, Any, AsyncIterator, Dict, List, Optional

from fasterapi import App, Depends, Field, HTTPException, Model, Query

TABLE = """CREATE TABLE IF NOT EXISTS tasks (
    id INTEGER PRIMARY KEY,
    title TEXT NOT NULL,
    done INTEGER NOT NULL DEFAULT 0
)"""


class Task(Model):
    title: str = Field(min_length=1, max_length=200)
    done: bool = False


class SavedTask(Task):
    id: int


@contextlib.asynccontextmanager
async def lifespan(app: App) -> AsyncIterator[None]:
    path = os.environ.get("TODO_DATABASE", "todo.db")
    with contextlib.closing(sqlite3.connect(path, timeout=10)) as database:
        database.row_factory = sqlite3.Row
        database.execute("PRAGMA journal_mode = WAL")
        database.execute(TABLE)
        app.state.database = database
        yield


app = App(title="To do", lifespan=lifespan)


def connection() -> sqlite3.Connection:
    database: sqlite3.Connection = app.state.database
    return database


Database = Annotated[sqlite3.Connection, Depends(connection)]


def find(database: sqlite3.Connection, task_id: int) -> Dict[str, Any]:
    row = database.execute("SELECT * FROM tasks WHERE id = ?", [task_id]).fetchone()
    if row is None:
        raise HTTPException(404, f"there is no task {task_id}")
    return dict(row)


@app.get("/tasks", response_model=List[SavedTask])
def list_tasks(
    database: Database, done: Optional[bool] = None, limit: Annotated[int, Query(ge=1, le=100)] = 20
) -> List[Dict[str, Any]]:
    rows = database.execute(
        "SELECT * FROM tasks WHERE ?1 IS NULL OR done = ?1 ORDER BY id LIMIT ?2", [done, limit]
    )
    return [dict(row) for row in rows]


@app.post("/tasks", status_code=201, response_model=SavedTask)
def add_task(task: Task, database: Database) -> Dict[str, Any]:
    with database:
        row = database.execute(
            "INSERT INTO tasks (title, done) VALUES (?, ?)", [task.title, task.done]
        )
    assert row.lastrowid is not None
    return find(database, row.lastrowid)


@app.get("/tasks/{task_id}", response_model=SavedTask)
def read_task(task_id: int, database: Database) -> Dict[str, Any]:
    return find(database, task_id)


@app.put("/tasks/{task_id}", response_model=SavedTask)
def replace_task(task_id: int, task: Task, database: Database) -> Dict[str, Any]:
    find(database, task_id)
    with database:
        database.execute(
            "UPDATE tasks SET title = ?, done = ? WHERE id = ?", [task.title, task.done, task_id]
        )
    return find(database, task_id)


@app.delete("/tasks/{task_id}", status_code=204)
def remove_task(task_id: int, database: Database) -> None:
    find(database, task_id)
    with database:
        database.execute("DELETE FROM tasks WHERE id = ?", [task_id])


if __name__ == "__main__":
    app.run()
