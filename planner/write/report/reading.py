"""A finished run with the sums that several sections need."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import pandas as pd

from planner.formats import month_name, number, sentence
from planner.write.charts.series import COLOURS, DASHES, HEIGHT, OTHER, Series, lines, stacked
from planner.write.names import Names
from planner.write.report.page_model import Figure, Key, Table

if TYPE_CHECKING:
    from planner.studies.report_input import Finished

MOST_SERIES = 7
"""More colours than these nobody tells apart: the small ones are one series."""


GIGAWATTS_FROM_MW = 1500.0


class Reading:
    """``months`` are those of the plan; ``last`` the last of them."""

    def __init__(self, finished: Finished) -> None:
        self.finished = finished
        self.written = finished.written
        self.tables: Mapping[str, pd.DataFrame] = finished.written.tables
        self.inputs: Mapping[str, pd.DataFrame] = finished.written.inputs
        self.months = list(finished.written.months)
        self.last = self.months[-1]
        self.names = Names(self.inputs)
        self.designs = self.ids("designs", "design_id")
        self.regions = self.ids("regions", "region_id")

    def said(self, key: str) -> list[str]:
        """The sentence of a headline; nothing where the run has none."""
        lines = self.table("summary").to_dict("records")
        return [sentence(str(line["text"])) for line in lines if line["key"] == key and line["text"]]

    def ids(self, table: str, key: str) -> list[str]:
        frame = self.inputs.get(table, pd.DataFrame())
        return [str(each) for each in frame[key]] if key in frame else []

    def table(self, name: str) -> pd.DataFrame:
        """A result table, or one without rows or columns where the run wrote none."""
        return self.tables.get(name, pd.DataFrame())

    def by_month(self, table: str, key: str, column: str, scale: float = 1.0) -> pd.DataFrame:
        """Sums of a column: a row a month of the plan, a column an id in the order of the table; a fact without a row is 0."""
        frame = self.table(table)
        if not {"month", key, column} <= set(frame.columns):
            return pd.DataFrame(index=pd.Index(self.months))
        sums = frame.pivot_table(index="month", columns=key, values=column, aggfunc="sum", sort=False)
        return sums.reindex(self.months).fillna(0.0) * scale

    def facts(self, table: str, key: str, column: str) -> dict[str, float]:
        """Id -> a number of its input table; nothing for an empty cell."""
        frame = self.inputs.get(table, pd.DataFrame())
        if not {key, column} <= set(frame.columns):
            return {}
        return {str(i): float(v) for i, v in zip(frame[key], frame[column], strict=True) if v}

    def largest(
        self, sums: pd.DataFrame, most: int = MOST_SERIES, noun: str = "others", throughout: bool = False
    ) -> list[Series]:
        """The columns of a table by month as series, the largest in the end first, or ``throughout`` in all months together;
        beyond ``most`` the rest is one."""
        shown = sums.loc[:, (sums.abs() > 0).any()]
        size = shown.sum() if throughout else shown.iloc[-1]
        order = size.sort_values(ascending=False, kind="stable").index
        kept = list(order) if len(order) <= most else list(order[:most])
        series = [
            Series(self.names(str(name)), shown[name].tolist(), colour) for name, colour in zip(kept, COLOURS, strict=False)
        ]
        rest = [name for name in order if name not in kept]
        if rest:
            name = f"{len(rest)} {noun}" if len(rest) > 1 else self.names(str(rest[0]))
            series.append(Series(name, shown[rest].sum(axis=1).tolist(), OTHER))
        return series

    def options(self, sums: pd.DataFrame) -> list[Series]:
        """Options of power in the order of the inputs, so that the grid lies at the bottom; the small ones together."""
        size = sums.sum()
        used = size[size > 0].sort_values(ascending=False, kind="stable").index
        kept = list(used) if len(used) <= MOST_SERIES else list(used[: MOST_SERIES - 1])
        order = [option for option in self.ids("options", "option_id") if option in kept]
        series = [Series(self.names(name), sums[name].tolist(), colour) for name, colour in zip(order, COLOURS, strict=False)]
        rest = [name for name in used if name not in kept]
        if rest:
            series.append(Series(f"{len(rest)} other options", sums[rest].sum(axis=1).tolist(), COLOURS[MOST_SERIES - 1]))
        return series


def power_unit(most_mw: float) -> tuple[float, str]:
    """The factor from MW to the unit that fits, and the unit."""
    return (1e-3, "GW") if most_mw >= GIGAWATTS_FROM_MW else (1.0, "MW")


def legend(series: Sequence[Series]) -> list[Key]:
    """The keys of areas in the order in which they lie, the top one first."""
    return [Key(each.name, each.colour) for each in reversed(series)]


def month_table(months: Sequence[str], series: Sequence[Series], unit: str) -> Table:
    """The numbers of a chart over months."""
    rows = [[month_name(month), *(number(each.values[t]) for each in series)] for t, month in enumerate(months)]
    return Table(["month", *(each.name for each in series)], rows, unit)


def first_and_last(months: Sequence[str], series: Sequence[Series], unit: str) -> str:
    """What an area chart says to who cannot see it: each series at both ends."""
    told = "; ".join(f"{each.name} {number(each.values[0])} to {number(each.values[-1])}" for each in series)
    first, last = month_name(months[0]), month_name(months[-1])
    span = f"from {first} to {last}" if len(months) > 1 else f"in {first}"
    return f"{unit}, {span}: {told}."


def areas(run: Reading, key: str, title: str, unit: str, series: Sequence[Series], height: int = HEIGHT) -> Figure | None:
    """Stacked areas over the months of the plan; None where there is nothing to stack."""
    if not series:
        return None
    return Figure(
        id=key,
        title=title,
        unit=unit,
        alt=f"Stacked areas. {first_and_last(run.months, series, unit)}",
        spec=stacked(run.months, series, height),
        legend=legend(series),
        numbers=month_table(run.months, series, unit),
    )


def curves(key: str, title: str, unit: str, months: Sequence[str], series: Sequence[Series], note: str = "") -> Figure:
    """Lines over months, each with a dash of its own."""
    dashes = ("0", *DASHES[1:])
    return Figure(
        id=key,
        title=title,
        unit=unit,
        alt=f"Lines. {first_and_last(months, series, unit)}",
        spec=lines(months, series),
        legend=[Key(each.name, each.colour, dashes[i % len(dashes)]) for i, each in enumerate(series)],
        numbers=month_table(months, series, unit),
        note=note,
    )
