"""Where the tests find the package and their own support code."""

import sys
from pathlib import Path

TESTS = Path(__file__).resolve().parent

sys.path[:0] = [str(TESTS.parent / "src" / "pylib"), str(TESTS)]

if sys.implementation.name == "pypy":
    sys.path.append(str(TESTS.parent / "build" / "pypy-packages"))

from fasterapi import _dependencies  # noqa: E402, F401  adds set-up's packages to sys.path
