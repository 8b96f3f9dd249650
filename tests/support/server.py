"""The real binary on a small app, from start to exit status."""

import json
import os
import re
import signal
import socket
import subprocess
import textwrap
import time
from pathlib import Path
from typing import Any, Callable, Dict, List, Optional, Sequence, Union

from support.wire import Reply, Wire, request

ROOT = Path(__file__).resolve().parents[2]
BINARY = os.environ.get("FASTERAPI_SERVER", str(ROOT / "build" / "release" / "fasterapi-server"))
START_SECONDS = 30.0  # sanitizers are slow
SANITIZER = re.compile(r"(Address|Leak|Thread|UndefinedBehavior)Sanitizer|runtime error:")


def wait_until(condition: Callable[[], Any], what: str, seconds: float = 10.0) -> Any:
    """The condition's value as soon as it is true."""
    end = time.monotonic() + seconds
    while not (value := condition()):
        assert time.monotonic() < end, f"waited {seconds:.0f} s for {what}"
        time.sleep(0.005)
    return value


def environment(extra: Optional[Dict[str, str]] = None) -> Dict[str, str]:
    """This process's variables without those that configure a server."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("FASTERAPI_")}
    return {**kept, **(extra or {})}


class Gate:
    """Holds a handler until the test lets it go on: a named pipe, so that both sides wait.

    In the app: ``open(GATE).read()`` in a sync handler, or in a thread from an async one."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._writer: Optional[int] = None
        os.mkfifo(path)

    def wait_for_handler(self) -> None:
        """Until a handler stands at the gate."""
        if self._writer is None:
            self._writer = os.open(self.path, os.O_WRONLY)

    def open(self) -> None:
        """Lets the handler at the gate, or the next one to come, go on."""
        self.wait_for_handler()
        assert self._writer is not None
        os.close(self._writer)
        self._writer = None


class Server:
    """A running server. Its log is at hand, it is stopped by SIGTERM, and must then exit with 0."""

    def __init__(
        self,
        folder: Path,
        app: Union[str, Path, None] = None,
        config: Optional[Dict[str, Any]] = None,
        flags: Sequence[str] = (),
        env: Optional[Dict[str, str]] = None,
        is_unix: bool = False,
        is_ready: bool = True,  # for the fixtures: wait until it listens
        command: Optional[Sequence[str]] = None,
    ) -> None:
        self.folder = folder
        self._wires: List[Wire] = []
        self._is_signalled = False
        folder.mkdir(exist_ok=True)
        self.port = 0
        self.unix_socket = folder / "socket" if is_unix else None
        self.port_file = folder / "port"
        self.log_file = folder / "log.txt"
        arguments = list(command or [BINARY, *self._app_arguments(app)])
        variables = environment(env)
        if command is None:
            arguments += [f"--config={self._write_config(config or {})}", *flags]
        else:
            variables.update(FASTERAPI_PORT="0", FASTERAPI_PORT_FILE=str(self.port_file))
            variables.update(FASTERAPI_SERVER=BINARY)
        with open(self.log_file, "wb") as log:
            self.process = subprocess.Popen(
                arguments,
                cwd=folder,
                env=variables,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    def _app_arguments(self, app: Union[str, Path, None]) -> List[str]:
        if app is None:
            return []
        if isinstance(app, Path):
            return ["--app", f"{app}:app"]
        text = textwrap.dedent(app).replace("GATE", repr(str(self.folder / "gate")))
        (self.folder / "app.py").write_text(text)
        return ["--app", "app.py:app"]

    def _write_config(self, config: Dict[str, Any]) -> Path:
        listen: Dict[str, Any] = {"port": 0, "port_file": str(self.port_file)}
        if self.unix_socket is not None:
            listen = {"unix_socket": str(self.unix_socket), "port_file": str(self.port_file)}
        merged = {"workers": 1, "io_threads": 1, **config}
        merged = {key: value for key, value in merged.items() if value is not None}
        merged["listen"] = {**listen, **config.get("listen", {})}
        file = self.folder / "server.json"
        file.write_text(json.dumps(merged))
        return file

    def wait_ready(self) -> None:
        def ready() -> bool:
            status = self.process.poll()
            assert status is None, f"the server ended with {status}:\n{self.log}"
            return self.port_file.exists() and self.port_file.read_text().strip() != ""

        wait_until(ready, "the server to listen", START_SECONDS)
        self.port = int(self.port_file.read_text())

    @property
    def log(self) -> str:
        return self.log_file.read_text(errors="replace")

    def wait_log(self, pattern: str, seconds: float = 10.0) -> "re.Match[str]":
        """The first place in the log that matches, once there is one."""
        found = re.compile(pattern, re.MULTILINE)
        return wait_until(lambda: found.search(self.log), f"{pattern!r} in the log", seconds)

    def connect(self, timeout: float = 20.0) -> Wire:
        """A connection, which is closed at the end of the test if not before."""
        if self.unix_socket is None:
            connected = socket.create_connection(("127.0.0.1", self.port), timeout)
        else:
            connected = socket.socket(socket.AF_UNIX)
            connected.settimeout(timeout)
            connected.connect(str(self.unix_socket))
        self._wires.append(Wire(connected))
        return self._wires[-1]

    def request(self, method: str, target: str, *fields: str, body: bytes = b"") -> Reply:
        """One request on a connection of its own."""
        with self.connect() as wire:
            wire.send(request(method, target, *fields, body=body))
            return wire.read(method)

    def get(self, target: str, *fields: str) -> Reply:
        return self.request("GET", target, *fields)

    def post(self, target: str, value: Any = None, *fields: str) -> Reply:
        body = b"" if value is None else json.dumps(value).encode()
        return self.request("POST", target, "Content-Type: application/json", *fields, body=body)

    def gate(self, name: str = "gate") -> Gate:
        return Gate(self.folder / name)

    def signal(self, number: signal.Signals = signal.SIGTERM) -> None:
        self._is_signalled |= number in (signal.SIGTERM, signal.SIGINT)
        self.process.send_signal(number)

    def wait(self, seconds: float = 30.0) -> int:
        """The exit status."""
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"the server still runs after {seconds} s:\n{self.log}") from None

    def stop(self, expected: int = 0) -> None:
        if self.process.poll() is None and not self._is_signalled:  # a second one is "at once"
            self.signal()
        status = self.wait()
        assert status == expected, f"the server ended with {status}:\n{self.log}"

    def finish(self) -> None:
        """The end of a test: the server stops cleanly if it still runs; no sanitizer spoke."""
        for wire in self._wires:
            wire.close()
        try:
            if self.process.poll() is None:
                self.stop()
        finally:
            if self.process.poll() is None:
                self.process.kill()
                self.process.wait()
            print(f"--- log of {self.folder.name}\n{self.log}")
        assert not SANITIZER.search(self.log), self.log
