"""Lists of tests with reasons: a line at the margin is a reason, indented ones are tests, as files,
names, or patterns."""

import fnmatch
from pathlib import Path
from typing import Dict, Optional


def read(file: Path) -> Dict[str, str]:
    """Patterns with the reason that stands over them."""
    reasons, reason = {}, ""
    for line in file.read_text(encoding="utf-8").splitlines():
        if line.startswith("#") or not line.strip():
            continue
        if line.startswith(" "):
            reasons[line.strip()] = reason
        else:
            reason = line.strip()
    return reasons


def pattern_of(test: str, reasons: Dict[str, str]) -> Optional[str]:
    """The first that the test is meant by."""
    for pattern in reasons:
        if test == pattern or test.startswith((pattern + "::", pattern + "[")):
            return pattern
        if fnmatch.fnmatchcase(test, pattern):
            return pattern
    return None
