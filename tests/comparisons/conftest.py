"""Where the packages are that the package is held against: set-up's for tests, which come before the
distribution's."""

import sys
from pathlib import Path

PACKAGES = Path(__file__).resolve().parents[2] / "build" / "test-packages"

if PACKAGES.is_dir():
    sys.path.insert(0, str(PACKAGES))
