"""Many plans, each solved to its own optimum, in this process or by workers; what is done is kept as it ends.

A plan that differs from the one before in prices or limits alone is warm-started; any other is solved from scratch. The order
does not matter for the results: each is an optimum of its own.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from planner.errors import InputError
from planner.findings import Findings
from planner.formats import count
from planner.progress import Progress
from planner.studies.cases import Case, hash_of
from planner.studies.jobs import Files, Kept, Start, in_turn
from planner.studies.points import HEADLINES, NOT_SOLVED, OPTIMAL, Point, Record, is_settled

MOST_REFUSED = 20
"""Findings after which no further plan is read."""


@dataclass(frozen=True)
class Failure:
    """Why a point has no plan, and the exit code of `planner run` for it."""

    message: str
    exit_code: int

    def __str__(self) -> str:
        return self.message


@dataclass(frozen=True, repr=False)
class Sweep:
    """``points``: one row a point. Columns: point, one for each of ``keys`` (numbers where all are, else text), status
    (`optimal`, `infeasible`, `unbounded`, `numerical_trouble`, `worker_lost`, `not_solved` after Ctrl-C), objective_musd (what
    was minimised, the look-ahead included), and those of HEADLINES, which count the horizon; empty unless optimal.

    Where several plans cost the same, the headlines are those of one of them. ``failures``: by point, why it has no plan.
    ``warm``: how many were warm-started; ``kept``: how many an earlier sweep into the same folder had solved.
    ``inputs``: the tables of the first plan, which name things."""

    keys: tuple[str, ...]
    points: pd.DataFrame
    failures: dict[int, Failure]
    warm: int
    kept: int
    inputs: Mapping[str, Mapping[str, list[Any]]]

    def __repr__(self) -> str:
        return f"<sweep of {', '.join(self.keys)}: {self.solved} of {count(len(self.points), 'plan')} optimal>"

    def _repr_html_(self) -> str:
        table = self.points.to_html(index=False, max_rows=60, float_format="{:.6g}".format)
        return f"<p>{html.escape(repr(self)[1:-1])}</p>{table}"

    @property
    def solved(self) -> int:
        return int((self.points["status"] == OPTIMAL).sum())

    @property
    def interrupted(self) -> bool:
        return bool((self.points["status"] == NOT_SOLVED).any())

    def tables(self) -> dict[str, pd.DataFrame]:
        """The points, for CSV."""
        return {"sweep": self.points}


@dataclass(frozen=True)
class Shelf:
    """Where records of points are kept by the hash of their plan, and looked up."""

    find: Callable[[str], Mapping[str, Any]] = lambda _: {}
    put: Callable[[str, Record], None] = lambda _, __: None


def sweep(
    keys: Sequence[str],
    cases: Sequence[Case],
    progress: Progress | None = None,
    keep: bool = False,
    shelf: Shelf | None = None,
    start: Start = in_turn,
) -> Sweep:
    """Solve ``cases``; the files of each are read again when its turn comes, so that many take no more memory than one.

    All are read before the first is solved: InputError names what is refused. Equal plans are solved once. ``keep``: at Ctrl-C
    the points that are done are returned, the others as `not_solved`; ``shelf`` has them in any case."""
    progress, shelf = progress or Progress(), shelf or Shelf()
    with progress.phase("read"):
        hashes = _hashes(cases)
        first = cases[0].read()
    done: dict[str, Record] = {}
    places: dict[str, int] = {}
    for number, wanted in enumerate(hashes, start=1):
        places.setdefault(wanted, number)
    for wanted in places:
        record = shelf.find(wanted)
        if is_settled(record, wanted):
            done[wanted] = dict(record)
    kept = len(done)
    numbers = [number for wanted, number in places.items() if wanted not in done]
    if kept:
        progress.say(f"{kept} of {len(places)} points were solved by an earlier sweep")
    try:
        with progress.phase("points"), start(progress, Kept()) as run:
            for place, record in run([Point(Files(cases[number - 1], hashes[number - 1])) for number in numbers]):
                shelf.put(record["hash"], record)  # first: after Ctrl-C here the table must not have a point that is not kept
                done[record["hash"]] = record
                ended = len(done)
                progress.say(f"{ended} of {len(places)}: {cases[numbers[place] - 1].said()}: {record['status']}")
                progress.count(ended - kept, len(numbers), "points")
    except KeyboardInterrupt:
        if not keep:
            raise
    records = [done.get(wanted, {"status": NOT_SOLVED}) for wanted in hashes]
    failures = {
        number: Failure(str(record["message"]), int(record["exit_code"]))
        for number, record in enumerate(records, start=1)
        if "message" in record
    }
    warm = sum(bool(done.get(hashes[number - 1], {}).get("warm")) for number in numbers)
    return Sweep(tuple(keys), _table(keys, cases, records), failures, warm, kept, first.columns)


def _hashes(cases: Sequence[Case]) -> list[str]:
    """The hash of each plan. Raises one InputError for the first plans that are refused."""
    found, refused = [], Findings()
    for case in cases:
        try:
            found.append(hash_of(case.read()))
        except InputError as error:
            refused.items += error.findings
        if len(refused.items) >= MOST_REFUSED:
            break
    refused.raise_if_any(more=True)
    return found


def _table(keys: Sequence[str], cases: Sequence[Case], records: Sequence[Record]) -> pd.DataFrame:
    columns: dict[str, object] = {"point": range(1, len(cases) + 1)}
    columns |= {name: _values([case.values[place] for case in cases]) for place, name in enumerate(keys)}
    columns["status"] = [record["status"] for record in records]
    for name in ("objective_musd", *HEADLINES.values()):
        absent = [0.0 if name == "unserved_value_musd" and "numbers" in record else np.nan for record in records]
        cells = [record.get("numbers", {}).get(name, none) for record, none in zip(records, absent, strict=True)]
        columns[name] = np.array(cells, dtype=float)  # a file holds null for what is no number
    return pd.DataFrame(columns)


def _values(cells: Sequence[str]) -> list[float] | list[str]:
    """Numbers where all are, empty cells aside."""
    try:
        return [float(cell) if cell else np.nan for cell in cells]
    except ValueError:
        return list(cells)
