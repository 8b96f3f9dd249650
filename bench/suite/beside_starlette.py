#!/usr/bin/env python3
"""What stays ours beside Starlette's own: processor time of a request in process, in pure Python.

Run it by the CPython whose figures are wanted; docs/dependencies.md has some."""

import asyncio
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Callable, Dict

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "src" / "pylib"))

from starlette import staticfiles as their_files  # noqa: E402
from starlette.middleware import base, cors, gzip, trustedhost  # noqa: E402

from fasterapi import App, _call, middleware, staticfiles  # noqa: E402

FIELDS = [("host", "h"), ("origin", "http://a"), ("accept-encoding", "gzip")]
ORIGINS = {"allow_origins": ["http://a"]}
HOSTS = {"allowed_hosts": ["h"]}
ROUNDS, REQUESTS = 5, 1000


async def _passing(self: Any, request: Any, call_next: Any) -> Any:
    return await call_next(request)


def _behind(*middleware_class: Any, **options: Any) -> App:
    app = App()
    app.get("/")(lambda: {"a": 1})
    for cls in middleware_class:
        app.add_middleware(cls, **options)
    return app


def _apps(folder: str) -> Dict[str, Callable[[], App]]:
    def serving(files: Any) -> App:
        app = App()
        app.mount("/", files(directory=folder, html=True))
        return app

    ours = type("Ours", (middleware.BaseHTTPMiddleware,), {"dispatch": _passing})
    theirs = type("Theirs", (base.BaseHTTPMiddleware,), {"dispatch": _passing})
    return {
        "no middleware": _behind,
        "CORS": lambda: _behind(middleware.CORSMiddleware, **ORIGINS),
        "CORS, Starlette's": lambda: _behind(cors.CORSMiddleware, **ORIGINS),
        "hosts": lambda: _behind(middleware.TrustedHostMiddleware, **HOSTS),
        "hosts, Starlette's": lambda: _behind(trustedhost.TrustedHostMiddleware, **HOSTS),
        "gzip, Starlette's": lambda: _behind(gzip.GZipMiddleware),
        "BaseHTTPMiddleware": lambda: _behind(ours),
        "BaseHTTPMiddleware, Starlette's": lambda: _behind(theirs),
        "a file of 1 KB": lambda: serving(staticfiles.StaticFiles),
        "a file of 1 KB, Starlette's": lambda: serving(their_files.StaticFiles),
    }


async def _micros(app: App) -> float:
    async def ask() -> None:
        answer = await _call.answer(app, "GET", "/", "", FIELDS, b"", None, True)
        assert answer.status == 200

    await ask()
    start = time.process_time()
    for _ in range(REQUESTS):
        await ask()
    return (time.process_time() - start) / REQUESTS * 1e6


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "index.html").write_bytes(b"x" * 1000)
        apps = _apps(folder)
        least = dict.fromkeys(apps, float("inf"))
        for _ in range(ROUNDS):
            for name, make in apps.items():
                least[name] = min(least[name], asyncio.run(_micros(make())))
    for name, micros in least.items():
        print(f"| {name} | {micros:.0f} |")


if __name__ == "__main__":
    main()
