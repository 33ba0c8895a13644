"""Which assumptions decide: each at the low and the high end of its estimate, the plan solved again, and what changes.

Assumptions are the estimates of the table of sources that name an input with a low and a high end, and named groups of numbers,
a share lower and higher. Each is changed alone, by what `--set` takes, so that it can be run and read whole. Nothing is
extrapolated: the plan may choose other sites, orders and launches in each.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from planner.errors import InputError, UsageError, require_some_of
from planner.formats import number
from planner.plan.citations import JUDGEMENT, cited
from planner.progress import Progress
from planner.studies.cases import Case
from planner.studies.jobs import Start, in_turn
from planner.studies.points import OPTIMAL
from planner.studies.sweep import Shelf, sweep

if TYPE_CHECKING:
    from planner.plan.plan import Plan

BY = 0.2
KINDS = ("estimates", "groups")
GROUPS = {
    "demand": ("demand.start_kh100e",),
    "value of compute": ("classes.value_usd_per_h100e_h", "classes.core_value_usd_per_h100e_h"),
    "deliveries of chips": ("deliveries.kunit",),
    "growth of power": ("power.step_mw_per_month",),
    "supply of plants": ("supply.mw",),
    "growth of halls": ("regions.shell_step_mw_per_month",),
    "prices of energy": ("power.energy_usd_per_mwh", "fuels.usd_per_mmbtu"),
    "capital of power": ("power.capex_usd_per_kw",),
    "capital of halls": ("regions.shell_usd_per_kw",),
    "launch price": ("launch_price.usd_per_kg",),
    "tonnes to orbit": ("launch.tonnes",),
}
"""Numbers that are changed together, by name."""

METRICS = ("cost_musd", "served_frac", "dark_end_mh100e", "displaced_end_mh100e", "orbit_gap_usd_per_kw", "objective_musd")
"""What is compared: columns of a sweep."""

COLUMNS = ["assumption", "kind", "end", "stated", "set", "status", *METRICS, *(f"{name}_change" for name in METRICS), "note"]
PLANNED, REFUSED = "as planned", "refused"
STEADY = 1e-9


@dataclass(frozen=True)
class Assumption:
    """A number or a group of them at one end. ``stated``: what it becomes, in words; ``words``: for `--set`."""

    name: str
    kind: str
    end: str
    stated: str
    words: tuple[str, ...]
    note: str = ""


@dataclass(frozen=True)
class Sensitivity:
    """``rows``: the plan itself, then two rows an assumption, low and high (COLUMNS). Changes are those from the plan itself;
    empty where a plan is not optimal, and for `refused`, which the readers do not accept. ``kept``: how many were kept from
    an earlier call."""

    plan: str
    rows: pd.DataFrame
    kept: int

    def tables(self) -> dict[str, pd.DataFrame]:
        """The rows, for CSV."""
        return {"sensitivity": self.rows}

    def ranked(self, metric: str, most: int) -> list[tuple[str, dict[str, float]]]:
        """The assumptions that move a metric most, each with the change at either end, without those that do not move it."""
        found: dict[str, dict[str, float]] = {}
        for row in self.rows[self.rows["status"] == OPTIMAL].to_dict("records"):
            change = row[f"{metric}_change"]
            if row["assumption"] != PLANNED and change == change:
                found.setdefault(str(row["assumption"]), {})[str(row["end"])] = float(change)
        swing = {name: max(abs(each) for each in ends.values()) for name, ends in found.items()}
        scale = max(1.0, *(abs(each) for each in self.rows[metric].fillna(0.0)))
        order = sorted((name for name in found if swing[name] > STEADY * scale), key=lambda name: -swing[name])
        return [(name, found[name]) for name in order[:most]]


def sensitivity(
    plan: Plan,
    by: float = BY,
    kinds: Sequence[str] = KINDS,
    progress: Progress | None = None,
    shelf: Shelf | None = None,
    start: Start = in_turn,
) -> Sensitivity:
    """Solve a plan with each assumption at either end. Raises UsageError for unknown kinds, a share that is not between 0 and
    1, and a plan without any such assumption."""
    require_some_of("--of", kinds, KINDS)
    if not 0.0 < by < 1.0:
        raise UsageError(f"--by {100 * by:g}%: expected more than 0% and less than 100%")
    progress = progress or Progress()
    given, own = plan.overrides, bool(plan.own_limits)
    asked = list(assumptions(plan, by, kinds))
    if not asked:
        raise UsageError(f"{plan.name} has none of these assumptions: no table of sources with estimates of inputs, no groups")
    cases = [Case(str(plan.path), given, (PLANNED,), own, len(given))]
    refused = []
    with progress.phase("read"):
        for each in asked:
            case = Case(str(plan.path), (*given, *each.words), (f"{each.name}, {each.end}",), own, len(given))
            refused.append(_refusal(case))
            cases += [] if refused[-1] else [case]
    found = sweep(["assumption"], cases, progress, False, shelf, start)
    base, *points = found.points.to_dict("records")
    solved = iter(points)
    rows = [_row(Assumption(PLANNED, "", "", "", ()), base, base)]
    for each, reason in zip(asked, refused, strict=True):
        rows.append({**_named(each), "status": REFUSED, "note": reason} if reason else _row(each, next(solved), base))
    return Sensitivity(plan.name, pd.DataFrame(rows, columns=COLUMNS), found.kept)


def assumptions(plan: Plan, by: float, kinds: Sequence[str]) -> Iterator[Assumption]:
    """What is changed, estimates first; what the plan does not have is left out."""
    if "estimates" in kinds:
        yield from _estimates(plan)
    for name, keys in GROUPS.items() if "groups" in kinds else ():
        held = [key for key in keys if _holds(plan, key)]
        for end, factor in (("low", 1.0 - by), ("high", 1.0 + by)) if held else ():
            stated = f"{100 * by:g} % {'less' if end == 'low' else 'more'}"
            yield Assumption(name, "group", end, stated, tuple(f"{key}*={factor:.12g}" for key in held))


def _estimates(plan: Plan) -> Iterator[Assumption]:
    names = ("source_id", "kind", "input", "low", "high", "unit", "note")
    for row in plan.tables["sources"].select(*names):
        told = dict(zip(names, row, strict=True))
        if not told["input"] or told["low"] is None or told["high"] is None:
            continue
        for end in ("low", "high"):
            words = _words(plan, told, float(told[end]))
            if words:
                stated = f"{number(float(told[end]), 4)} {str(told['unit']).replace('_', ' ')}".strip()
                yield Assumption(str(told["source_id"]), "estimate", end, stated, words, str(told["note"] or ""))


def _words(plan: Plan, told: Mapping[str, Any], value: float) -> tuple[str, ...]:
    """An input at one end of its estimate: a key of the plan; a column, in the rows that name the judgement where some do."""
    table_name, _, column = str(told["input"]).partition(".")
    table = plan.tables.get(table_name)
    if table is None or column not in table.columns:  # the readers accept nothing else but a key of the plan
        return (f"{told['input']}={value:.12g}",)
    if not len(table):
        return ()
    naming = [key for key, source in zip(table.keys, table.columns["source"], strict=True) if _names(str(source or ""), told)]
    if not naming or len(naming) == len(table):
        return (f"{table_name}.{column}={value:.12g}",)
    return tuple(f"{table_name}[{','.join(map(str, key))}].{column}={value:.12g}" for key in naming)


def _names(source: str, told: Mapping[str, Any]) -> bool:
    """Whether the source of a row names the estimate; a name that ends in `_` stands for all that begin so."""
    found = cited(source)
    listed = found.judgements if told["kind"] == JUDGEMENT else found.publications
    name = str(told["source_id"])
    return any(name == each or (each.endswith("_") and name.startswith(each)) for each in listed)


def _holds(plan: Plan, key: str) -> bool:
    table, _, column = key.partition(".")
    return any(plan.tables[table].column(column))


def _refusal(case: Case) -> str:
    """Why the readers refuse a case, in a line; empty where they accept it."""
    try:
        case.read()
    except InputError as error:
        return str(error).splitlines()[0]
    return ""


def _named(each: Assumption) -> dict[str, Any]:
    return {
        "assumption": each.name,
        "kind": each.kind,
        "end": each.end,
        "stated": each.stated,
        "set": " ".join(each.words),
        "note": each.note,
    }


def _row(each: Assumption, point: Mapping[Any, Any], base: Mapping[Any, Any]) -> dict[str, Any]:
    numbers = {name: point[name] for name in METRICS}
    changes = {f"{name}_change": point[name] - base[name] for name in METRICS}
    return {**_named(each), "status": point["status"], **numbers, **changes}
