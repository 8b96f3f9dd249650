"""fasterapi-server as a child process, from start to exit status."""

import contextlib
import re
import signal
import subprocess
import time
from pathlib import Path
from typing import Any, Callable, Dict, Optional, Sequence, TypeVar

from fasterapi.testing._httpx import httpx

Value = TypeVar("Value")

_PAUSE = 0.005
_STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT)


class ServerFailed(RuntimeError):
    """The server did not start, ended by itself, or not as it should have. The text has its log,
    so the traceback of an app that does not import; ``status`` is None where it still ran."""

    def __init__(self, what: str, status: Optional[int], log: str) -> None:
        super().__init__(f"{what}:\n{log}")
        self.status = status
        self.log = log


def wait_until(condition: Callable[[], Value], what: str, seconds: float = 10.0) -> Value:
    """The condition's value as soon as it is true. AssertionError after that many seconds."""
    end = time.monotonic() + seconds
    while not (value := condition()):
        assert time.monotonic() < end, f"waited {seconds:g} s for {what}"
        time.sleep(_PAUSE)
    return value


class ServerProcess:
    """A server that runs. Its output is in ``folder/log.txt``; ``command`` has it write
    ``folder/port`` when it listens (``listen.port_file``)."""

    host = "127.0.0.1"

    def __init__(
        self,
        command: Sequence[str],
        folder: Path,
        cwd: Optional[Path] = None,
        env: Optional[Dict[str, str]] = None,
        pass_fds: Sequence[int] = (),
    ) -> None:
        self.folder = folder
        self.port = 0
        self.port_file = folder / "port"
        self.log_file = folder / "log.txt"
        self._is_stopped = False
        self._kept_log: Optional[str] = None
        with open(self.log_file, "wb") as log:
            self.process = subprocess.Popen(
                command,
                cwd=cwd,
                env=env,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                pass_fds=pass_fds,
            )

    def wait_ready(self, seconds: float = 30.0) -> None:
        """Until it listens. ServerFailed where it ends before, or takes longer."""
        end = time.monotonic() + seconds
        while not self._read_port():
            status = self.process.poll()
            if status is not None:
                raise ServerFailed(f"the server ended with {status}", status, self.log)
            if time.monotonic() > end:
                raise ServerFailed(f"the server is not ready after {seconds:g} s", None, self.log)
            time.sleep(_PAUSE)

    def _read_port(self) -> bool:
        try:
            text = self.port_file.read_text().strip()
        except FileNotFoundError:
            return False
        self.port = int(text or 0)
        return text != ""

    @property
    def url(self) -> str:
        """Where it listens, without a slash at the end: "http://127.0.0.1:41234"."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}"

    def client(self, **options: Any) -> Any:
        """An httpx.Client of it, to be closed or used as a context manager."""
        return httpx().Client(base_url=self.url, trust_env=False, **options)

    def async_client(self, **options: Any) -> Any:
        """An httpx.AsyncClient of it, likewise."""
        return httpx().AsyncClient(base_url=self.url, trust_env=False, **options)

    @property
    def log(self) -> str:
        """What it has written by now, its own lines and those of the app; after the end, all."""
        if self._kept_log is not None:
            return self._kept_log
        return self.log_file.read_text(errors="replace")

    def keep_log(self) -> None:
        """Has ``log`` outlive the folder."""
        self._kept_log = self.log

    def wait_log(self, pattern: str, seconds: float = 10.0) -> "re.Match[str]":
        """The first place in the log that matches, once there is one."""
        found = re.compile(pattern, re.MULTILINE)
        match = wait_until(lambda: found.search(self.log), f"{pattern!r} in the log", seconds)
        assert match is not None
        return match

    def signal(self, number: signal.Signals = signal.SIGTERM) -> None:
        """Sends it a signal."""
        self._is_stopped |= number in _STOP_SIGNALS
        self.process.send_signal(number)

    def wait(self, seconds: float = 30.0) -> int:
        """Its exit status, once it has ended."""
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            what = f"the server still runs after {seconds:g} s"
            raise ServerFailed(what, None, self.log) from None

    def stop(self, expected: int = 0, seconds: float = 30.0) -> None:
        """Has it answer what has begun and shut the app down; it must end with that status."""
        if self.process.poll() is None and not self._is_stopped:  # a second one is "at once"
            self.signal()
        status = self.wait(seconds)
        if status != expected:
            raise ServerFailed(f"the server ended with {status}", status, self.log)

    def kill(self, after: float = 0.0) -> None:
        """Ends it whatever it does, if it still runs. With ``after`` it is asked first, and has so
        many seconds."""
        if after and self.process.poll() is None:
            if not self._is_stopped:  # a second one is "at once"
                self.signal()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(after)
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
