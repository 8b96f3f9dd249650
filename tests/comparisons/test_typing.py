"""What type checkers say of apps, where mypy is installed."""

import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# What an app imports is not the app's to mend, as where it is installed.
FLAGS = ["--strict", "--config-file=", "--follow-imports=silent"]
TYPED = ["todo", "bulk", "ticker", "upload", "auth", "metrics", "chat"]


def mypy():
    if find_spec("mypy") is not None:
        return [sys.executable, "-m", "mypy"]
    found = shutil.which("mypy")
    return [] if found is None else [found]


pytestmark = pytest.mark.skipif(not mypy(), reason="mypy is not installed")


def check(folder, *files):
    return subprocess.run(
        [*mypy(), *FLAGS, f"--cache-dir={folder}", *map(str, files)],
        cwd=folder,
        env={
            **os.environ,
            "MYPYPATH": str(ROOT / "src" / "pylib"),
            "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )


@pytest.mark.timeout(300)
def test_strict_mypy_has_nothing_to_say_about_example_apps(tmp_path):
    done = check(tmp_path, *(ROOT / "python_apps" / f"{name}_app.py" for name in TYPED))
    assert done.returncode == 0, done.stdout


@pytest.mark.timeout(300)
def test_strict_mypy_sees_a_mistake_in_an_app(tmp_path):
    app = tmp_path / "mistaken.py"
    app.write_text("from fasterapi import App\napp = App(title=1)\n")
    done = check(tmp_path, app)
    assert done.returncode == 1
    assert 'has incompatible type "int"; expected "str"' in done.stdout
