"""Whatever stands in the files of a plan, it is loaded or refused in words: the starting plan is spoilt at random, many times.

python -m tests.fuzz --minutes 10 [--seed 7]
python -m tests.fuzz --seed 7 --case 1234      one case again, with its traceback

A case is one seed, so that it can be repeated; it fails on anything but a refusal, on a warning, and when it takes long.
"""

from __future__ import annotations

import argparse
import csv
import io
import random
import re
import shutil
import signal
import sys
import tempfile
import time
import traceback
import warnings
import zipfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from types import FrameType

from planner.api import write_workbook
from planner.check.checks import check
from planner.errors import PlannerError
from planner.read.load import load

ROOT = Path(__file__).parents[1]
LONGEST_SECONDS = 30

WORDS = """
0 1 -1 -0 1e400 -1e400 1e-400 1e308 1e15 9999999999999999999999 0x10 0o7 1_000 1,5 1.200,5 1/2 .5 5. + - nan NaN inf .inf -.Inf
true no yes null ~ * ** & ! % @ ` | > [ ] { } , : ? # " ' \\ / .. ../.. = =1+1 @SUM(1) <<: &a *a !!python/object:os.system
2028-01 2028-13 0000-01 9999-12 2028-01-01 12:30 grid us_ohio orbit realtime chat all measured estimate
5% 8e-1% 5MW 5_kW 6.5_ct/kWh 40_EUR 1e400_MW 1e-99999_kW 3_H100e-h 1_MW**9 1_MW/MW/MW 2_years 5_per_month 5_USD/(kW*h 7_°C
/dev/zero /dev/stdin . tables tables/power.csv plan.yaml
""".split()
LETTERS = [
    "",
    " ",
    "\t",
    "\n",
    "\r",
    "\0",
    "\x1b",
    "\x85",
    "\u2028",
    "\ufeff",
    "\ud7ff",
    "\U0001f600",
    "é",
    "e\u0301",
    "١",
    "A" * 200,
]
TARGETS = ["months", "start", "demand.doubling_months", "carbon.usd_per_tco2", "power.start_mw", "power[us_ohio,grid].start_mw"]
TARGETS += ["tables.dark", "national.options", "carbon.cap_mtco2_per_year.2028", "launch.tonnes", "classes.orbit", "a.b.c", ""]


def word(rng: random.Random) -> str:
    kind = rng.random()
    if kind < 0.5:
        return rng.choice(WORDS).replace("_", " ")
    if kind < 0.7:
        return rng.choice(LETTERS)
    if kind < 0.85:
        return repr(rng.choice([-1, 1]) * 10 ** rng.uniform(-12, 12))
    return "".join(rng.choice([*WORDS, *LETTERS]) for _ in range(rng.randint(1, 4)))


def spoil_bytes(data: bytes, rng: random.Random) -> bytes:
    out = bytearray(data)
    for _ in range(rng.choice([1, 1, 2, 8])):
        at = rng.randrange(len(out) + 1)
        end = min(len(out), at + rng.choice([0, 1, 1, 2, 30]))
        new = rng.choice([rng.randbytes(rng.randint(0, 3)), word(rng).encode("utf-8", "surrogatepass"), bytes(out[at:end]) * 3])
        out[at:end] = new
    return bytes(out)


def reencode(data: bytes, rng: random.Random) -> bytes:
    text = data.decode("utf-8", "replace")
    change: Callable[[str], bytes] = rng.choice(
        [
            lambda t: t.encode("utf-16"),
            lambda t: t.encode("utf-8-sig"),
            lambda t: t.encode("latin-1", "replace"),
            lambda t: t.replace("\n", "\r\n").encode(),
            lambda t: t.replace("\n", "\r").encode(),
            lambda t: t.encode()[: rng.randrange(len(t) + 1)],
            lambda t: t.encode() * 2,
            lambda t: b"",
        ]
    )
    return change(text)


def spoil_yaml(data: bytes, rng: random.Random) -> bytes:
    lines = data.decode().split("\n")
    stated = [number for number, line in enumerate(lines) if ":" in line and not line.startswith("#")]
    for _ in range(rng.choice([1, 1, 2, 4])):
        at = rng.choice(stated)
        line = lines[at] if at < len(lines) else ""
        key, _, value = line.partition(":")
        what = rng.randrange(8)
        if what < 4:
            lines[at : at + 1] = [f"{key}: {nested(rng)}"]
        elif what == 4:
            lines[at : at + 1] = [f"{word(rng)}:{value}"]
        elif what == 5:
            lines[at : at + 1] = rng.choice([[], [line, line], [" " * rng.randint(1, 3) + line], [line.strip()]])
        elif what == 6:
            lines.append(f"adjust:\n  - {{table: power, {word(rng)}: {nested(rng)}, set: {{start_mw: {nested(rng)}}}}}")
        else:
            lines += [f"extends: {word(rng)}", f"why: {word(rng)}"]
    return "\n".join(lines).encode("utf-8", "surrogatepass")


def nested(rng: random.Random, depth: int = 0) -> str:
    if depth > 3 or rng.random() < 0.7:
        return word(rng)
    parts = [nested(rng, depth + 1) for _ in range(rng.randint(0, 3))]
    return f"[{', '.join(parts)}]" if rng.random() < 0.5 else "{" + ", ".join(f"{word(rng)}: {part}" for part in parts) + "}"


def spoil_csv(data: bytes, rng: random.Random) -> bytes:
    rows = list(csv.reader(io.StringIO(data.decode())))
    for _ in range(rng.choice([1, 1, 1, 3])):
        row = rng.randrange(len(rows)) if rows else 0
        column = rng.randrange(len(rows[row])) if rows and rows[row] else 0
        what = rng.randrange(8)
        if not rows or not rows[row]:
            continue
        if what < 5:
            row = max(row, 1) if len(rows) > 1 and what < 4 else row
            if column < len(rows[row]):
                rows[row][column] = other(rows, row, column, rng)
        elif what == 5:
            rows[row:row] = [list(rows[row])]
        elif what == 6:
            rows[row : row + 1] = rng.choice([[], [rows[row][:-1]], [[*rows[row], word(rng)]]])
        else:
            for cells in rows:
                del cells[column : column + 1]
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode("utf-8", "surrogatepass")


def other(rows: list[list[str]], row: int, column: int, rng: random.Random) -> str:
    """Another cell: any word, or one that could well be meant, a number some way off or what another row says."""
    kind = rng.random()
    if kind < 0.4:
        return word(rng)
    if kind < 0.6:
        cells = rng.choice(rows)
        return cells[column] if column < len(cells) else ""
    return near(rows[row][column], rng)


def near(text: str, rng: random.Random) -> str:
    try:
        return f"{float(text) * rng.choice([0, 0.5, 2, 10 ** rng.uniform(-9, 9)]):.10g}"
    except (ValueError, OverflowError):
        return text


VALUE = re.compile(rb"<v>[^<]*</v>|<t[^>]*>[^<]*</t>|<f>[^<]*</f>| [a-z]+=\"[^\"]*\"")


def spoil_book(data: bytes, rng: random.Random) -> bytes:
    if rng.random() < 0.15:
        return spoil_bytes(data, rng)
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as before, zipfile.ZipFile(out, "w") as after:
        names = before.namelist()
        chosen = {rng.choice(names) if rng.random() < 0.3 else rng.choice([n for n in names if "sheet" in n])}
        for name in names:
            part = before.read(name)
            if name in chosen:
                part = spoil_part(part, rng)
            after.writestr(name, part)
    return out.getvalue()


def spoil_part(part: bytes, rng: random.Random) -> bytes:
    found = list(VALUE.finditer(part))
    if not found or rng.random() < 0.2:
        return spoil_bytes(part, rng)
    for one in sorted(rng.sample(found, min(len(found), rng.choice([1, 1, 3]))), key=lambda m: -m.start()):
        text = word(rng).encode("utf-8", "ignore")
        text = text.replace(b"&", b"&amp;").replace(b"<", b"&lt;").replace(b'"', b"&quot;")
        new = re.sub(rb">[^<]*<|\"[^\"]*\"", lambda m: m[0][:1] + text + m[0][-1:], one[0], count=1)  # noqa: B023
        part = part[: one.start()] + new + part[one.end() :]
    return part


def override(rng: random.Random) -> str:
    if rng.random() < 0.5:
        return f"{rng.choice(TARGETS)}*={near('1', rng)}"
    return f"{rng.choice(TARGETS)}{rng.choice(['=', '*='])}{nested(rng)}"


class Slow(BaseException):
    """Not an Exception: nothing between here and there may take it for one of its own."""


def _slow(number: int, frame: FrameType | None) -> None:
    raise Slow


class Ground:
    """The starting plan in a folder and in a workbook; each case spoils one file of it and puts that back."""

    def __init__(self, folder: Path) -> None:
        shutil.copytree(ROOT / "planner" / "new", folder, dirs_exist_ok=True)
        self.plan = folder / "plan.yaml"
        self.book = write_workbook(folder / "book.xlsx", load(self.plan))
        self.tables = sorted((folder / "tables").glob("*.csv"))
        self.outcomes: Counter[str] = Counter()

    def case(self, seed: int, number: int) -> None:
        """One case; raises what should not have been raised."""
        rng = random.Random(f"{seed} {number}")
        kind = rng.choices(["yaml", "csv", "book", "set"], [4, 6, 1, 2])[0]
        path = {"yaml": self.plan, "book": self.book}.get(kind) or rng.choice(self.tables)
        spoil = {"yaml": spoil_yaml, "csv": spoil_csv, "book": spoil_book}.get(kind)
        kept = path.read_bytes()
        overrides = []
        data = kept
        if spoil is None:
            overrides = [override(rng) for _ in range(rng.randint(1, 2))]
        elif kind != "book" and rng.random() < 0.2:
            data = rng.choice([spoil_bytes, reencode])(kept, rng)
        else:
            data = spoil(kept, rng)
        try:
            path.write_bytes(data)
            signal.signal(signal.SIGALRM, _slow)
            signal.alarm(LONGEST_SECONDS)
            try:
                check(load(self.book if kind == "book" else self.plan, overrides))
                outcome = "loaded"
            except PlannerError as error:
                outcome = "refused"
                if not str(error).strip():
                    raise AssertionError("refused without a word") from error
        finally:
            signal.alarm(0)
            path.write_bytes(kept)
        self.outcomes[f"{kind} {outcome}"] += 1


def fuzz(folder: Path, seconds: float, seed: int) -> tuple[int, dict[int, str], Counter[str]]:
    """Runs cases for so long: how many, the tracebacks of those that failed by number, and how the others ended."""
    ground = Ground(folder)
    failed: dict[int, str] = {}
    number = 0
    end = time.monotonic() + seconds
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        while time.monotonic() < end:
            try:
                ground.case(seed, number)
            except (Exception, Slow):
                failed[number] = traceback.format_exc()
            number += 1
    return number, failed, ground.outcomes


def main() -> int:
    parser = argparse.ArgumentParser(description="spoil the starting plan at random; anything but a refusal is a bug")
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--case", type=int, help="one case alone")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if args.case is not None:
            warnings.simplefilter("error")
            Ground(Path(folder)).case(args.seed, args.case)
            return 0
        cases, failed, outcomes = fuzz(Path(folder), 60 * args.minutes, args.seed)
    for number, text in failed.items():
        sys.stdout.write(f"--seed {args.seed} --case {number}\n{text}\n")
    sys.stdout.write(f"{cases} cases, {len(failed)} failed; {dict(sorted(outcomes.items()))}\n")
    return 1 if failed or not cases else 0


if __name__ == "__main__":
    sys.exit(main())
