"""What a plan results in: finished tables, headlines and a record of their making; the run and the report made of them."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from planner.errors import TimeLimitError
from planner.formats import count, facts_html
from planner.schema.results import HEADLINES, RESULT_TABLES
from planner.verify.verdict import Verdict

if TYPE_CHECKING:
    from planner.plan.plan import Plan


@dataclass(frozen=True)
class SummaryLine:
    """One headline: a stable key, its value and unit, and the sentence a person reads."""

    key: str
    value: float | str
    unit: str
    text: str


def headline(key: str, value: float, text: str = "") -> SummaryLine:
    """A headline with the unit that the contract gives it."""
    return SummaryLine(key, value, HEADLINES[key].unit, text)


@dataclass(frozen=True, repr=False)
class Result:
    """A solved plan. ``tables`` maps a table's name to its frame, columns in the order of the contract; ``optimum`` holds the
    arrays of the solver's optimum by name (`planner.solve.checkpoint`); ``changes`` are the name of the parent and what
    differs from it (`planner.runs.parent`), None where there is no parent. ``look_ahead``: tables of the months
    after the horizon, which no other number of the result counts."""

    plan: Plan
    tables: dict[str, pd.DataFrame]
    summary: list[SummaryLine]
    record: dict[str, Any]
    optimum: dict[str, Any] = field(default_factory=dict)
    look_ahead: dict[str, pd.DataFrame] = field(default_factory=dict)
    changes: tuple[str, pd.DataFrame] | None = None

    def __repr__(self) -> str:
        return f"<result of {self.plan.name}: {self.record['solver']['status']}, {count(len(self.tables), 'table')}>"

    def _repr_html_(self) -> str:
        return facts_html(f"Plan {self.plan.name}", {line.key: line.text for line in self.summary if line.text})


def summary_table(summary: Sequence[SummaryLine]) -> pd.DataFrame:
    """The headlines as a table."""
    columns = RESULT_TABLES["summary"].names
    return pd.DataFrame({name: pd.Series([getattr(line, name) for line in summary], dtype=object) for name in columns})


@dataclass(frozen=True)
class Since:
    """What has changed since the plan before, from which this one is rolled.

    ``months``: those that are past. Each table has a row a fact; ``forecast`` and ``executed`` only with actuals.

    ``forecast``: compute asked by zone and class, planned, actual, error_frac (actual less planned, of planned).
    ``executed``: planned and actual by kind, place and item. ``late`` and ``unexplained``: rows of the stock-take.
    ``missed``: targets that were missed. ``moved``: what is decided otherwise, by kind, place and item: before, now, and
    moved, the sum over months of all changes. ``cost``: steps from the cost that was published to the cost now."""

    months: tuple[str, ...]
    forecast: pd.DataFrame
    executed: pd.DataFrame
    late: pd.DataFrame
    unexplained: pd.DataFrame
    missed: pd.DataFrame
    moved: pd.DataFrame
    cost: pd.DataFrame

    @property
    def churn_mw(self) -> float:
        """Megawatts of power and halls by which what is built differs from what was published, in all months together."""
        return float(self.moved.loc[self.moved["kind"] == "started", "moved"].sum())


@dataclass(frozen=True, repr=False)
class Run:
    """A plan that was solved, verified and written. ``replaced``: an earlier result was in the folder. ``since``: what has
    changed since the plan that it is rolled from."""

    folder: Path
    result: Result
    verdict: Verdict
    replaced: bool = False
    since: Since | None = None

    @property
    def status(self) -> str:
        """`optimal`, `alternative`, or `time_limit`: feasible, and at most `relative_gap` of the record from the best."""
        return str(self.result.record["solver"]["status"])

    def __repr__(self) -> str:
        return f"<run {self.result.plan.name}: {self.status}, {self.verdict.lines()[-1]}, {self.folder}>"

    def _repr_html_(self) -> str:
        return f"{self.result._repr_html_()}<p>{self.verdict.lines()[-1]}; {html.escape(str(self.folder))}</p>"

    @property
    def exit_code(self) -> int:
        return 0 if self.status == "optimal" else TimeLimitError.exit_code

    @property
    def summary(self) -> list[SummaryLine]:
        return self.result.summary

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        return self.result.tables


@dataclass(frozen=True)
class Report:
    """``pdf`` stays empty where nobody asked for it; ``verdicts``: what the verifier found, by run."""

    html: Path
    pdf: Path | None
    verdicts: tuple[Verdict, ...]

    @property
    def ok(self) -> bool:
        return all(verdict.ok for verdict in self.verdicts)
