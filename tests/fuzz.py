"""Whatever stands in the files of a plan or of a run, it is read or refused in words: both are spoilt at random, many times.
Plans are made from the schema alone, too, and some of them are solved.

python -m tests.fuzz --minutes 10 [--seed 7]   without a seed, that of the day
python -m tests.fuzz --seed 7 --case 1234      one case again, with its traceback
python -m tests.fuzz --kind map --cases 5000   one kind alone: maps and the files that they read, CSV, workbooks and Parquet

A case is one seed, so that it can be repeated, under the same limits. It fails on anything but a refusal that says where, on a
warning, on ten seconds of processor time and on 500 MB of memory.
"""

from __future__ import annotations

import argparse
import csv
import os
import random
import re
import resource
import shutil
import signal
import sys
import tempfile
import time
import traceback
import warnings
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from types import FrameType

import openpyxl
import pandas as pd
import yaml

from planner import api
from planner.api import propose_map
from planner.check.checks import check
from planner.errors import Finding, InputError, PlannerError, VerificationError
from planner.read.load import load
from planner.runs.read import contents
from planner.studies.cases import read_axis
from planner.verify.verify import verify
from tests.grown import grow
from tests.spoil import near, nested, reencode, spoil_bytes, spoil_csv, spoil_json, spoil_yaml, word
from tests.spoil_book import spoil_book
from tests.spoil_map import spoil_map
from tests.test_data_in_example import RECIPES, written
from tests.verify.rich import rich_plan

ROOT = Path(__file__).parents[1]
LONGEST_SECONDS, MOST_MB, MOST_MB_AT_ALL = 10, 500, 4_000
LONGEST_SOLVED_SECONDS = 60
"""For a plan that is solved, verified and written, too."""
TARGETS = ["months", "start", "demand.doubling_months", "carbon.usd_per_tco2", "power.start_mw", "power[us_ohio,grid].start_mw"]
TARGETS += ["tables.dark", "national.options", "carbon.cap_mtco2_per_year.2028", "launch.tonnes", "classes.orbit", "a.b.c", ""]
KINDS = {"yaml": 4, "csv": 6, "book": 3, "set": 3, "vary": 3, "threads": 0.3, "run": 2, "grown": 4, "map": 4}
NO_FILE = 0.02
"""Of the files: how many are replaced by something that is none."""
SOLVED = 0.2
"""Of the plans made from the schema that are accepted: how many are solved, too."""


def override(rng: random.Random) -> str:
    if rng.random() < 0.5:
        return f"{rng.choice(TARGETS)}*={near('1', rng)}"
    return f"{rng.choice(TARGETS)}{rng.choice(['=', '*='])}{nested(rng)}"


def vary(rng: random.Random) -> str:
    """A range of values, most of them as they are meant."""
    first, last, steps = (rng.choice([near("1", rng), good, word(rng)]) for good in ("0.5", "4", "3"))
    return f"{rng.choice(TARGETS)}{rng.choice(['=', '*='])}{first}{rng.choice(['..', '..', '.', ''])}{last}:{steps}"


def _endless(path: Path) -> None:
    path.symlink_to("/dev/zero")


class Slow(BaseException):
    """Not an Exception: nothing between here and there may take it for one of its own."""


def _slow(number: int, frame: FrameType | None) -> None:
    raise Slow


@contextmanager
def limited(seconds: float = LONGEST_SECONDS) -> Iterator[None]:
    """Ends what takes too much processor time, or waits for ever; then refuses what took too much memory."""
    signal.signal(signal.SIGPROF, _slow)
    signal.signal(signal.SIGALRM, _slow)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    signal.alarm(round(20 * seconds))
    before = _megabytes("VmRSS")
    Path("/proc/self/clear_refs").write_text("5")  # the peak begins here
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.alarm(0)
    if (more := _megabytes("VmHWM") - before) > MOST_MB:
        raise AssertionError(f"took {more:.0f} MB")


@contextmanager
def bounded() -> Iterator[None]:
    """No case may take the memory of the machine, and no warning passes.

    The limit is one of data: under one of addresses no chart is drawn, and so no plan is run."""
    _, hard = limits = resource.getrlimit(resource.RLIMIT_DATA)
    resource.setrlimit(resource.RLIMIT_DATA, (int(1e6 * (_megabytes("VmData") + MOST_MB_AT_ALL)), hard))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            yield
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, limits)


def _megabytes(name: str) -> float:
    found = re.search(rf"{name}:\s+(\d+) kB", Path("/proc/self/status").read_text())
    assert found is not None
    return int(found[1]) / 1e3


def placed(finding: Finding) -> None:
    """It says where: which file or argument, the line of what stands in a line, the column of what stands in a cell."""
    assert finding.message.strip(), finding
    assert "\n" not in str(finding), finding
    assert finding.file.strip(), finding
    assert finding.line or not finding.column, finding


class Ground:
    """The starting plan in a folder and in a workbook, and a run; each case spoils one file of it and puts that back."""

    def __init__(self, folder: Path, kinds: Sequence[str] = tuple(KINDS)) -> None:
        shutil.copytree(ROOT / "planner" / "new", folder, dirs_exist_ok=True)
        self.plan = folder / "plan.yaml"
        self.book = api.write_workbook(folder / "book.xlsx", load(self.plan))
        self.tables = sorted((folder / "tables").glob("*.csv"))
        self.kinds = list(kinds)
        self.written: list[Path] = []
        if "run" in kinds:
            self.run = api.run(rich_plan(folder / "rich"), folder / "run").folder
            self.written = sorted(path for path in self.run.rglob("*") if path.suffix in (".csv", ".json", ".yaml"))
        self.start = load(api.STARTING_PLAN)
        self.maps = [_with_a_map(folder / "maps" / str(number), recipe) for number, recipe in enumerate(RECIPES)]
        self.maps += [as_ for case in self.maps for as_ in _in_other_forms(case)]
        self.outcomes: Counter[str] = Counter()

    def case(self, seed: int, number: int) -> None:
        """One case; raises what should not have been raised."""
        rng = random.Random(f"{seed} {number}")
        kind = rng.choices(self.kinds, [KINDS[one] for one in self.kinds])[0]
        path, overrides = rng.choice(self.tables), list[str]()
        kept = {}
        if kind == "grown":
            with limited(LONGEST_SOLVED_SECONDS):
                outcome = self._grown(rng)
            self.outcomes[f"{kind} {outcome}"] += 1
            return
        if kind == "map":
            case = rng.choice(self.maps)
            theirs = _file_of(case)
            path = rng.choice([theirs, case.with_name("maps.yaml"), case.with_name("maps.yaml")])
        if kind == "set":
            overrides = [override(rng) for _ in range(rng.randint(1, 2))]
        elif kind != "vary":
            path = {"yaml": self.plan, "book": self.book, "run": rng.choice(self.written or [path])}.get(kind, path)
            kept = {path: path.read_bytes()}
            if rng.random() < NO_FILE:
                path.unlink()
                rng.choice([os.mkfifo, Path.mkdir, _endless, lambda _: None])(path)
            else:
                path.write_bytes(self._spoilt(path, kept[path], rng))
        try:
            with limited():
                try:
                    if kind == "map":
                        _read_mapped(case, theirs, rng)
                    else:
                        self._read(kind, overrides, rng)
                    outcome = "loaded"
                except PlannerError as error:
                    outcome = "refused"
                    _worded(error)
                    if kind == "map":
                        _in_a_file_of(case, error)
        finally:
            for path, data in kept.items():
                path.rmdir() if path.is_dir() else path.unlink(missing_ok=True)
                path.write_bytes(data)
        self.outcomes[f"{kind} {outcome}"] += 1

    def _spoilt(self, path: Path, data: bytes, rng: random.Random) -> bytes:
        if path.suffix == ".xlsx":
            return spoil_book(data, rng)
        if path.name == "maps.yaml" and rng.random() < 0.7:
            return spoil_map(data.decode(), _titles_beside(path), rng).encode("utf-8", "surrogatepass")
        if path.suffix == ".parquet" or rng.random() < 0.2:
            return rng.choice([spoil_bytes, reencode])(data, rng)
        spoil: Callable[[bytes, random.Random], bytes] = {".csv": spoil_csv, ".yaml": spoil_yaml}.get(path.suffix, spoil_json)
        return spoil(data, rng)

    def _read(self, kind: str, overrides: Sequence[str], rng: random.Random) -> None:
        if kind == "vary":
            axes = [read_axis(vary(rng)) for _ in range(rng.randint(1, 2))]
            for axis in axes:
                check(load(self.plan, [f"{axis.key}={axis.values[-1]}"]))
        elif kind == "run":
            failed = verify(self.run).failed
            assert all(found.sentence.strip() and "\n" not in found.sentence for found in failed)
            contents(self.run)
            assert not failed, failed
        elif kind == "threads":
            with ThreadPoolExecutor(3) as pool:
                said = set(pool.map(lambda _: self._said(), range(3)))
            assert len(said) == 1, said
        else:
            check(load(self.book if kind == "book" else self.plan, overrides))

    def _grown(self, rng: random.Random) -> str:
        """A plan made from the schema: refused in words, accepted, or solved, and then verified."""
        folder = self.plan.parent.with_name("grown")
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(api.STARTING_PLAN.parent, folder)
        grow(folder, self.start, rng)
        try:
            plan = load(folder / "plan.yaml")
            check(plan)
            if rng.random() > SOLVED:
                return "loaded"
            api.run(plan, folder / "run")
        except VerificationError:
            raise  # a plan of the planner's own is never refused
        except PlannerError as error:
            _worded(error)
            return "refused" if isinstance(error, InputError) else "not solved"
        return "solved"

    def _said(self) -> str:
        try:
            return repr(check(load(self.plan)))
        except PlannerError as error:
            return str(error)


def _with_a_map(folder: Path, recipe: tuple[str, str, str, str]) -> Path:
    """A copy of the starting plan with one table by a recipe of docs/data-in.md."""
    shutil.copytree(ROOT / "planner" / "new", folder)
    return written(folder, recipe)


def _read_mapped(case: Path, theirs: Path, rng: random.Random) -> None:
    """The plan, or now and then a map that is proposed for the spoilt file."""
    if rng.random() < 0.2:
        table = rng.choice(["", "profiles", "latency", "deliveries", "regions", "power", "commitments"])
        propose_map(theirs, table, rows=rng.random() < 0.5)
    check(load(case))


def _file_of(case: Path) -> Path:
    """The file that the map of a case reads."""
    return next(case.parent.glob("theirs.*"))


def _titles_beside(maps: Path) -> list[str]:
    return maps.with_name("titles.txt").read_text(encoding="utf-8").splitlines()


def _in_other_forms(case: Path) -> Iterator[Path]:
    """The same case with its file as a workbook, and where pyarrow is there as Parquet."""
    text = _file_of(case).read_text(encoding="utf-8")
    mark = ";" if ";" in text.partition("\n")[0] else ","
    rows = list(csv.reader(text.splitlines(), delimiter=mark))
    case.with_name("titles.txt").write_text("\n".join(rows[0]), encoding="utf-8")
    for suffix in ("xlsx", "parquet"):
        folder = case.parent.with_name(f"{case.parent.name}_{suffix}")
        shutil.copytree(case.parent, folder)
        (folder / "theirs.csv").unlink()
        if suffix == "xlsx":
            book = openpyxl.Workbook()
            book.active.title = next(iter(yaml.safe_load(case.with_name("maps.yaml").read_text(encoding="utf-8"))))
            for row in rows:
                book.active.append(row)
            book.create_sheet("notes").append(["nothing"])
            book.save(folder / "theirs.xlsx")
        elif find_spec("pyarrow") is not None:
            frame = pd.DataFrame(rows[1:], columns=rows[0]).replace("", None)
            frame.to_parquet(folder / "theirs.parquet")
        else:
            continue
        path = folder / case.name
        path.write_text(case.read_text(encoding="utf-8").replace("theirs.csv", f"theirs.{suffix}"), encoding="utf-8")
        yield path


def _in_a_file_of(case: Path, error: PlannerError) -> None:
    """Each finding names a file of the case: the plan, its tables, the map, or what the map reads."""
    known = {path.name for path in case.parent.rglob("*")} | {"theirs.csv", "theirs.xlsx", "theirs.parquet", "maps.yaml"}
    for finding in error.findings if isinstance(error, InputError) else ():
        assert Path(finding.file).name in known, finding


def _worded(error: PlannerError) -> None:
    assert str(error).strip(), "refused without a word"
    assert error.exit_code != 1, error
    if isinstance(error, InputError):
        for finding in error.findings:
            placed(finding)


def fuzz(
    folder: Path, seconds: float, seed: int, most: int = 10**9, kinds: Sequence[str] = tuple(KINDS)
) -> tuple[int, dict[int, str], Counter[str]]:
    """Runs cases for so long, or so many: how many, the tracebacks of those that failed by number, and how the others ended."""
    failed: dict[int, str] = {}
    number = 0
    with bounded():
        ground = Ground(folder, kinds)
        end = time.monotonic() + seconds
        while time.monotonic() < end and number < most:
            try:
                ground.case(seed, number)
            except (Exception, Slow):
                failed[number] = traceback.format_exc()
            number += 1
    return number, failed, ground.outcomes


def main() -> int:
    parser = argparse.ArgumentParser(description="spoil the starting plan at random; anything but a refusal is a bug")
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--seed", type=int, default=int(time.time()) // 86_400)
    parser.add_argument("--case", type=int, help="one case alone")
    parser.add_argument("--cases", type=int, default=10**9, help="so many, unless the time is over before")
    parser.add_argument("--kind", choices=list(KINDS), action="append", help="cases of one kind alone; may be repeated")
    args = parser.parse_args()
    kinds = args.kind or tuple(KINDS)
    with tempfile.TemporaryDirectory() as folder:
        if args.case is not None:
            with bounded():
                Ground(Path(folder), kinds).case(args.seed, args.case)
            return 0
        cases, failed, outcomes = fuzz(Path(folder), 60 * args.minutes, args.seed, args.cases, kinds)
    for number, text in failed.items():
        sys.stdout.write(f"--seed {args.seed} --case {number}\n{text}\n")
    sys.stdout.write(f"{cases} cases, {len(failed)} failed; {dict(sorted(outcomes.items()))}\n")
    return 1 if failed or not cases else 0


if __name__ == "__main__":
    sys.exit(main())
