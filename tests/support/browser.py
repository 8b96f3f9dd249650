"""A browser, headless: Chromium, where it is installed (Debian: chromium)."""

import shutil
import subprocess
from pathlib import Path

CHROMIUM = shutil.which("chromium")


def browse(profile: Path, url: str, *flags: str) -> str:
    """What it prints. Its clock goes on where nothing is loading, for 20 seconds at most."""
    assert CHROMIUM is not None
    command = [
        CHROMIUM,
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--hide-scrollbars",
        "--window-size=640,480",
        f"--user-data-dir={profile}",
        "--virtual-time-budget=20000",
        *flags,
        url,
    ]
    done = subprocess.run(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=60, check=True
    )
    return done.stdout
