"""CPython's own tests of asyncio, the quick ones, on a worker's event loop: what asyncio's loop passes in
the same place, ours does. tests/asyncio/run has all of them."""

import subprocess
import sys

import pytest

from support.server import BINARY, ROOT

MODULES = "buffered_proto events queues sock_lowlevel streams taskgroups timeouts waitfor".split()
NO_TESTS = 77


@pytest.mark.parametrize("interpreter", ["sub", "main"])
def test_what_passes_on_asyncios_loop_passes_on_ours(interpreter):
    program = ROOT / "tests" / "asyncio" / "run"
    arguments = ["--verbose", "--server", BINARY, "--interpreter", interpreter, *MODULES]
    done = subprocess.run(
        [sys.executable, program, *arguments], stdout=subprocess.PIPE, text=True, timeout=280
    )
    print(done.stdout)
    if done.returncode == NO_TESTS:
        pytest.skip("CPython's tests are not there: scripts/setup --test, or libpython3-testsuite")
    assert done.returncode == 0
