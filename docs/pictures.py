"""The pictures of report and workbook in README and docs, from a finished run: `python docs/pictures.py results/reference`.

Needs Chromium, Chrome or Edge for the report, and LibreOffice and pdftoppm for the workbook."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image, ImageChops

from planner.write.report.pdf import browser

PICTURES = Path(__file__).parent / "pictures"
REPORT_PX = (1280, 1400)
MARGIN_PX = 16
FIRST_PAGE = 'pdf:calc_pdf_Export:{"PageRange":{"type":"string","value":"1"}}'


def picture_report(report: Path, out: Path, scratch: Path) -> None:
    """The head of a report and its map, as a desk shows them."""
    width, height = REPORT_PX
    words = [browser(), "--headless", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--hide-scrollbars"]
    words += ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    words += [f"--user-data-dir={scratch / 'profile'}", f"--window-size={width},{height}", "--virtual-time-budget=20000"]
    subprocess.run([*words, f"--screenshot={out}", report.resolve().as_uri()], check=True, capture_output=True, timeout=120)


def picture_workbook(workbook: Path, out: Path, scratch: Path) -> None:
    """Its first sheet, as LibreOffice prints it."""
    profile = (scratch / "office").resolve().as_uri()
    words = ["soffice", f"-env:UserInstallation={profile}", "--headless", "--convert-to", FIRST_PAGE, "--outdir", str(scratch)]
    subprocess.run([*words, str(workbook)], check=True, capture_output=True, timeout=600)
    words = ["pdftoppm", "-r", "110", "-f", "1", "-l", "1", "-png", "-singlefile"]
    subprocess.run([*words, str(scratch / f"{workbook.stem}.pdf"), str(scratch / "sheet")], check=True, timeout=120)
    trimmed(Image.open(scratch / "sheet.png").convert("RGB")).save(out, optimize=True)


def trimmed(page: Image.Image) -> Image.Image:
    """Without the white of the paper around what is on it."""
    left, top, right, bottom = ImageChops.difference(page, Image.new("RGB", page.size, "white")).getbbox()
    return page.crop((left - MARGIN_PX, top - MARGIN_PX, right + MARGIN_PX, bottom + MARGIN_PX))


def main(run: Path) -> None:
    with tempfile.TemporaryDirectory(prefix="planner-pictures-", ignore_cleanup_errors=True) as folder:
        picture_report(run / "report.html", PICTURES / "report.png", Path(folder))
        picture_workbook(run / "plan.xlsx", PICTURES / "workbook.png", Path(folder))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
