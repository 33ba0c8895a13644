"""Which assumptions decide: each at its low and its high end, the plan solved again, and what changes.

Each is changed alone, by what `--set` takes or by a plan file, so that it can be run and read whole. Nothing is extrapolated:
the plan may choose other sites, orders and launches in each. Of the five that change the objective most, each pair can be
changed together: where that does something else than the sum of the two, they interact.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from planner.errors import InputError, UsageError, require_some_of
from planner.progress import Progress
from planner.schema.results import AS_PLANNED
from planner.studies.assumptions import ENDS, KINDS, STATED, Assumption, assumptions
from planner.studies.cases import Case
from planner.studies.jobs import Start, in_turn
from planner.studies.points import OPTIMAL
from planner.studies.sweep import Shelf, sweep

if TYPE_CHECKING:
    from planner.plan.plan import Plan

BY = 0.2
FIRST = 5
"""Assumptions that are named for each headline, and whose pairs are solved."""

METRICS = ("cost_musd", "served_frac", "dark_end_mh100e", "displaced_end_mh100e", "orbit_gap_usd_per_kw", "objective_musd")
"""What is compared: columns of a sweep."""
OBJECTIVE = METRICS[-1]

COLUMNS = ["assumption", "kind", "end", "stated", "set", "status", *METRICS, *(f"{name}_change" for name in METRICS), "note"]
DECIDING = ["headline", "rank", "assumption", *(f"{end}_{what}" for end in ENDS for what in ("stated", "change"))]
PAIRED = ["first", "first_end", "second", "second_end", "status"]
PAIRED += [f"{name}_{what}" for name in METRICS for what in ("together", "sum", "interaction")]
REFUSED = "refused"
STEADY = 1e-9
"""Of a number, or of 1 where it is smaller: less is the noise of two solves, and no change."""

Row = Mapping[Any, Any]


@dataclass(frozen=True)
class Sensitivity:
    """``rows``: the plan itself, then two rows an assumption, low and high (COLUMNS). Changes are those from the plan itself;
    empty where a plan is not optimal, and for `refused`, which the readers do not accept. ``pairs``: two assumptions changed
    together (PAIRED); empty where nobody asked. ``kept``: how many were kept from an earlier call."""

    plan: str
    rows: pd.DataFrame
    kept: int
    pairs: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=PAIRED))

    def tables(self) -> dict[str, pd.DataFrame]:
        """The rows, which assumptions decide what, and the pairs, for CSV."""
        pairs = {"interactions": self.pairs} if len(self.pairs) else {}
        return {"sensitivity": self.rows, "deciding": self.deciding(), **pairs}

    def deciding(self) -> pd.DataFrame:
        """For each headline the first assumptions (DECIDING), with what each end does to it, in the headline's own unit."""
        stated = {(row["assumption"], row["end"]): row["stated"] for row in self.rows.to_dict("records")}
        rows = [
            {"headline": metric, "rank": rank, "assumption": name}
            | {f"{end}_stated": stated.get((name, end), "") for end in ENDS}
            | {f"{end}_change": ends.get(end, float("nan")) for end in ENDS}
            for metric in METRICS
            for rank, (name, ends) in enumerate(self.ranked(metric, FIRST), start=1)
        ]
        return pd.DataFrame(rows, columns=DECIDING)

    def ranked(self, metric: str, most: int) -> list[tuple[str, dict[str, float]]]:
        """The assumptions that move a metric most, each with the change at either end, without those that do not move it."""
        found: dict[str, dict[str, float]] = {}
        for row in self.rows[self.rows["status"] == OPTIMAL].to_dict("records"):
            change = row[f"{metric}_change"]
            if row["assumption"] != AS_PLANNED and change == change:
                found.setdefault(str(row["assumption"]), {})[str(row["end"])] = float(change)
        swing = {name: max(abs(each) for each in ends.values()) for name, ends in found.items()}
        scale = max(1.0, *(abs(each) for each in self.rows[metric].fillna(0.0)))
        order = sorted((name for name in found if swing[name] > STEADY * scale), key=lambda name: -swing[name])
        return [(name, found[name]) for name in order[:most]]


def sensitivity(
    plan: Plan,
    by: float = BY,
    kinds: Sequence[str] = STATED,
    progress: Progress | None = None,
    shelf: Shelf | None = None,
    start: Start = in_turn,
    *,
    ends: Path | None = None,
    interactions: bool = False,
) -> Sensitivity:
    """Solve a plan with each assumption at either end. ``ends``: a folder of plans, as `assumptions` reads it;
    ``interactions``: also with each pair of the first five, each at the end where it changes the objective more.

    Raises UsageError for unknown kinds, a share that is not between 0 and 1, and a plan without any such assumption."""
    asked, progress = asked_of(plan, by, kinds, ends), progress or Progress()
    both = [(each, end) for each in asked for end in ENDS]
    cases = [case_of(plan, f"{each.name}, {end}", each.words(each.at(end)), each.files.get(end)) for each, end in both]
    (base, *points), kept = solved("assumption", [case_of(plan, AS_PLANNED, ())], cases, progress, shelf, start)
    rows = [_row({**dict.fromkeys(COLUMNS[:5], ""), "assumption": AS_PLANNED, "note": ""}, base, base)]
    for (each, end), point in zip(both, points, strict=True):
        named = _named(each, end)
        rows.append({**named, **point} if point["status"] == REFUSED else _row(named, point, base))
    made = Sensitivity(plan.name, pd.DataFrame(rows, columns=COLUMNS), kept)
    return _with_pairs(plan, made, asked, progress, shelf, start) if interactions else made


def asked_of(plan: Plan, by: float, kinds: Sequence[str], ends: Path | None = None) -> list[Assumption]:
    """The assumptions that are changed. Raises as `sensitivity` does."""
    require_some_of("--of", kinds, KINDS)
    if "files" in kinds and ends is None:
        raise UsageError("--of files needs --ends, the folder of the plans with an assumption at either end")
    if not 0.0 < by < 1.0:
        raise UsageError(f"--by {100 * by:g}%: expected more than 0% and less than 100%")
    asked = assumptions(plan, by, kinds, ends)
    if not asked:
        raise UsageError(f"{plan.name} has none of these assumptions: no table of sources with estimates of inputs, no groups")
    return asked


def case_of(plan: Plan, said: str, words: Sequence[str], path: Path | None = None) -> Case:
    """A plan with some words set, or another in its place."""
    given = plan.overrides
    return Case(str(path or plan.path), (*given, *words), (said,), bool(plan.own_limits), len(given))


def solved(
    key: str, first: Sequence[Case], cases: Sequence[Case], progress: Progress, shelf: Shelf | None, start: Start
) -> tuple[list[dict[Any, Any]], int]:
    """Solve cases, ``first`` those that must be readable; those of ``cases`` that the readers refuse are left out.

    Returns a row of the sweep for each case, with an empty note (status and note alone of one that is refused), and how many
    were kept from an earlier call."""
    refused = _refusals(cases, progress)
    taken = [*first, *(case for case, reason in zip(cases, refused, strict=True) if not reason)]
    if not taken:
        return [{"status": REFUSED, "note": reason} for reason in refused], 0
    found = sweep([key], taken, progress, False, shelf, start)
    points = iter(found.points.assign(note="").to_dict("records"))
    reasons = [*("" for _ in first), *refused]
    return [{"status": REFUSED, "note": reason} if reason else next(points) for reason in reasons], found.kept


def _refusals(cases: Sequence[Case], progress: Progress) -> list[str]:
    """Why the readers refuse each case, in a line; empty where they accept it."""
    found = []
    with progress.phase("read"):
        for number, case in enumerate(cases, start=1):
            try:
                case.read()
                found.append("")
            except InputError as error:
                found.append(str(error).splitlines()[0])
            progress.count(number, len(cases), "plans")
    return found


def _with_pairs(
    plan: Plan, found: Sensitivity, asked: Sequence[Assumption], progress: Progress, shelf: Shelf | None, start: Start
) -> Sensitivity:
    """The same with each pair of the first assumptions. Two that are both held by files cannot be changed together."""
    by_name = {each.name: each for each in asked}
    first = [(by_name[name], max(ends, key=lambda end: abs(ends[end]))) for name, ends in found.ranked(OBJECTIVE, FIRST)]
    pairs = [(one, other) for one, other in itertools.combinations(first, 2) if not (one[0].files and other[0].files)]
    cases = []
    for (one, end), (other, other_end) in pairs:
        words = (*one.words(one.at(end)), *other.words(other.at(other_end)))
        path = one.files.get(end) or other.files.get(other_end)
        cases.append(case_of(plan, f"{one.name}, {end}, and {other.name}, {other_end}", words, path))
    points, kept = solved("pair", [], cases, progress, shelf, start)
    base, *singles = found.rows.to_dict("records")
    single = {(row["assumption"], row["end"]): row for row in singles}
    rows = []
    for ((one, end), (other, other_end)), point in zip(pairs, points, strict=True):
        named = {"first": one.name, "first_end": end, "second": other.name, "second_end": other_end}
        if point["status"] == REFUSED:
            rows.append({**named, "status": REFUSED})
        else:
            rows.append(named | _interaction(point, base, single[one.name, end], single[other.name, other_end]))
    return Sensitivity(found.plan, found.rows, found.kept + kept, pd.DataFrame(rows, columns=PAIRED))


def _interaction(pair: Row, base: Row, one: Row, other: Row) -> dict[str, Any]:
    """What two changes do together, the sum of what they do alone, and the difference."""
    row: dict[str, Any] = {"status": pair["status"]}
    for name in METRICS:
        together = pair[name] - base[name]
        alone = one[f"{name}_change"] + other[f"{name}_change"]
        of_two = {"together": together, "sum": alone, "interaction": together - alone}
        row |= {f"{name}_{what}": without_noise(change, base[name]) for what, change in of_two.items()}
    return row


def _named(each: Assumption, end: str) -> dict[str, Any]:
    told = {"assumption": each.name, "kind": each.kind, "end": end, "stated": each.stated(end)}
    words = str(each.files[end]) if each.files else " ".join(each.words(each.at(end)))
    return {**told, "set": words, "note": each.note}


def _row(named: Mapping[str, Any], point: Row, base: Row) -> dict[str, Any]:
    numbers = {name: point[name] for name in METRICS}
    changes = {f"{name}_change": without_noise(point[name] - base[name], base[name]) for name in METRICS}
    return {**named, "status": point["status"], **numbers, **changes}


def without_noise(change: float, base: float) -> float:
    """A change from ``base``; zero for what two solves of one plan may differ by."""
    return 0.0 if abs(change) <= STEADY * max(1.0, abs(base)) else change
