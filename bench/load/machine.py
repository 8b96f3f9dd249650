"""What a result was measured on."""

import os
import platform
import re
import subprocess
from pathlib import Path
from typing import Dict, List

ROOT = Path(__file__).resolve().parents[2]


def describe(binary: Path) -> Dict[str, str]:
    return {
        "cpu": f"{_cpu()}, {len(os.sched_getaffinity(0))} cores",
        "kernel": f"{platform.system()} {platform.release()}",
        "system": _system(),
        "server": ", ".join(_output([str(binary), "--version"]).splitlines()),
        "commit": _output(["git", "-C", str(ROOT), "describe", "--always", "--dirty"]),
        "client": (_output(["wrk", "-v"]).splitlines() or ["wrk"])[0].split(" Copyright")[0],
        "driver": f"Python {platform.python_version()}",
    }


def without_paths(text: str) -> str:
    """Results are published: folders of this machine stay out of them."""
    return text.replace(str(ROOT) + "/", "").replace(str(ROOT), ".").replace(str(Path.home()), "~")


def as_markdown(machine: Dict[str, str]) -> str:
    return "".join(f"- {name}: {value}\n" for name, value in machine.items())


def _cpu() -> str:
    found = re.search(r"model name\s*:\s*(.*)", Path("/proc/cpuinfo").read_text())
    return found[1] if found else platform.machine()


def _system() -> str:
    try:
        return platform.freedesktop_os_release()["PRETTY_NAME"]
    except (AttributeError, OSError):  # Python 3.9
        return platform.platform()


def _output(command: List[str]) -> str:
    try:
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    except FileNotFoundError:
        return ""
    return done.stdout.strip()
