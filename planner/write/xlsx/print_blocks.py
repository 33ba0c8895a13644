"""What the sheet `print` shows: the plan on a few pages of paper, with quarters or years across and names instead of ids."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from planner.formats import capital, short_month
from planner.plan.first_orders import first_orders
from planner.schema.results import unit_of
from planner.schema.table_schema import HALLS
from planner.write.names import Names, component, named
from planner.write.xlsx.layout import across
from planner.write.xlsx.worksheet import number_format, twelve_digits

MOST_PERIODS = 7
"""As many columns of numbers as fit on a page that can be read."""
SHOWN = 15
"""Limits and remedies that are printed; all are on their sheets."""
LONGEST_LABEL = 28
"""Characters that fit into the column of a label."""
Tables = Mapping[str, pd.DataFrame]
Cell = str | float
Label = tuple[str, str, str]


@dataclass(frozen=True)
class Row:
    """Three labels, and cells with the number format of each."""

    labels: Label
    cells: tuple[Cell, ...]
    formats: tuple[str, ...]
    total: bool = False


@dataclass(frozen=True)
class Block:
    """A titled table: heads of the three labels and of the cells, and rows."""

    title: str
    labels: Label
    heads: tuple[str, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Lines:
    """Rows of a block: a measure of a table, one row a combination of the keys ``by``; of a period its sum, mean or end.

    ``words`` name the measure. ``total``: a row for all of them. ``unit``: shown in this unit, of which one holds ``units``."""

    table: str
    measure: str
    how: Literal["sum", "mean", "end"]
    words: str = ""
    by: tuple[str, ...] = ()
    total: bool = False
    unit: str = ""
    units: float = 1.0


ORDERED, UNDER_WAY = "orders", "under_way"
"""Purchases by the month in which to order them, and those that must be under way when the plan starts, in its first month."""
PAID, UNSERVED = "paid", "unserved"
"""Costs that are paid, and the value of what is not served."""

OVER_TIME: tuple[tuple[str, Label, tuple[Lines, ...]], ...] = (
    (
        "What to order, by the latest month to order it (single orders: sheet purchases)",
        ("where", "what", "unit"),
        (
            Lines(ORDERED, "order_mw", "sum", by=("region_id", "option_id"), total=True),
            Lines(ORDERED, "capital_musd", "sum", "Capital of the orders"),
            Lines(UNDER_WAY, "capital_musd", "sum", "Capital of orders that must be under way"),
        ),
    ),
    (
        "Accelerators, at the end of the period; deliveries in it",
        ("generation", "what", "unit"),
        (
            Lines("chips", "delivered_kunit", "sum", "Delivered", ("generation_id",), total=True),
            Lines("chips", "housed_kunit", "end", "Installed on Earth", ("generation_id",), total=True),
            Lines("chips", "orbit_kunit", "end", "In orbit", ("generation_id",)),
            Lines("chips", "commissioning_kunit", "end", "In commissioning", ("generation_id",)),
            Lines("chips", "displaced_kunit", "end", "Retired early so far", ("generation_id",)),
            Lines("chips", "dark_kunit", "end", "Dark", ("generation_id",), total=True),
        ),
    ),
    (
        "Why accelerators are dark, at the end of the period",
        ("reason", "", "unit"),
        (
            Lines("dark", "power_kunit", "end", "Waiting for power"),
            Lines("dark", "halls_kunit", "end", "Waiting for halls"),
            Lines("dark", "late_kunit", "end", "Delivered too late to be commissioned in the study"),
            Lines("dark", "idle_kunit", "end", "Left idle with power to spare"),
        ),
    ),
    (
        "Power in service, at the end of the period",
        ("where", "option", "unit"),
        (
            Lines("power", "capacity_mw", "end", by=("region_id", "option_id"), total=True),
            Lines("power", "firm_mw", "end", "Of it, firm"),
            Lines("power", "output_mw", "mean", "Drawn, mean of the period"),
        ),
    ),
    (
        "Halls, at the end of the period",
        ("where", "what", "unit"),
        (
            Lines("halls", "shell_mw", "end", "Hall space (IT)", ("region_id",), total=True),
            Lines("halls", "housed_mw", "end", "Installed in it", ("region_id",), total=True),
        ),
    ),
    (
        "Compute, mean of the period",
        ("class of work", "what", "unit"),
        (
            Lines("demand", "demand_kh100e", "mean", "Demanded", ("class_id",), total=True),
            Lines("demand", "served_kh100e", "mean", "Served", ("class_id",), total=True),
            Lines("demand", "unserved_kh100e", "mean", "Not served", ("class_id",), total=True),
        ),
    ),
    (
        "Compute served, by where it is asked for and where it is done, mean of the period",
        ("asked in", "done in", "unit"),
        (Lines("trade", "serve_kh100e", "mean", by=("asked_in", "served_in"), total=True),),
    ),
    (
        "Energy and emissions of the period",
        ("where", "what", "unit"),
        (
            Lines("power", "energy_mwh", "sum", "Energy", ("region_id",), True, "GWh", 1000),
            Lines("power", "carbon_tco2", "sum", "Emissions", ("region_id",), True, "thousand t CO2", 1000),
        ),
    ),
    (
        "Orbit",
        ("design", "what", "unit"),
        (
            Lines("orbit", "launched_mw", "sum", "Launched in the period", ("design_id",)),
            Lines("orbit", "alive_mw", "end", "Alive at its end", ("design_id",)),
            Lines("launch", "launched_t", "sum", "Mass launched"),
        ),
    ),
    (
        "Cost of the period, capital as monthly charges, not discounted",
        ("component", "", "unit"),
        (
            Lines(PAID, "cost_musd", "sum", by=("component",), total=True),
            Lines(UNSERVED, "cost_musd", "sum", "Value of unserved compute, which nobody pays"),
        ),
    ),
    (
        "Capital when it is paid",
        ("what", "", "unit"),
        (Lines("capital", "capital_musd", "sum", by=("component",), total=True),),
    ),
)
"""Blocks with periods across, in the order in which they are read."""

HOW: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "sum": lambda values: values.sum(axis=1),
    "mean": lambda values: values.mean(axis=1),
    "end": lambda values: values[:, -1],
}


def print_blocks(tables: Tables, inputs: Tables, months: Sequence[str]) -> list[Block]:
    """Every block that has rows. ``tables`` are the results, ``inputs`` the inputs as used."""
    names = Names(inputs)
    periods = periods_of(months)
    heads = tuple(head for head, _ in periods)
    dated = {**tables, **_orders(tables.get("purchases"), months)}
    if "costs" in tables:
        unserved = tables["costs"]["component"] == UNSERVED
        dated |= {PAID: tables["costs"][~unserved], UNSERVED: tables["costs"][unserved]}
    found = [
        Block(title, labels, heads, tuple(row for lines in parts for row in _over_time(lines, dated, periods, months, names)))
        for title, labels, parts in (OVER_TIME if months else ())
    ]
    besides = {name: write(tables[name], names) for name, write in BESIDES.items() if name in tables and len(tables[name])}
    found[1:1] = [besides.pop(name) for name in ("limits", "remedies") if name in besides]
    return [block for block in (*found, *besides.values()) if block.rows]


def periods_of(months: Sequence[str]) -> list[tuple[str, list[int]]]:
    """Months or quarters where there are few; else years, after the quarters of the first where there is room.

    Each period has its name and the places of its months."""
    by_month, quarters, years = (_grouped(months, name) for name in (short_month, _quarter, lambda month: month[:4]))
    for periods in (by_month, quarters, [*quarters[:4], *years]):
        if len(periods) <= MOST_PERIODS:
            return periods
    return years


def _quarter(month: str) -> str:
    return f"Q{(int(month[5:]) + 2) // 3} {month[:4]}"


def _grouped(months: Sequence[str], name: Callable[[str], str]) -> list[tuple[str, list[int]]]:
    found: dict[str, list[int]] = {}
    for place, month in enumerate(months):
        found.setdefault(name(month), []).append(place)
    return list(found.items())


def _orders(purchases: pd.DataFrame | None, months: Sequence[str]) -> dict[str, pd.DataFrame]:
    """What to order by the month in which to order it, apart from what must be under way."""
    if purchases is None or purchases.empty or not months:
        return {}
    under_way = first_orders(purchases, months).under_way
    ordered = purchases[purchases["order_mw"] > 0].drop(under_way.index)
    return {ORDERED: ordered.assign(month=ordered["order_month"]), UNDER_WAY: under_way.assign(month=months[0])}


def _over_time(
    lines: Lines, tables: Tables, periods: Sequence[tuple[str, list[int]]], months: Sequence[str], names: Names
) -> Iterator[Row]:
    frame = tables.get(lines.table)
    if frame is None or frame.empty or not {lines.measure, *lines.by} <= set(frame.columns):
        return
    wide = across(frame, lines.by, (lines.measure,), "month", months, keep_zero_rows=False)
    values = np.nan_to_num(wide[list(months)].to_numpy(dtype=float))
    found = np.column_stack([HOW[lines.how](values[:, places]) for _, places in periods]) / lines.units
    shown = np.abs(found).max(axis=1, initial=0) > 0
    keys = wide.loc[shown, list(lines.by)].values.tolist()
    unit = lines.unit or unit_of(lines.measure)
    for key, numbers in zip(keys, found[shown], strict=True):
        labels = [_label(column, str(each), names) for column, each in zip(lines.by, key, strict=True)]
        first, second, *_ = (*labels, lines.words, "")
        yield _row((first, second, unit), numbers, lines.measure)
    if lines.total and shown.sum() > 1:
        yield _row(("All", lines.words, unit), found.sum(axis=0), lines.measure, total=True)


def _label(column: str, key: str, names: Names) -> str:
    if column == "component":
        return component(key)
    if key == HALLS:
        return "Halls"
    return textwrap.shorten(capital(names(key)), LONGEST_LABEL, placeholder=" …")


def _row(labels: Label, numbers: np.ndarray, measure: str, total: bool = False) -> Row:
    shown = number_format(numbers, measure)
    return Row(labels, tuple(twelve_digits(numbers).tolist()), (shown,) * len(numbers), total)


def _compared(title: str, labels: Label, frame: pd.DataFrame, columns: Mapping[str, str], rows: Sequence[Label]) -> Block:
    """A block whose columns are different measures, each under its head and with one number format; months are in words."""
    cells: list[list[Cell]] = []
    formats, known = [], [name for name in columns if name in frame]
    for name in known:
        if name.endswith("_month"):
            cells.append([short_month(str(month)) for month in frame[name]])
            formats.append("@")
        else:
            values = frame[name].to_numpy(dtype=float, na_value=np.nan)
            cells.append(twelve_digits(values).tolist())
            formats.append(number_format(values, name))
    found = (Row(label, row, tuple(formats)) for label, row in zip(rows, zip(*cells, strict=True), strict=True))
    return Block(title, labels, tuple(columns[name] for name in known), tuple(found))


def _limits(frame: pd.DataFrame, names: Names) -> Block:
    """The limits with the greatest scarcity value over all their months."""
    keys = ["constraint", "where", "unit"]
    each = frame.assign(where=frame["where"].fillna("")).groupby(keys, sort=False)
    found = each.agg(
        from_month=("month", "min"), to_month=("month", "max"), worth_usd=("worth_usd", "max"), rent_musd=("rent_musd", "sum")
    )
    found = found.sort_values("rent_musd", ascending=False, kind="stable").iloc[:SHOWN].reset_index()
    columns = {"from_month": "from", "to_month": "to", "worth_usd": "most a unit saves, USD", "rent_musd": "total, million USD"}
    title = "Tightest limits, by total scarcity value (each month: sheet limits)"
    return _compared(title, ("limit", "", "unit"), found, columns, _named(found, names))


def _named(frame: pd.DataFrame, names: Names) -> list[Label]:
    """The labels of limits: what each is, where, and the unit that counts it."""
    ids = frame[["constraint", "where", "unit"]].fillna("").astype(str).values.tolist()
    return [(named(one, where, names), "", unit) for one, where, unit in ids]


def _remedies(frame: pd.DataFrame, names: Names) -> Block:
    columns = {
        "amount": "amount",
        "from_month": "from",
        "to_month": "to",
        "capital_musd": "capital, million USD",
        "cost_musd": "costs, million USD",
        "saves_musd": "saves, million USD",
        "powered_kh100e": "powers, thousand H100e",
    }
    title = "Remedies, by what they save above their cost, to first order (all: sheet remedies)"
    first = frame.iloc[:SHOWN]
    return _compared(title, ("more of", "", "unit"), first, columns, _named(first, names))


def _cash(frame: pd.DataFrame, names: Names) -> Block:
    """Money paid, by component and calendar year."""
    years = sorted(set(frame["year"].astype(str)))
    lines = Lines("cash", "cash_musd", "sum", by=("component",), total=True)
    dated = {"cash": frame.assign(month=frame["year"].astype(str))}
    rows = tuple(_over_time(lines, dated, [(year, [place]) for place, year in enumerate(years)], years, names))
    return Block("Cash by calendar year, not discounted", ("component", "", "unit"), tuple(years), rows)


def _league(frame: pd.DataFrame, names: Names) -> Block:
    columns = {
        "usd_per_mwh": "power, USD per MWh",
        "usd_per_mwh_facility": "with halls, USD per MWh",
        "marginal_usd_per_mwh": "one more MWh, USD",
        "usd_per_kh100e_h": "compute, USD per thousand H100e-h",
        "carbon_kg_per_kh100e_h": "CO2, kg per thousand H100e-h",
        "it_gwh": "IT energy, GWh",
    }
    places = [(names(str(key)), "", "") for key in frame["place_id"]]
    found = frame.assign(it_gwh=frame["it_mwh"] / 1000)
    return _compared("Places compared, over the whole study", ("where", "", ""), found, columns, places)


def _nations(frame: pd.DataFrame, names: Names) -> Block:
    columns = {
        "usd_per_mwh": "power, USD per MWh",
        "energy_usd_per_kh100e_h": "power, USD per thousand H100e-h",
        "carbon_kg_per_mwh": "CO2, kg per MWh",
        "grid_growth_mw": "grid growth, MW",
        "envelope_mw": "the most it may be, MW",
        "served_kh100e": "served, thousand H100e",
        "home_frac": "served at home",
    }
    found = frame[["country_iso2", "plan_year"]].values.tolist()
    rows = [(_label("country_iso2", str(key), names), f"year {year}", "") for key, year in found]
    return _compared("Nations compared, by year of the plan", ("nation", "", ""), frame, columns, rows)


BESIDES: dict[str, Callable[[pd.DataFrame, Names], Block]] = {
    "limits": _limits,
    "remedies": _remedies,
    "cash": _cash,
    "league": _league,
    "nations": _nations,
}
"""Blocks of single tables; the first two follow what to order, the others come last."""
