"""Which plans a sweep solves: several, a table of runs, values of keys as they are typed; combined, or row by row.

demand.doubling_months=4..12:5      five numbers at equal steps
demand.doubling_months=6,9,24       these
boundary=energy,facility            words too
power[ohio,grid].start_mw*=1,2      factors
"""

from __future__ import annotations

import hashlib
import itertools
import json
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from planner.errors import InputError, UsageError
from planner.findings import Place, argument_place
from planner.read.load import load
from planner.read.run_table import NAME, PLAN, read_runs

if TYPE_CHECKING:
    from planner.plan.plan import Plan

NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?"
VARY = re.compile(r"(?P<key>[^=]*[^=*\s])\s*(?P<scales>\*?)=(?P<values>.*)", re.DOTALL)
STEPS = re.compile(rf"\s*(?P<first>{NUMBER})\s*\.\.\s*(?P<last>{NUMBER})\s*:\s*(?P<steps>\d+)\s*")
GRAMMAR = "KEY=a..b:n, n numbers from a to b at equal steps, or KEY=a,b,c, these values; KEY as for --set, and KEY* scales"
EXAMPLE = "such as demand.doubling_months=4..12:5, demand.doubling_months=6,9,24 or launch_price.usd_per_kg*=0.1..1:10"
MOST = 10_000


@dataclass(frozen=True)
class Axis:
    """One key and the values that it takes, as they are written on a command line."""

    key: str
    values: tuple[str, ...]

    @property
    def name(self) -> str:
        """The column of this key."""
        return column_of(self.key)


@dataclass(frozen=True)
class Case:
    """One plan to solve: its file, what `--set` says of it, and what the columns of the table hold."""

    path: str
    words: tuple[str, ...]
    values: tuple[str, ...]
    own_limits: bool = False
    given: int = 0
    """How many of the words all cases have."""
    row: str = ""
    """Its place in a table of runs."""
    cells: tuple[str, ...] = ()
    """The place there of each of the words after those."""

    def read(self) -> Plan:
        """The plan; InputError for what is refused."""
        try:
            return load(self.path, self.words, self.own_limits)
        except InputError as error:
            if not self.row:
                raise
            words = (argument_place(word).source.shown for word in self.words[self.given :])
            at = dict(zip(words, self.cells, strict=True))
            findings = [
                replace(one, message=f"{one.message} (for the run of {at.get(one.file, self.row)})") for one in error.findings
            ]
            raise InputError(findings, error.more) from error

    def said(self) -> str:
        """What differs, for a line of progress."""
        return ", ".join(self.words[self.given :]) or Path(self.path).stem


def column_of(key: str) -> str:
    """The column of a key: a factor says so."""
    return key.removesuffix("*") + (" (factor)" if key.endswith("*") else "")


def read_axis(text: str) -> Axis:
    """One `--vary`. Raises UsageError."""
    found = VARY.fullmatch(text)
    if found is None or not found["values"].strip():
        raise UsageError(f"--vary {text}: expected {GRAMMAR}, {EXAMPLE}")
    key = found["key"].strip() + found["scales"]
    steps = STEPS.fullmatch(found["values"])
    if steps is not None:
        return Axis(key, _at_equal_steps(text, steps))
    values = tuple(value.strip() for value in found["values"].split(","))
    if len(values) < 2 or not all(values) or ".." in found["values"]:
        raise UsageError(f"--vary {text}: expected {GRAMMAR}, {EXAMPLE}")
    if len(set(values)) < len(values):
        raise UsageError(f"--vary {text}: expected each value once")
    return Axis(key, values)


def _at_equal_steps(text: str, found: re.Match[str]) -> tuple[str, ...]:
    count = int(found["steps"])
    if not 2 <= count <= MOST:
        raise UsageError(f"--vary {text}: {count} values, expected 2 to {MOST:,}")
    first, last = float(found["first"]), float(found["last"])
    if not np.isfinite([first, last]).all() or first == last:
        raise UsageError(f"--vary {text}: expected two different numbers")
    return tuple(f"{value:.12g}" for value in np.linspace(first, last, count).tolist())


def cases_of(
    plans: Sequence[Plan], axes: Sequence[Axis], in_rows: bool = False, runs: Path | None = None
) -> tuple[list[str], list[Case]]:
    """The columns that tell cases apart, and the cases: each plan with every combination of the values of ``axes``, the last
    fastest, or with the first value of each, the second and so on (``in_rows``), or with each row of a table of ``runs``.

    Raises UsageError for a key given twice, axes of different lengths and too many cases, InputError for a file that is no
    table."""
    keys = [axis.key.removesuffix("*") for axis in axes]
    if len(set(keys)) < len(keys):
        raise UsageError("--vary: expected one or more keys, each once")
    several = [PLAN] if len(plans) > 1 else []
    varied = [axis.key for axis in axes]
    if runs is None:
        names, rows = [axis.name for axis in axes], _rows_of(axes, in_rows)
    else:
        varied, rows = _table_of_runs(runs)
        names = [column_of(key) for key in varied]
        if several and PLAN in names:
            raise UsageError(f"--runs {runs} names the plans itself: give it with one plan")
    if not plans:
        raise UsageError("a sweep needs a plan")
    _refuse_set(plans, varied, "--vary" if runs is None else f"--runs {runs}")
    if not several and runs is None and not axes:
        raise UsageError("a sweep needs several plans, --vary or --runs")
    if (count := len(plans) * len(rows)) > MOST:
        raise UsageError(f"{count:,} points, expected at most {MOST:,}")
    cases = []
    for plan, (path, words, values, row, cells) in itertools.product(plans, rows):
        own, given = bool(plan.own_limits), (*plan.overrides, *words)
        label = (plan.name,) if several else ()
        cases.append(Case(str(path or plan.path), given, (*label, *values), own, len(plan.overrides), row, cells))
    return [*several, *names], cases


Stated = tuple[Path | None, tuple[str, ...], tuple[str, ...], str, tuple[str, ...]]
"""The file of a plan if it is another, what is set, the cells of the columns, and the places of the row and of what is set."""


def _rows_of(axes: Sequence[Axis], in_rows: bool) -> list[Stated]:
    lengths = {len(axis.values) for axis in axes}
    if in_rows and len(lengths) > 1:
        said = ", ".join(f"{axis.key} {len(axis.values)}" for axis in axes)
        raise UsageError(f"--in-rows: every --vary needs as many values as the others, not {said}")
    if not in_rows and (count := math.prod(len(axis.values) for axis in axes)) > MOST:
        raise UsageError(f"--vary: {count:,} points, expected at most {MOST:,}")
    columns = [axis.values for axis in axes]
    combined = zip(*columns, strict=True) if in_rows else itertools.product(*columns)
    return [
        (None, tuple(f"{axis.key}={value}" for axis, value in zip(axes, values, strict=True)), tuple(values), "", ())
        for values in combined
    ]


def _refuse_set(plans: Sequence[Plan], keys: Sequence[str], by: str) -> None:
    """Refuse keys that are both varied and set for all plans, unless they are scaled."""
    for key, plan in itertools.product(keys, plans):
        for text in plan.overrides:
            if not key.endswith("*") and _bare(text.partition("=")[0].rstrip("* ")) == _bare(key):
                raise UsageError(f"--set {text}: {by} gives {key} other values; state one of the two, or vary {key}*")


def _bare(key: str) -> str:
    return "".join(key.split())


def _table_of_runs(path: Path) -> tuple[list[str], list[Stated]]:
    """A row a run, a column a key of `--set`; an empty cell leaves the plan as it is."""
    raw = read_runs(path)
    found: list[Stated] = []
    for position, row in enumerate(raw.rows):
        cells = {name: row[column - 1].strip() for name, column in raw.header.items()}
        plan = cells.get(PLAN)
        keys = [key for key, cell in cells.items() if cell and key not in (PLAN, NAME)]
        words = tuple(f"{key}={cells[key]}" for key in keys)
        places = tuple(raw.place(position, key).shown for key in keys)
        at = Place(raw.file(position), raw.lines[position]).shown
        found.append((path.parent / plan if plan else None, words, tuple(cells.values()), at, places))
    return list(raw.header), found


def hash_of(plan: Plan) -> str:
    """What a plan says, as a hash: its settings and tables as they were resolved, whatever file or key they came from."""
    settings = plan.settings.model_dump(mode="json", exclude={"name", "extends", "tables", "allow", "own_limits"})
    tables = {name: table.columns for name, table in plan.tables.items() if len(table)}
    own = [[each.source.sha256, {name: table.columns for name, table in each.tables.items()}] for each in plan.own_limits or ()]
    text = json.dumps([settings, tables, own], sort_keys=True, default=str, ensure_ascii=False)
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()[:32]
