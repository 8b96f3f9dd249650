"""What a result was measured on, and what was built."""

import datetime
import os
import re
import subprocess
from pathlib import Path
from typing import Dict

import machine

RESULTS = machine.ROOT / "bench" / "results"


def describe(build: Path, command: str) -> Dict[str, str]:
    described = machine.describe(build / "fasterapi-server")
    del described["client"]  # wrk takes no part
    return {
        "date": datetime.date.today().isoformat(),
        "command": command,
        **described,
        "flags": _flags(build),
    }


def describe_counts(build: Path, command: str) -> Dict[str, str]:
    """Without what instructions under callgrind do not depend on: the processor, its load."""
    whole = describe(build, command)
    root = os.environ.get("FASTERAPI_PYTHON_ROOT", "")
    return {
        **{name: whole[name] for name in ("date", "command", "commit", "system", "flags")},
        "build": whole["server"].partition(", ")[2],  # less our own version
        "python": Path(root).name or "the system's",  # its recipe: set-up names the folder so
        "python_built": _built(Path(root)) if root else "by the system",
        "counter": _output("valgrind", "--version"),
    }


def _built(root: Path) -> str:
    code = "import platform; print(platform.python_build()[1])"
    return _output(str(root / "bin" / "python3"), "-I", "-c", code)


def _flags(build: Path) -> str:
    cache = build.joinpath("CMakeCache.txt").read_text()
    kind = _cached(cache, "CMAKE_BUILD_TYPE")
    flags = [_cached(cache, f"CMAKE_CXX_FLAGS_{kind.upper()}")]
    if _cached(cache, "FASTERAPI_LTO") == "ON":
        flags.append("-flto")
    if _cached(cache, "FASTERAPI_PROFILE") == "use":
        flags.append("-fprofile-use")
    return f"{kind}: {' '.join(flags)}"


def _cached(cache: str, name: str) -> str:
    found = re.search(rf"^{name}:\w+=(.*)$", cache, re.M)
    return found[1] if found else ""


def _output(*command: str) -> str:
    return subprocess.run(command, stdout=subprocess.PIPE, text=True).stdout.strip()
