"""A report on paper: printed by a browser of the Chromium family that is installed on the machine."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from planner.errors import UsageError
from planner.write.folder.replace import OutputError, new_file, temporary_folder

NAMES = (
    *(
        "chromium",
        "chromium-browser",
        "google-chrome",
        "google-chrome-stable",
        "chrome",
        "microsoft-edge",
        "microsoft-edge-stable",
    ),
    *("msedge", "brave-browser"),
)
ELSEWHERE = {
    "darwin": (
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
        "/Applications/Chromium.app/Contents/MacOS/Chromium",
        "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    ),
    "win32": (
        r"C:\Program Files\Google\Chrome\Application\chrome.exe",
        r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
        r"C:\Program Files\Microsoft\Edge\Application\msedge.exe",
    ),
}
PATIENCE_S = 120


def browser() -> str:
    """The browser that prints. Raises UsageError where none is found."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    found = found or next((path for path in ELSEWHERE.get(sys.platform, ()) if os.path.isfile(path)), None)
    if found is None:
        raise UsageError(
            "--pdf needs Chromium, Chrome or Edge, and none is installed here: install one, or open report.html and print it"
        )
    return found


def print_pdf(html: Path, pdf: Path) -> Path:
    """Print a page. Raises UsageError where no browser is found, OutputError where it does not print."""
    program = browser()
    with temporary_folder() as folder:
        made = folder / "report.pdf"
        words = [program, "--headless", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
        words += ["--disable-extensions", f"--user-data-dir={folder / 'profile'}", "--no-pdf-header-footer"]
        words += ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []  # Chromium refuses root otherwise
        words += [f"--print-to-pdf={made}", html.resolve().as_uri()]
        try:
            done = subprocess.run(words, capture_output=True, timeout=PATIENCE_S, check=False)
            if done.returncode or not made.is_file():
                said = done.stderr.decode(errors="replace").strip().splitlines()
                raise OutputError(f"{program} did not print {html}" + (f": {said[-1]}" if said else ""))
            with new_file(pdf) as partial:
                shutil.copyfile(made, partial)
        except subprocess.TimeoutExpired as error:
            raise OutputError(f"{program} did not print {html} within {PATIENCE_S} seconds") from error
        except OSError as error:
            raise OutputError(f"cannot write {pdf}: {error.strerror or error}") from error
    return pdf
