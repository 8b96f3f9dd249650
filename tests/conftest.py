"""Where the tests find the package and their own support code."""

import sys
from pathlib import Path

TESTS = Path(__file__).resolve().parent

sys.path[:0] = [str(TESTS.parent / "src" / "pylib"), str(TESTS)]
