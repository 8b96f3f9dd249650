"""Mixed load for a minute (FASTERAPI_TEST_SOAK_SECONDS for longer): memory stays flat, and no
descriptor leaks.

Needs wrk. The load has well-behaved keep-alive clients, clients that leave in the middle of a
request or an answer, malformed requests, and slow readers.
"""

import contextlib
import json
import os
import pathlib
import random
import shutil
import socket
import statistics
import subprocess
import threading
import time

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
SERVER = os.environ.get("FASTERAPI_SERVER", str(ROOT / "build/release/fasterapi-server"))
SECONDS = float(os.environ.get("FASTERAPI_TEST_SOAK_SECONDS", "60"))
WARM_UP = max(10.0, SECONDS / 6)

pytestmark = pytest.mark.skipif(not shutil.which("wrk"), reason="wrk is not installed")


class Server:
    """The real binary on the soak app, with short timeouts so that left connections go soon."""

    def __init__(self, folder):
        port_file = folder / "port"
        config = folder / "server.json"
        config.write_text(json.dumps({
            "app": str(ROOT / "tests/stress/app.py") + ":app",
            "workers": 2,
            "listen": {"port": 0, "port_file": str(port_file)},
            "timeouts": {"header": "2s", "body": "2s", "write": "2s", "keep_alive": "30s"},
            "log": {"level": "error"},
        }))
        self.log = open(folder / "log.txt", "wb")
        self.process = subprocess.Popen([SERVER, "--config", str(config)], stderr=self.log)
        wait_for(port_file.exists, 20, "the server to listen")
        self.port = int(port_file.read_text())

    def resident_kib(self):
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(status.split("VmRSS:")[1].split()[0])

    def descriptors(self):
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))

    def connect(self):
        return socket.create_connection(("127.0.0.1", self.port), timeout=5)

    def stop(self):
        self.process.terminate()
        status = self.process.wait(timeout=40)
        self.log.close()
        return status


def wait_for(condition, seconds, what):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"timed out waiting for {what}"
        time.sleep(0.02)


@pytest.fixture
def server(tmp_path):
    running = Server(tmp_path)
    yield running
    if running.process.poll() is None:
        assert running.stop() == 0, (tmp_path / "log.txt").read_text()


def wrk(server, path, seconds, *arguments):
    url = f"http://127.0.0.1:{server.port}{path}"
    return subprocess.Popen(["wrk", "-t1", "-c8", f"-d{seconds}s", *arguments, url],
                            stdout=subprocess.PIPE, text=True)


def post_script(folder):
    script = folder / "post.lua"
    script.write_text('wrk.method = "POST"\nwrk.body = \'{"a": [1, 2, {"b": "c"}]}\'\n'
                      'wrk.headers["Content-Type"] = "application/json"\n')
    return str(script)


RUDE = [
    b"GET / HTTP/1.1\r\nHost: a\r\n",                                    # leaves in the head
    b"POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nabc",  # in the body
    b"GET /big HTTP/1.1\r\nHost: a\r\n\r\n" * 20,                         # does not read
    b"GET /stream HTTP/1.1\r\nHost: a\r\n\r\n",                           # leaves a stream
    b"GET /async HTTP/1.1\r\nHost: a\r\n\r\n",                            # a suspended handler
    b"GET / HTTP/1.1\nHost: a\r\n\r\n",                                   # malformed
    b"POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
]


def be_rude(server, stop):
    """Connections that break off at any point, until told to stop."""
    while not stop.is_set():
        with contextlib.suppress(OSError), server.connect() as peer:
            peer.sendall(random.choice(RUDE))
            if random.random() < 0.5:
                peer.settimeout(0.05)
                peer.recv(random.choice([1, 1000, 100000]))


def load(server, folder, seconds):
    """One round of mixed load; the number of answers that good clients got."""
    stop = threading.Event()
    rude = threading.Thread(target=be_rude, args=(server, stop))
    rude.start()
    paths = ("/", "/items/7?q=x", "/async", "/big", "/missing")
    runs = [wrk(server, path, seconds) for path in paths]
    runs.append(wrk(server, "/echo", seconds, "-s", post_script(folder)))
    runs.append(wrk(server, "/stream", seconds))
    reports = [run.communicate(timeout=seconds + 30)[0] for run in runs]
    stop.set()
    rude.join()
    counts = [int(report.split(" requests in ")[0].split()[-1]) for report in reports]
    assert all(counts), reports
    return sum(counts)


@contextlib.contextmanager
def sampled(measure, every=0.5):
    """What `measure` gives while the block runs."""
    values = []
    stop = threading.Event()

    def sample():
        while not stop.wait(every):
            values.append(measure())

    thread = threading.Thread(target=sample)
    thread.start()
    try:
        yield values
    finally:
        stop.set()
        thread.join()


def test_mixed_load_holds_memory_flat_and_leaks_no_descriptor(server, tmp_path):
    before = server.descriptors()
    load(server, tmp_path, round(WARM_UP))
    with sampled(server.resident_kib) as resident:
        answers = load(server, tmp_path, round(SECONDS - WARM_UP))
    # Medians: answers of 64 KiB that are under way make one sample half a percent more or less.
    quarter = len(resident) // 4
    first, last = statistics.median(resident[:quarter]), statistics.median(resident[-quarter:])
    print(f"{answers} answers; resident {first:.0f} KiB in the first quarter, {last:.0f} KiB in "
          f"the last, {min(resident)} to {max(resident)} KiB")
    assert last < first * 1.01, f"resident memory grew from {first} to {last} KiB"
    wait_for(lambda: server.descriptors() <= before, 10, "the descriptors of gone clients to close")


def test_two_thousand_idle_connections_cost_under_20_kib_each(server):
    count = 2000
    request = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"
    before = server.resident_kib()
    peers = []
    for _ in range(count):
        peers.append(server.connect())
        peers[-1].sendall(request)
    for peer in peers:
        assert peer.recv(4096).startswith(b"HTTP/1.1 200 ")
    each = (server.resident_kib() - before) / count
    for peer in peers:
        peer.close()
    print(f"{each:.2f} KiB for each idle connection")
    assert each < 20
