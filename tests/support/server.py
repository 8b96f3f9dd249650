"""The real binary on a small app, from start to exit status."""

import json
import os
import re
import signal
import socket
import textwrap
from pathlib import Path
from typing import Any, Dict, List, Optional, Sequence, Tuple, Union

from fasterapi.testing import ServerProcess, wait_until
from support.wire import Reply, Wire, request

ROOT = Path(__file__).resolve().parents[2]
BINARY = os.environ.get("FASTERAPI_SERVER", str(ROOT / "build" / "release" / "fasterapi-server"))
IS_SANITIZED = bool(os.environ.get("FASTERAPI_TEST_SANITIZED"))
# Long enough for an import, for tests in which a startup hangs.
STARTUP = "8s" if IS_SANITIZED else "5s"
__all__ = [
    "BINARY",
    "IS_SANITIZED",
    "ROOT",
    "STARTUP",
    "Gate",
    "Server",
    "environment",
    "wait_until",
]

SANITIZER = re.compile(r"(Address|Leak|Thread|UndefinedBehavior)Sanitizer|runtime error:")


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


class WorkerGates:
    """Holds workers, each at a gate of its own: ``open(GATE + str(_fasterapi.worker_id())).read()``
    in the handler. So many requests at once are one in each worker."""

    def __init__(self, folder: Path, count: int) -> None:
        self._gates = [Gate(folder / f"gate{worker}") for worker in range(count)]

    def __enter__(self) -> "WorkerGates":
        return self

    def __exit__(self, *_: object) -> None:
        for gate in self._gates:
            gate.path.unlink()

    def wait_for_handlers(self) -> None:
        """Until a handler stands at each gate."""
        for gate in self._gates:
            gate.wait_for_handler()

    def open(self, *workers: int) -> None:
        """Lets the handlers of these workers go on, of all where none is named."""
        for worker in workers or range(len(self._gates)):
            self._gates[worker].open()


class Server(ServerProcess):
    """A running server with an app, a configuration and a folder of its own. It is stopped by
    SIGTERM, and must then exit with 0."""

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
        pass_fds: Sequence[int] = (),
    ) -> None:
        self.folder = folder
        self._wires: List[Wire] = []
        folder.mkdir(exist_ok=True)
        self.unix_socket = folder / "socket" if is_unix else None
        self.port_file = folder / "port"
        arguments = list(command or [BINARY, *self._app_arguments(app)])
        variables = environment(env)
        if command is None:
            arguments += [f"--config={self._write_config(config or {})}", *flags]
        else:
            variables.update(FASTERAPI_PORT="0", FASTERAPI_PORT_FILE=str(self.port_file))
            variables.update(FASTERAPI_SERVER=BINARY)
        super().__init__(arguments, folder, folder, variables, pass_fds)

    def _app_arguments(self, app: Union[str, Path, None]) -> List[str]:
        if app is None:
            return []
        if isinstance(app, Path):
            return ["--app", f"{app}:app"]
        self._write_app(self.folder, app)
        return ["--app", "app.py:app"]

    @staticmethod
    def _write_app(folder: Path, app: str) -> None:
        text = textwrap.dedent(app).replace("GATE", repr(str(folder / "gate")))
        (folder / "app.py").write_text(text)

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

    def begin_drain(self, number: signal.Signals = signal.SIGTERM) -> None:
        self.signal(number)
        self.wait_log("draining")

    def gate(self, name: str = "gate") -> Gate:
        return Gate(self.folder / name)

    def hold(self, target: str) -> Tuple[Gate, Wire]:
        """A handler that stands at the gate, and the connection that waits for it."""
        gate = self.gate()
        wire = self.connect()
        wire.send(request("GET", target))
        gate.wait_for_handler()
        return gate, wire

    def worker_gates(self, count: int) -> WorkerGates:
        return WorkerGates(self.folder, count)

    def finish(self) -> None:
        """The end of a test: the server stops cleanly if it still runs; no sanitizer spoke."""
        for wire in self._wires:
            wire.close()
        try:
            if self.process.poll() is None:
                self.stop()
        finally:
            self.kill()
            print(f"--- log of {self.folder.name}\n{self.log}")
        assert not SANITIZER.search(self.log), self.log
