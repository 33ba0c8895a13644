"""Nations: who asks, who serves whom, and what energy costs, emits and may still grow in each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from planner.formats import count, number, percent
from planner.write.charts.bars import bars
from planner.write.charts.series import Series
from planner.write.report.page_model import Figure, Key, Section, Table
from planner.write.report.reading import Reading

ORBIT = "orbit"
MOST_NATIONS = 12
MILLIONS_FROM_KH100E = 1e3


@dataclass(frozen=True)
class Bars:
    """A bar for each nation of ``total``, in ``parts``: name -> column and colour; one without a column is what is left."""

    id: str
    title: str
    total: str
    parts: Mapping[str, tuple[str, str]]


ASKED = Bars(
    "nations-asked",
    "What each nation asks",
    "demand_kh100e",
    {
        "served at home": ("home_kh100e", "var(--s1)"),
        "imported": ("imports_kh100e", "var(--s2)"),
        "not served": ("", "var(--s0)"),
    },
)
SERVED = Bars(
    "nations-served",
    "What each nation serves",
    "served",
    {"for itself": ("home_kh100e", "var(--s1)"), "for others": ("exports_kh100e", "var(--s3)")},
)


def section(run: Reading) -> Section | None:
    """The last plan year, nation by nation; nothing for a plan of one nation."""
    table = run.table("nations")
    if table.empty:
        return None
    year = int(table["plan_year"].max())
    nations = table[(table["plan_year"] == year) & ((table["it_mwh"] > 0) | (table["demand_kh100e"] > 0))]
    if (nations["country_iso2"] != ORBIT).sum() < 2:
        return None
    nations = nations.assign(served=nations["home_kh100e"] + nations["exports_kh100e"])
    shown = [figure for which in (ASKED, SERVED) if (figure := _figure(run, nations, year, which)) is not None]
    return Section("nations", "Nations", lead=_lead(run, nations, year), figures=shown, tables=[_league(run, nations, year)])


def _lead(run: Reading, nations: pd.DataFrame, year: int) -> str:
    """Who imports and exports most, and whose energy is cheapest."""
    said = []
    rows = nations.to_dict("records")
    for column, verb in (("imports_kh100e", "imports"), ("exports_kh100e", "exports")):
        most = max(rows, key=lambda row: float(row[column]))
        if most[column] > 0:
            share = f", {percent(most[column] / most['demand_kh100e'])} of what it asks" if verb == "imports" else ""
            amount = f"{number(most[column] / MILLIONS_FROM_KH100E)} million H100e{share}"
            said.append(f"{_name(run, most['country_iso2'])} {verb} most: {amount}")
    priced = sorted(
        (row for row in rows if row["usd_per_mwh"] == row["usd_per_mwh"]), key=lambda row: float(row["usd_per_mwh"])
    )
    if priced:
        ends = " to ".join(
            f"{number(row['usd_per_mwh'])} in {_name(run, row['country_iso2'])}" for row in (priced[0], priced[-1])
        )
        said.append(f"energy and its plant cost from {ends}, USD per MWh of IT, in this year, as the mean of its sites")
    return f"Plan year {year}. " + "".join(f"{text[:1].upper()}{text[1:]}. " for text in said).strip()


def _figure(run: Reading, nations: pd.DataFrame, year: int, which: Bars) -> Figure | None:
    """Bars by nation, the largest first, the small ones together; None where there is nothing to draw."""
    order = nations[nations[which.total] > 0].sort_values(which.total, ascending=False, kind="stable")
    if order.empty:
        return None
    names = [_name(run, each) for each in order["country_iso2"]]
    whole = (order[which.total] / MILLIONS_FROM_KH100E).tolist()
    parts = {name: (order[column] / MILLIONS_FROM_KH100E).tolist() for name, (column, _) in which.parts.items() if column}
    left = [max(0.0, all_of_it - sum(known)) for all_of_it, *known in zip(whole, *parts.values(), strict=True)]
    parts = {name: parts.get(name, left) for name in which.parts}
    rows = [
        [name, number(all_of_it), *(number(values[i]) for values in parts.values())]
        for i, (name, all_of_it) in enumerate(zip(names, whole, strict=True))
    ]
    kept = len(names) if len(names) <= MOST_NATIONS else MOST_NATIONS - 1
    rest = [f"{len(names) - kept} others"] if kept < len(names) else []
    drawn = [
        Series(name, values[:kept] + [sum(values[kept:])] * len(rest), which.parts[name][1]) for name, values in parts.items()
    ]
    shown, totals = names[:kept] + rest, [number(total) for total in whole[:kept] + [sum(whole[kept:])] * len(rest)]
    told = "; ".join(f"{name} {total}" for name, total in zip(shown, totals, strict=True))
    unit = f"million H100e, mean of plan year {year}"
    return Figure(
        id=which.id,
        title=which.title,
        unit=unit,
        alt=f"Bars of compute by nation, {unit}, in parts {', '.join(parts)}: {told}.",
        spec=bars(shown, drawn, "million H100e", totals, 22),
        legend=[Key(each.name, each.colour) for each in drawn],
        numbers=Table(["nation", "all", *parts], rows, which.title),
    )


def _league(run: Reading, nations: pd.DataFrame, year: int) -> Table:
    """Cheaper, cleaner, more plentiful: the nations with energy by what it costs, then those without."""
    head = [
        "nation",
        "USD per MWh of IT",
        "one more MWh",
        "kg CO2 per MWh",
        "grid growth for AI, MW",
        "which may grow by, MW more",
        "worth of one more MW, USD",
        "asks, million H100e",
        "served",
        "at home",
        "exports",
        "imports",
    ]
    rows = []
    for row in nations.sort_values("usd_per_mwh", kind="stable", na_position="last").to_dict("records"):
        asked = float(row["demand_kh100e"])
        rows.append(
            [
                _name(run, row["country_iso2"]),
                *(number(float(row[column])) for column in ("usd_per_mwh", "marginal_usd_per_mwh", "carbon_kg_per_mwh")),
                *(number(float(row[column])) for column in ("grid_growth_mw", "headroom_mw", "envelope_usd_per_mw")),
                number(asked / MILLIONS_FROM_KH100E) if asked else "",
                *(percent(float(row[column]) / asked) if asked else "" for column in ("served_kh100e", "home_kh100e")),
                *(number(float(row[column]) / MILLIONS_FROM_KH100E) for column in ("exports_kh100e", "imports_kh100e")),
            ]
        )
    return Table(head, rows, f"Cheaper, cleaner, more plentiful: {count(len(nations), 'nation')} in plan year {year}")


def _name(run: Reading, nation: str) -> str:
    return "Orbit" if nation == ORBIT else run.names(nation)
