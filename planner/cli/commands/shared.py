"""What a command is, and the arguments and sentences that several commands share."""

from __future__ import annotations

import argparse
import os
import shlex
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import planner
from planner.cli.answers import Answer
from planner.errors import UsageError
from planner.progress import Progress

SHIPPED = "the name of a shipped plan: reference, operator, or a scenario such as hourly"
PLAN = f"the plan: a YAML file, an .xlsx workbook, - for YAML from standard input, or {SHIPPED}"
ONLY_OUT = "print only the folder given with --out, if any"
REPLACED = "; replaced the earlier result"


@dataclass(frozen=True)
class Command:
    """One command: its line of help, what `--quiet` does, its arguments, its work, an example and its meaning."""

    words: str
    quiet: str
    declare: Callable[[argparse.ArgumentParser], object]
    answer: Callable[[argparse.Namespace, Progress], Answer]
    example: tuple[str, str]


def add_plan(parser: argparse.ArgumentParser, **more: Any) -> None:
    """PLAN, the first argument, and --set."""
    parser.add_argument("plan", metavar="PLAN", type=Path, **{"help": PLAN, **more})
    parser.add_argument(
        "--set",
        metavar="KEY=VALUE",
        action="append",
        default=[],
        help="override one value, a column or a row of a table; repeatable. "
        'Examples: demand.doubling_months=4, "power[us_ercot_texas,grid].step_mw_per_month*=2"',
    )
    add_own_limits(parser)


def add_allow(parser: argparse.ArgumentParser) -> None:
    """--allow."""
    parser.add_argument(
        "--allow",
        metavar="CODE",
        action="append",
        default=[],
        help="accept a warning or a note, such as W-HOURS-FLAT: it is neither printed nor counted; repeatable",
    )


def allowed_words(plan: Any) -> list[str]:
    """The codes that were allowed, in words; nothing where none was."""
    return [f"allowed: {', '.join(plan.settings.allow)}"] if plan.settings.allow else []


def add_own_limits(parser: argparse.ArgumentParser) -> None:
    """--own-limits."""
    parser.add_argument(
        "--own-limits",
        action="store_true",
        help="execute the Python files that the plan lists under own_limits; a plan file alone never executes anything",
    )


def add_run(parser: argparse.ArgumentParser, **more: Any) -> None:
    """RUN, the first argument."""
    parser.add_argument("run", metavar="RUN", type=Path, **{"help": "the result folder of a run", **more})


def add_out(parser: argparse.ArgumentParser, words: str = "also write everything as CSV tables into this new folder") -> None:
    """--out, a folder."""
    parser.add_argument("-o", "--out", metavar="DIR", type=Path, help=words)


def add_workers(parser: argparse.ArgumentParser) -> None:
    """--workers and --scheduler."""
    parser.add_argument(
        "--workers",
        metavar="N",
        type=whole_number(1, 1000),
        default=1,
        help="solve in N processes at once (1)",
    )
    parser.add_argument(
        "--scheduler",
        metavar="ADDRESS",
        help="solve on the workers of a Dask scheduler: tcp://host:8786, or its file scheduler.json (docs/cluster.md)",
    )


def workers(args: argparse.Namespace) -> dict[str, Any]:
    """What `add_workers` declares, as arguments of a study."""
    return {"workers": args.workers, "scheduler": args.scheduler}


def kept_by_workers(args: argparse.Namespace) -> dict[str, Any]:
    """The same with the folder of the points, for a study that keeps each of them as it ends."""
    return {"out": args.out, **workers(args)}


def whole_number(least: int, most: int) -> Callable[[str], int]:
    """The type of an argument that is a whole number within bounds."""

    def read(text: str) -> int:
        if not text.isdecimal() or not least <= int(text) <= most:
            raise argparse.ArgumentTypeError(f"{text!r}: expected a whole number from {least} to {most}")
        return int(text)

    return read


def share(text: str) -> float:
    """`1%` as 0.01."""
    number = text.removesuffix("%").strip()
    try:
        value = float(number) / 100.0
    except ValueError:
        value = -1.0
    if not text.endswith("%") or not 0.0 <= value <= 1.0:
        raise argparse.ArgumentTypeError(f"{text!r}: expected a share from 0% to 100%, such as 1%")
    return value


def add_open(parser: argparse.ArgumentParser) -> None:
    """--open."""
    parser.add_argument("--open", action="store_true", help="open the report in the browser")


def plan_file(named: Path, progress: Progress) -> Path:
    """The plan that was named; says which file it means where that has another name. Raises UsageError for a folder."""
    path = planner.find_plan(named)
    if path.stem == named.stem and path.suffix != named.suffix != "":
        progress.say(f"{named}: no such file; reading {path}")
    elif path != named:
        here = path.parent == named.parent
        of = "the file here, not the shipped plan" if here else f"the plan shipped with planner {installed_version()}"
        progress.say(f"{named} is {of}: {path}")
    if os.path.isdir(path) and str(path) != "-":
        inside = path / "plan.yaml"
        hint = f"; did you mean {shlex.quote(str(inside))}?" if inside.is_file() else ""
        raise UsageError(f"{path} is a folder: give a plan file{hint}")
    return path


def in_browser(report: Path) -> list[str]:
    """Open a report in the browser; what to print where no browser is found."""
    import webbrowser

    return [] if webbrowser.open(report.resolve().as_uri()) else [f"no browser was found: open {report}"]


def installed_version() -> str:
    """The version of the package; code that runs from a folder has no version."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("compute-planner")
    except PackageNotFoundError:
        return "(not installed)"


def done_at(out: Path | None) -> str:
    """For the message where an answer cannot be printed."""
    return "" if out is None else f"the result is in {out}"


def saved(answer: Any, out: Path | None, progress: Progress, what: str = "everything as CSV") -> tuple[list[str], list[str]]:
    """The answer of a study in the folder given with --out, if any: names of the files, and the lines that say so."""
    if out is None:
        return [], []
    replaced = out.is_dir() and any(path.name != "points" for path in out.iterdir())
    with progress.phase("write"):
        files = planner.save(answer, out)
    return files, ["", f"written: {out}{os.sep} ({what}){REPLACED if replaced else ''}"]


def answer_at(out: Path | None, found: Any, record: dict[str, Any], written: Sequence[str], code: int = 0) -> Answer:
    """What a study found, and the lines that say what was written into a folder, if any."""
    return Answer(record, [*planner.lines(found), *written], named([out]), code, done=done_at(out))


def in_rows(tables: Mapping[str, Any]) -> dict[str, Any]:
    """Tables for `--json`: a record a row."""
    return {name: table.to_dict("records") for name, table in tables.items()}


LONGEST_CELL = 40


def mapped_lines(plan: Any) -> list[str]:
    """The first rows of each table that a map made, as they stand in its file and as they are in the table."""
    found = []
    for one in plan.mapped:
        found.append(f"{one.table} by its map, the first rows of {one.file} before and after:")
        for before, after in zip(one.before, one.after, strict=True):
            found += [f"  {_cells(before)}", f"    -> {_cells(after)}"]
    return found


def _cells(row: Mapping[str, str]) -> str:
    cut = {name: cell if len(cell) <= LONGEST_CELL else f"{cell[:LONGEST_CELL]}..." for name, cell in row.items()}
    return ", ".join(f"{name} {cell or '(empty)'}" for name, cell in cut.items())


def notice_lines(notices: Iterable[Any], verbose: bool) -> list[str]:
    """One line a notice; with --verbose also what each sums up."""
    return [line for one in notices for line in (str(one), *(f"  {part}" for part in one.parts if verbose))]


def notice_records(notices: Iterable[Any]) -> list[dict[str, Any]]:
    """Notices as JSON, each by itself."""
    return [part.record() for one in notices for part in one.each()]


def named(values: Sequence[Path | None]) -> list[str]:
    """Paths that were given, as they were typed."""
    return [str(value) for value in values if value is not None]
