"""Compare two finished runs, from their written files alone: inputs, plan and cost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from planner.errors import UsageError
from planner.plan.calendar import discount_factor, month_number
from planner.runs.compare.inputs import input_differences
from planner.runs.compare.results import (
    OF_COLUMN,
    RELATIVE,
    capacity,
    cost_by_place,
    headlines,
    idle_chips,
    limits,
    orbit,
    power_by_option,
    served,
    table_differences,
    waterfall,
)
from planner.runs.read import Written, read_written

__all__ = ["OF_COLUMN", "RELATIVE", "Comparison", "compare", "compare_written"]


@dataclass(frozen=True)
class Comparison:
    """What differs from A to B. Differences are B less A; ``months`` are those that both plans have.

    ``inputs``, ``results`` and so on are tables, one row a fact with its unit; ``results`` counts cells beyond the
    tolerance."""

    a: Written
    b: Written
    months: tuple[str, ...]
    inputs: pd.DataFrame
    results: pd.DataFrame
    headlines: pd.DataFrame
    cost: pd.DataFrame
    cost_by_place: pd.DataFrame
    capacity: pd.DataFrame
    power: pd.DataFrame
    idle_chips: pd.DataFrame
    served: pd.DataFrame
    orbit: pd.DataFrame
    limits: pd.DataFrame

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader must know first: files changed by hand, another cost scope, objective, horizon or version."""
        return self.notes_on("A", "B")

    def notes_on(self, a: str, b: str) -> tuple[str, ...]:
        """The same with other names for the two runs."""
        return tuple(_notes(((a, self.a), (b, self.b)), self.months))

    @property
    def different(self) -> bool:
        return bool(len(self.inputs) or len(self.results))

    def tables(self) -> dict[str, pd.DataFrame]:
        """Every table by its name, in the order of reading."""
        names = "inputs headlines cost cost_by_place capacity power idle_chips served orbit limits results".split()
        return {name: getattr(self, name) for name in names}


def compare(a: Path, b: Path) -> Comparison:
    """Compare two result folders. Raises UsageError for one that is incomplete, unreadable, or without a month in common."""
    return compare_written(read_written(a), read_written(b))


def compare_written(a: Written, b: Written) -> Comparison:
    """Compare two runs that were read."""
    months = tuple(month for month in a.months if month in b.months)
    if not months:
        raise UsageError(f"{a.folder} ends {a.months[-1]} and {b.folder} begins {b.months[0]}: no month in common")
    whole = a.months == b.months
    one, two = (_common(each, months, whole) for each in (a, b))
    cells, two = table_differences(one, two), {**two, **_in_money_of(a, b, two)}
    last = months[-1]
    return Comparison(
        a,
        b,
        months,
        input_differences(a, b),
        cells,
        headlines(one, two, last),
        waterfall(one["costs"], two["costs"]),
        cost_by_place(one["costs"], two["costs"]),
        capacity(one, two, months),
        power_by_option(one, two, last),
        idle_chips(one, two, last),
        served(one, two, months),
        orbit(one, two, last),
        limits(one, two),
    )


def _common(run: Written, months: tuple[str, ...], whole: bool) -> dict[str, pd.DataFrame]:
    """The tables in these months; those without months only where the horizons are the same."""
    if whole:
        return {name: table for name, table in run.tables.items() if name != "summary"}
    dated = {name: table for name, table in run.tables.items() if "month" in table}
    return {name: table[table["month"].isin(months)].reset_index(drop=True) for name, table in dated.items()}


def _in_money_of(a: Written, b: Written, tables: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Tables of b with their discounted money in that of the first month of a, at the rate of b."""
    later = month_number(b.months[0]) - month_number(a.months[0])
    if not later:
        return {}
    factor = discount_factor(later, float(b.setting("discount_frac_per_year") or 0.0))
    money = {"costs": "discounted_musd", "limits": "rent_musd"}
    return {name: tables[name].assign(**{of: factor * tables[name][of]}) for name, of in money.items() if name in tables}


def _notes(named: tuple[tuple[str, Written], tuple[str, Written]], months: tuple[str, ...]) -> list[str]:
    (one, a), (two, b) = named
    notes = [f"{name} is {each.edited}" for name, each in named if each.edited]
    for key, words in (
        ("boundary", "the costs of one count what the other leaves out"),
        ("objective", "neither minimises what the other does, and unserved compute has a price in value alone"),
    ):
        if a.setting(key) != b.setting(key):
            notes.append(f"{key}: {a.setting(key)} in {one}, {b.setting(key)} in {two}; {words}")
    if a.months != b.months:
        spans = ", ".join(f"{each.months[0]} to {each.months[-1]} in {name}" for name, each in named)
        notes.append(f"horizon: {spans}; compared are the {len(months)} months from {months[0]} to {months[-1]}")
    if a.months[0] != b.months[0]:
        notes.append(
            f"discounted money of both is that of {a.months[0]}; that of {two} is counted from {b.months[0]} in its own report"
        )
    ahead = [each.setting("look_ahead_months") or "0" for each in (a, b)]
    if ahead[0] != ahead[1]:
        notes.append(f"look-ahead: {ahead[0]} months in {one}, {ahead[1]} in {two}; scarcity values count it, costs do not")
    if a.setting("discount_frac_per_year") != b.setting("discount_frac_per_year"):
        notes.append("discounted money: the rates differ, so that the same payment counts differently")
    notes += [
        f"{name} stopped at its time limit: "
        f"cost and unserved work could be up to {each.solver.get('relative_gap', 1.0):.1%} less"
        for name, each in named
        if each.status == "time_limit"
    ]
    notes += [
        f"{name} is an alternative to an optimum: it costs more than the least, by choice"
        for name, each in named
        if each.status == "alternative"
    ]
    old, new = (each.manifest.get("versions", {}) for each in (a, b))
    if isinstance(old, dict) and isinstance(new, dict):
        other = [
            f"{name} {old.get(name, 'none')} and {new.get(name, 'none')}"
            for name in {**old, **new}
            if old.get(name) != new.get(name)
        ]
        notes += [f"made with other versions: {', '.join(other)}"] if other else []
    return notes
