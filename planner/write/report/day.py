"""What happens within the day, where a plan has slices: power by option, and what storage takes."""

from __future__ import annotations

import pandas as pd

from planner.formats import number, sentence, watts
from planner.write.charts.series import NUMBER, OTHER, PAPER, Series, Spec, colour_of, rounded, spec
from planner.write.report.page_model import Figure, Section, Table
from planner.write.report.reading import Reading, legend, power_unit

HOURS = [f"{hour:02d}" for hour in range(24)]
TAKEN = "storage takes"
ALONE = 960
"""Pixels of a chart that has the page for itself, so that its letters are no larger than those of others."""


def section(run: Reading) -> Section | None:
    """One chart a day type, of the last month; nothing for a plan whose days have no hours."""
    slices, power = run.table("slices"), run.table("power_by_slice")
    if slices.empty or power.empty or not slices["day_type"].duplicated().any():
        return None
    last = power[power["month"] == run.last].merge(slices, on="slice_id")
    if last.empty:
        return None
    days = list(dict.fromkeys(slices["day_type"]))
    width = ALONE if len(days) == 1 else Figure.width
    figures = [_figure(run, rank, day, last[last["day_type"] == day], width) for rank, day in enumerate(days)]
    lead = f"Power on Earth in {run.last}, all places together: it is noon in one when it is night in another."
    return Section("day", "A day", lead=lead, figures=[each for each in figures if each is not None])


def _figure(run: Reading, rank: int, day: str, rows: pd.DataFrame, width: int) -> Figure | None:
    """What each option gives above zero, what storage takes below it; each hour has what its slice has."""
    given, taken = _by_hour(rows, "output_mw"), -_by_hour(rows, "charge_mw").sum(axis=1)
    total = given.sum(axis=1)
    if not float(total.max()) > 0:
        return None
    scale, unit = power_unit(float(total.max()))
    series = run.options(given * scale)
    if float(taken.min()) < 0:
        series.append(Series(TAKEN, (taken * scale).tolist(), OTHER))
    least, most = (f"{watts(float(total.iloc[hour]))} at {HOURS[hour]}:00" for hour in (total.argmin(), total.argmax()))
    ends = f"least {least}, most {most}"
    told = "; ".join(f"{each.name} {number(min(each.values))} to {number(max(each.values))}" for each in series)
    return Figure(
        id=f"day-{rank + 1}",
        title=f"Day type {day}",
        unit=f"{unit} at the facility, by hour, UTC",
        alt=f"Stacked bars of power by hour, {ends}, in {unit}: {told}.",
        spec=_hours(series, unit),
        legend=legend(series),
        numbers=Table(
            ["hour, UTC", *(each.name for each in series)],
            [[hour, *(number(each.values[i]) for each in series)] for i, hour in enumerate(HOURS)],
            f"Day type {day}, {unit}",
        ),
        width=width,
        note=sentence(ends) + (f" Below zero: what {TAKEN}." if series[-1].name == TAKEN else ""),
    )


def _by_hour(rows: pd.DataFrame, column: str) -> pd.DataFrame:
    """A row an hour of the day, a column an option."""
    long = rows.loc[rows.index.repeat(rows["length_h"])]
    hour = (long["utc_hour"] + long.groupby(level=0).cumcount()) % len(HOURS)
    sums = long.assign(hour=hour).pivot_table(index="hour", columns="option_id", values=column, aggfunc="sum", sort=False)
    return sums.reindex(range(len(HOURS))).fillna(0.0)


def _hours(series: list[Series], unit: str) -> Spec:
    """Bars upon each other, one an hour."""
    rows = [
        {"h": hour, "k": f"s{i}", "o": i, "n": each.name, "v": rounded(each.values[at])}
        for at, hour in enumerate(HOURS)
        for i, each in enumerate(series)
    ]
    drawn = {
        "mark": {"type": "bar", "stroke": PAPER, "strokeWidth": 0.5},
        "encoding": {
            "x": {
                "field": "h",
                "type": "ordinal",
                "title": None,
                "scale": {"paddingInner": 0, "paddingOuter": 0},
                "axis": {"labelAngle": 0, "values": HOURS[::3]},
            },
            "y": {"field": "v", "type": "quantitative", "stack": "zero", "title": None, "axis": {"tickCount": 5}},
            "color": colour_of(series),
            "order": {"field": "o", "type": "quantitative"},
            "tooltip": [
                {"field": "h", "title": "hour, UTC"},
                {"field": "n", "title": "option"},
                {"field": "v", "type": "quantitative", "format": NUMBER, "title": unit},
            ],
        },
    }
    return spec(data={"values": rows}, layer=[drawn])
