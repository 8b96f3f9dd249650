"""The same apps with FastAPI under uvicorn, for tests that hold the server beside it."""

import os
import socket
from pathlib import Path

import pytest

from support.server import ROOT, Server

_PLACES = (
    ROOT / "build" / "upstream-packages" / "venv",
    Path(os.environ.get("PEERS_HOME", "~/.cache/fasterapi-peers")).expanduser() / "venv",
)


class UvicornServer(Server):
    """uvicorn on an app, whose imports of fasterapi become those of fastapi. The test is skipped
    where neither the packages of tests/upstream nor the peers of bench/load are there."""

    def __init__(self, folder: Path, app: str, *arguments: str) -> None:
        commands = (str(place / "bin" / "uvicorn") for place in _PLACES)
        uvicorn = next((command for command in commands if os.access(command, os.X_OK)), None)
        if uvicorn is None:
            pytest.skip("uvicorn is not installed")
        folder.mkdir(exist_ok=True)
        text = app.replace("from fasterapi", "from fastapi")
        self._write_app(folder, text)
        with socket.socket() as listening:
            listening.bind(("127.0.0.1", 0))
            listening.listen()
            (folder / "port").write_text(str(listening.getsockname()[1]))
            descriptor = listening.fileno()
            command = [uvicorn, f"--fd={descriptor}", "--log-level=warning", *arguments, "app:app"]
            super().__init__(folder, command=command, pass_fds=[descriptor])

    def finish(self) -> None:
        self.kill()
        print(f"--- log of uvicorn\n{self.log}")
