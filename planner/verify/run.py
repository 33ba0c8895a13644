"""A run folder in memory: the plan, its input tables, its result tables, its manifest, as arrays in the one index order."""

from __future__ import annotations

import calendar
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, wraps
from pathlib import Path
from typing import Any, TypeVar, cast

import numpy as np
import pandas as pd

from planner.verify.schema import INPUTS, RESULTS
from planner.verify.verdict import Array, Check, finding

One = TypeVar("One")
Other = TypeVar("Other")
Derived = TypeVar("Derived")
NDArrayBool = np.ndarray[Any, np.dtype[np.bool_]]
Indices = np.ndarray[Any, np.dtype[np.intp]]
Codes = tuple[tuple[int, ...], NDArrayBool, Indices]
MARKET = "market"
"""The owner of chips that are sold."""
START = "start"
"""What stands for a batch where all that is installed at the start is meant."""
HALLS = "halls"
"""What an order names instead of an option."""
ORBIT = "orbit"
"""What stands for a nation where a place is in orbit."""


class UnreadableError(Exception):
    """The run folder cannot be read as numbers; holds the findings that say why."""

    def __init__(self, findings: Sequence[Check]) -> None:
        super().__init__("; ".join(check.sentence for check in findings))
        self.findings = tuple(findings)


@dataclass(frozen=True)
class Run:
    """A run folder in memory. `cube` gives any column as a dense array in the one index order."""

    folder: Path
    plan: Mapping[str, Any]
    inputs: Mapping[str, pd.DataFrame]
    tables: Mapping[str, pd.DataFrame]
    manifest: Mapping[str, Any]
    months: tuple[str, ...]
    """All that were decided."""
    reported: int
    """How many of them are the horizon; the others are the look-ahead."""
    _codes: dict[str, Codes] = field(init=False, default_factory=dict, repr=False)
    derived: dict[Any, Any] = field(init=False, default_factory=dict, repr=False)  # what `once` keeps

    def number(self, key: str, default: float) -> float:
        """A number of the plan by its dotted key."""
        value = dig(self.plan, key)
        if value is None:
            return default
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not np.isfinite(value):
            raise UnreadableError([finding("plan.yaml", f"plan.yaml: {key} must be a number, not {value!r}")])
        return float(value)

    def word(self, key: str, default: str, allowed: Sequence[str]) -> str:
        """A word of the plan by its dotted key."""
        value = dig(self.plan, key)
        word = default if value is None else str(value)
        if word not in allowed:
            raise UnreadableError([finding("plan.yaml", f"plan.yaml: {key} must be one of {', '.join(allowed)}, not {word!r}")])
        return word

    @property
    def by_value(self) -> bool:
        """Whether unserved compute is priced; else the most is served first, and then the cost is the least."""
        return self.word("objective", "value", ("value", "energy")) == "value"

    @property
    def facility(self) -> bool:
        """Whether halls count as a cost."""
        return self.word("boundary", "facility", ("energy", "facility")) == "facility"

    @property
    def unfinished(self) -> bool:
        """Whether the plan says of itself that a time limit left it unfinished."""
        return bool(dig(self.manifest, "solver.status") == "time_limit")

    @property
    def alternative(self) -> bool:
        """Whether the plan says of itself that it is an alternative to the optimum."""
        return bool(dig(self.manifest, "solver.status") == "alternative")

    @property
    def suboptimal(self) -> bool:
        """Whether the plan says of itself that it is not the best: then it has no prices, and its gap is stated."""
        return self.unfinished or self.alternative

    @cached_property
    def launched_before(self) -> tuple[str, ...]:
        """Months of launch of what is in orbit at the start."""
        stated = (str(month) for month in self.inputs["vintages"]["launch_month"])
        return tuple(sorted({month for month in stated if is_month(month) and month < self.months[0]}))

    def of_vintages(self, column: str) -> Array:
        """A coefficient of what is launched within the plan, [o,v,t]."""
        return self.cube("orbit_coefficients", column)[:, len(self.launched_before) :]

    @property
    def past(self) -> int:
        """Months of the first plan year before the start."""
        stated = dig(self.plan, "national.years_from")
        return (serial(self.months[0]) - serial(str(stated))) % 12 if is_month(str(stated)) else 0

    @cached_property
    def plan_year(self) -> Indices:
        """In which plan year each month is, from 0."""
        return np.asarray((np.arange(len(self.months)) + self.past) // 12)

    @cached_property
    def axes(self) -> Mapping[str, tuple[str, ...]]:
        """The known names of every key column."""
        regions, designs = self._names("regions", "region_id"), self._names("designs", "design_id")
        zones = self.inputs["zones"]
        blocs = tuple(name for name in dict.fromkeys(zones["bloc"]) if name not in set(zones["zone_id"]))
        countries = [*self._names("regions", "country_iso2"), *self._names("zones", "country_iso2")]
        nations = tuple(dict.fromkeys([*countries, *([ORBIT] if designs else [])]))
        return {
            "region_id": regions,
            "design_id": designs,
            "place_id": regions + designs,
            "option_id": self._names("options", "option_id"),
            "generation_id": self._names("accelerators", "generation_id"),
            "project_id": self._names("projects", "project_id"),
            "target_id": self._names("targets", "target_id"),
            "reservation_id": self._names("reservations", "reservation_id"),
            "owner_id": (*self._names("owners", "owner_id"), MARKET),
            "batch": self._batches(),
            "zone_id": self._names("zones", "zone_id"),
            "class_id": self._names("classes", "class_id"),
            "pool_id": self._names("zones", "zone_id") + blocs,
            "country_iso2": nations,
            "asked_in": nations,
            "served_in": nations,
            "month": self.months,
            "delivered_month": self.months,
            "launch_month": self.launched_before + self.months,
            "year": tuple(dict.fromkeys(month[:4] for month in self.months[: self.reported])),
            "plan_year": tuple(str(year) for year in range(1, int(self.plan_year[-1]) + 2)),
            "slice_id": tuple(dict.fromkeys(str(name) for name in self.tables["slices"]["slice_id"])),
        }

    def _names(self, table: str, column: str) -> tuple[str, ...]:
        """In the order of the rows; a name that two rows bear, which `read_run` refuses, once."""
        return tuple(dict.fromkeys(str(name) for name in self.inputs[table][column]))

    def _batches(self) -> tuple[str, ...]:
        """`start`, then the months of delivery from which a chip in stock could reach the end of its life within the plan."""
        life = min(np.maximum(1, np.rint(12.0 * self.vector("inputs.accelerators", "life_years"))), default=1.0)
        months = {serial(name) for name in self.months}
        start = serial(self.months[0])
        fleet, ways = self.inputs["fleet"], self.inputs["chip_moves"]
        moving = fleet[fleet["region_id"].isin(ways["from_id"]).to_numpy(dtype=bool)]
        for first, last in records(pd.concat([self.inputs["dark"], moving]), ("delivered_from", "delivered_to")):
            end = serial(last) if is_month(last) else start - 1
            months |= set(range(serial(first) if is_month(first) else end, end + 1))
        months |= {serial(str(name)) for name in self.inputs["arrivals"]["delivered_month"] if is_month(str(name))}
        ending = sorted(month for month in months if month - start + life < len(self.months))
        return (START, *(month_word(month) for month in ending))

    def table(self, name: str) -> pd.DataFrame:
        """A table by its name, `inputs.x` or `x` for a result."""
        kind, _, rest = name.rpartition(".")
        return self.inputs[rest] if kind else self.tables[rest]

    def keys(self, name: str) -> tuple[str, ...]:
        """The key columns of a table."""
        kind, _, rest = name.rpartition(".")
        return (INPUTS if kind else RESULTS)[rest].keys

    def codes(self, name: str) -> Codes:
        """Shape of a table's dense form, the rows inside it, and their flat positions."""
        if name not in self._codes:
            frame, keys = self.table(name), self.keys(name)
            shape = tuple(len(self.axes[key]) for key in keys)
            columns = self.positions(frame, keys)
            inside = np.logical_and.reduce([column >= 0 for column in columns])
            flat = (
                np.ravel_multi_index([column[inside] for column in columns], shape)
                if inside.any()
                else np.zeros(0, dtype=np.intp)
            )
            self._codes[name] = (shape, inside, flat)
        return self._codes[name]

    def positions(self, frame: pd.DataFrame, keys: Sequence[str]) -> list[Indices]:
        """Where the words of each key column are among the known names; -1 where they are not."""
        return [positions(self.axes[key], frame[key]) for key in keys]

    def cube(self, name: str, column: str, fill: float = 0.0) -> Array:
        """A column as a dense array over the table's keys; a row that was not written holds `fill`."""
        shape, inside, flat = self.codes(name)
        dense = np.full(int(np.prod(shape)), fill)
        dense[flat] = self.table(name)[column].to_numpy(dtype=float)[inside]
        return dense.reshape(shape)

    def held(self, name: str, column: str, fill: float = 0.0) -> Array:
        """The same of an input by month: a month of the look-ahead without a row holds the value of the month before."""
        stated, dense = self.present(name), self.cube(name, column, fill)
        for t in range(self.reported, len(self.months)):
            dense[..., t] = np.where(stated[..., t], dense[..., t], dense[..., t - 1])
        return dense

    @cached_property
    def horizon(self) -> Run:
        """The run without its look-ahead."""
        if self.reported == len(self.months):
            return self
        months = self.months[: self.reported]
        tables = {
            name: frame[frame["month"].isin(months).to_numpy(dtype=bool)].reset_index(drop=True) if "month" in frame else frame
            for name, frame in self.tables.items()
        }
        return replace(self, tables=tables, months=months)

    def present(self, name: str) -> NDArrayBool:
        """Where a table has a row."""
        shape, _, flat = self.codes(name)
        dense = np.zeros(int(np.prod(shape)), dtype=bool)
        dense[flat] = True
        return dense.reshape(shape)

    def worth(self, constraint: str, *keys: str) -> Array:
        """What one more unit of a limit is worth, USD, over the keys that its rows are named by and the months."""
        limits = self.table("limits")
        rows = limits[(limits["constraint"] == constraint).to_numpy(dtype=bool)]
        parts = rows["where"].str.split(" / ", n=len(keys) - 1, expand=True).reindex(columns=range(len(keys)))
        rows = rows.assign(**{key: parts[number] for number, key in enumerate(keys)})
        found = np.zeros([*(len(self.axes[key]) for key in keys), self.month_count])
        np.add.at(found, tuple(self.positions(rows, (*keys, "month"))), rows["worth_usd"].to_numpy(dtype=float))
        return found

    def vector(self, name: str, column: str) -> Array:
        """A column of an input table in the order of its rows."""
        return self.table(name)[column].to_numpy(dtype=float)

    def texts(self, name: str, column: str) -> list[str]:
        """A text column of an input table in the order of its rows."""
        return [str(value) for value in self.table(name)[column]]

    @cached_property
    def month_count(self) -> int:
        """n."""
        return len(self.months)

    @cached_property
    def elapsed(self) -> Array:
        """Months since the start: 0 .. n-1."""
        return np.arange(len(self.months), dtype=float)

    @cached_property
    def decided_count(self) -> int:
        """Months of horizon and look-ahead, in a run without its look-ahead too."""
        return self.reported + int(self.number("look_ahead_months", 0.0))

    @cached_property
    def grown(self) -> Array:
        """Months for which a series has grown by each month: none after the horizon."""
        return np.minimum(self.elapsed, self.reported - 1.0)

    @cached_property
    def hours(self) -> Array:
        """True hours of each month."""
        return np.array([24.0 * calendar.monthrange(int(month[:4]), int(month[5:]))[1] for month in self.months])

    @cached_property
    def discount(self) -> Array:
        """(1 + d)^(-(t-1)/12)."""
        return np.asarray((1.0 + self.number("discount_frac_per_year", 0.08)) ** (-self.elapsed / 12.0))

    @cached_property
    def paid_musd(self) -> float:
        """All costs but the value of what is not served, as amounts: the scale on which costs are compared."""
        costs = self.table("costs")
        paid = costs["discounted_musd"][(costs["component"] != "unserved").to_numpy(dtype=bool)]
        return float(paid.abs().sum())

    def month_index(self, month: str) -> int:
        """Months from the start of the plan to a month, negative before it."""
        return serial(month) - serial(self.months[0])


def dig(mapping: Mapping[str, Any], key: str) -> Any:
    """A value by its dotted key, None where any part is absent."""
    value: Any = mapping
    for part in key.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    return value


def serial(month: str) -> int:
    """Months since year 0 of a YYYY-MM."""
    return int(month[:4]) * 12 + int(month[5:]) - 1


def month_word(number: int) -> str:
    """Inverse of `serial`."""
    return f"{number // 12:04d}-{number % 12 + 1:02d}"


def is_month(word: str) -> bool:
    """Whether a word is a YYYY-MM."""
    return len(word) == 7 and word[4] == "-" and word[:4].isdigit() and word[5:].isdigit() and 1 <= int(word[5:]) <= 12


def listed(text: str) -> set[str]:
    """The members of a ';' list."""
    return {word.strip() for word in text.split(";") if word.strip()}


def indicator(ones: Sequence[One], others: Sequence[Other], holds: Callable[[One, Other], bool]) -> Array:
    """1 where something holds between one and another, else 0, [one, other]."""
    rows = [[holds(one, other) for other in others] for one in ones]
    return np.array(rows, dtype=float).reshape(len(ones), len(others))


def positions(names: Sequence[str], words: Sequence[str] | pd.Series[str]) -> Indices:
    """Where each word is among the names, -1 where it is not."""
    return np.asarray(pd.Index(names, dtype=str).get_indexer(pd.Index(words, dtype=str)))


def once(derive: Callable[[Run], Derived]) -> Callable[[Run], Derived]:
    """A function of a run alone, which several checks need: derived when it is first asked for. No caller may change it."""

    @wraps(derive)
    def kept(run: Run) -> Derived:
        if derive not in run.derived:
            run.derived[derive] = derive(run)
        return cast("Derived", run.derived[derive])

    return kept


def records(frame: pd.DataFrame, columns: Sequence[str]) -> list[tuple[str, ...]]:
    """The rows of some columns as words."""
    return list(zip(*(frame[column].to_numpy(dtype=object) for column in columns), strict=True))


def month_before(values: Array, first: Array | float = 0.0) -> Array:
    """What there was a month earlier, along the last axis; ``first``: before the first month."""
    found = np.empty_like(values)
    found[..., 0], found[..., 1:] = first, values[..., :-1]
    return found


def ratio(above: Array, below: Array) -> Array:
    """Above over below; NaN, an empty cell, where there is nothing below."""
    above, below = np.broadcast_arrays(above, below)
    return np.asarray(np.divide(above, below, out=np.full(above.shape, np.nan), where=below > 0))
