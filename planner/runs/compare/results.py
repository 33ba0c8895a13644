"""What differs in the results: cell by cell, in cost, and in what is built, installed, served and limited."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import fsum

import numpy as np
import pandas as pd

from planner.schema.glossary import DARK_REASONS, SPENT
from planner.schema.results import is_key

Tables = Mapping[str, pd.DataFrame]
RELATIVE = 1e-6
"""A number that differs by less than this part of itself is equal: the noise of a solver that ends at the same plan."""

OF_COLUMN = 1e-9
"""And so is one that differs by less than this part of the largest number in its column."""
UNSERVED = "unserved"
"""What unserved work would be worth: in the objective of mode `value`, but paid by nobody."""


def table_differences(a: Mapping[str, pd.DataFrame], b: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """One row a table that differs: rows in only one, cells that differ, and the column with most of them."""
    rows = []
    for name in sorted({*a, *b}):
        one, two = a.get(name, pd.DataFrame()), b.get(name, pd.DataFrame())
        found = _table(name, one, two)
        if any(found[:3]):
            rows.append((name, *found))
    return pd.DataFrame(rows, columns=["table", "rows_only_a", "rows_only_b", "cells_changed", "most_in"])


def _table(name: str, a: pd.DataFrame, b: pd.DataFrame) -> tuple[int, int, int, str]:
    one, two = _indexed(name, a, b), _indexed(name, b, a)
    common = one.index.intersection(two.index, sort=False)
    changed = {
        column: int(_differ(one.loc[common, column], two.loc[common, column]).sum())
        for column in one.columns.intersection(two.columns, sort=False)
    }
    most = max(changed, key=lambda column: changed[column], default="")
    total = sum(changed.values())
    return len(one) - len(common), len(two) - len(common), total, str(most) if total else ""


def _indexed(name: str, frame: pd.DataFrame, other: pd.DataFrame) -> pd.DataFrame:
    """The rows by the keys that both tables have, equal keys numbered."""
    keys = [column for column in frame.columns if is_key(name, str(column)) and (column in other.columns or other.empty)]
    if not keys:
        return frame
    again = frame.groupby(keys).cumcount()
    return frame.set_index([*(frame[key] for key in keys), again]).drop(columns=keys)


def _differ(a: pd.Series, b: pd.Series) -> np.ndarray:
    if a.dtype.kind == "f" and b.dtype.kind == "f":
        one, two = a.to_numpy(), b.to_numpy()
        size = np.fmax(np.abs(one), np.abs(two))  # of both, so that B against A finds what A against B does
        near = np.abs(one - two) <= np.fmax(RELATIVE * size, OF_COLUMN * np.nanmax(size, initial=0.0))
        return np.asarray(~(near | (np.isnan(one) & np.isnan(two))))
    return np.asarray(a.astype(str).to_numpy() != b.astype(str).to_numpy())


def waterfall(a: pd.DataFrame, b: pd.DataFrame) -> pd.DataFrame:
    """Steps from A to B, discounted million USD: columns component, a_musd, b_musd, difference_musd, largest first.

    The row `cost` sums all rows before it, `unserved` follows it, and `objective` is both together."""
    one, two = (_sums(costs, ["component"]) for costs in (a, b))
    steps = [(name, one.get((name,), 0.0), two.get((name,), 0.0)) for (name,) in {**one, **two} if name != UNSERVED]
    steps.sort(key=lambda step: (-abs(step[2] - step[1]), step[0]))
    paid = ("cost", fsum(step[1] for step in steps), fsum(step[2] for step in steps))
    unserved = (UNSERVED, one.get((UNSERVED,), 0.0), two.get((UNSERVED,), 0.0))
    whole = ("objective", paid[1] + unserved[1], paid[2] + unserved[2])
    return _frame([*steps, paid, unserved, whole], ["component"])


def cost_by_place(a: pd.DataFrame, b: pd.DataFrame) -> pd.DataFrame:
    """The same steps by place and component, without unserved work; two key columns, then as above.

    An empty place is the plan as a whole, such as chips that are installed nowhere."""
    keys = ["place_id", "component"]
    one, two = (_sums(costs[costs["component"] != UNSERVED], keys) for costs in (a, b))
    names = sorted({**one, **two}, key=lambda key: (-abs(two.get(key, 0.0) - one.get(key, 0.0)), key))
    return _frame([(*key, one.get(key, 0.0), two.get(key, 0.0)) for key in names], keys)


def _sums(costs: pd.DataFrame, keys: list[str]) -> dict[tuple[str, ...], float]:
    found: dict[tuple[str, ...], list[float]] = {}
    for *key, musd in costs[[*keys, "discounted_musd"]].itertuples(index=False, name=None):
        found.setdefault(tuple(key), []).append(musd)
    return {key: fsum(values) for key, values in found.items()}


def _frame(steps: Sequence[tuple[str | float, ...]], keys: list[str]) -> pd.DataFrame:
    frame = pd.DataFrame(steps, columns=[*keys, "a_musd", "b_musd"])
    frame["difference_musd"] = frame["b_musd"] - frame["a_musd"]
    return frame


def side_by_side(unit: str, a: pd.Series[float], b: pd.Series[float]) -> pd.DataFrame:
    """Two sums by the same keys as columns a, b and difference, with their unit; a missing key counts as 0.

    The largest difference first."""
    both = pd.concat({"a": a, "b": b}, axis=1).fillna(0.0)
    both["difference"] = both["b"] - both["a"]
    both = both.reset_index()
    both["unit"] = unit
    keys = [str(column) for column in both.columns[:-4]]
    names = list(both[keys].itertuples(index=False, name=None))
    far = both["difference"].abs().tolist()
    order = sorted(range(len(both)), key=lambda i: (-far[i], names[i]))
    return both.iloc[order][[*keys, "unit", "a", "b", "difference"]].reset_index(drop=True)


def headlines(a: Tables, b: Tables, last: str) -> pd.DataFrame:
    """The numbers that sum up a plan: measure, unit, a, b, difference; over the months compared, or at their end."""
    one, two = _headlines(a, last), _headlines(b, last)
    rows = [(name, unit, value, two[name, unit]) for (name, unit), value in one.items() if (name, unit) in two]
    frame = pd.DataFrame(rows, columns=["measure", "unit", "a", "b"])
    frame["difference"] = frame["b"] - frame["a"]
    return frame


def _headlines(tables: Tables, last: str) -> dict[tuple[str, str], float]:
    costs, demand, orbit, power = tables["costs"], tables["demand"], tables["orbit"], tables["power"]
    end = {name: table[table["month"] == last] for name, table in tables.items() if "month" in table}
    unserved = costs["component"] == "unserved"
    asked, asked_end = demand["demand_kh100e"].sum(), end["demand"]["demand_kh100e"].sum()
    in_orbit = end["fleet"]["place_id"].isin(orbit["design_id"])
    return _cash(tables) | {
        ("cost", "million USD, discounted"): costs.loc[~unserved, "discounted_musd"].sum(),
        ("value of unserved compute", "million USD, discounted"): costs.loc[unserved, "discounted_musd"].sum(),
        ("served", "share of demand"): demand["served_kh100e"].sum() / asked if asked else 1.0,
        ("served at the end", "share of demand"): end["demand"]["served_kh100e"].sum() / asked_end if asked_end else 1.0,
        ("installed on Earth at the end", "MW of IT"): end["fleet"].loc[~in_orbit, "it_nameplate_mw"].sum(),
        ("dark at the end", "MW of IT"): end["chips"]["dark_mw"].sum(),
        ("retired early at the end", "thousand units"): end["chips"]["displaced_kunit"].sum(),
        **({("firm power at the end", "MW"): end["power"]["firm_mw"].sum()} if "firm_mw" in power else {}),
        ("power capacity at the end", "MW"): end["power"]["capacity_mw"].sum(),
        ("energy", "MWh"): power["energy_mwh"].sum(),
        ("carbon", "t CO2"): power["carbon_tco2"].sum(),
        ("launched", "MW of IT"): orbit["launched_mw"].sum(),
    }


def _cash(tables: Tables) -> dict[tuple[str, str], float]:
    """What is paid over the horizon, where both plans have the same: cash is by year."""
    if "cash" not in tables:
        return {}
    paid = tables["cash"].groupby("component")["cash_musd"].sum()
    capital, chips = float(paid.reindex(SPENT).sum()), float(paid.get("chips", 0.0))
    unit = "million USD, not discounted"
    running = float(paid.sum()) - capital - chips
    return {("capital paid", unit): capital, ("running costs paid", unit): running, ("chips at list price", unit): chips}


def capacity(a: Tables, b: Tables, months: Sequence[str]) -> pd.DataFrame:
    """IT nameplate by place at the end, and the month and size of the largest difference before."""
    keys = ["place_id", "month"]
    one, two = (tables["fleet"].groupby(keys)["it_nameplate_mw"].sum() for tables in (a, b))
    by_month = two.sub(one, fill_value=0.0).unstack("month").reindex(columns=list(months)).fillna(0.0)
    frame = side_by_side("MW of IT", *(_at(each, months[-1]) for each in (one, two)))
    at = by_month.abs().idxmax(axis=1)
    frame["widest_month"] = [str(at[place]) for place in frame["place_id"]]
    widest = zip(frame["place_id"], frame["widest_month"], strict=True)
    frame["widest_difference"] = [float(by_month.loc[place, month]) for place, month in widest]
    return frame


def _at(by_month: pd.Series[float], month: str) -> pd.Series[float]:
    """The values of one month; 0 for a place without a row in it."""
    there = by_month[by_month.index.get_level_values("month") == month].groupby("place_id").sum()
    return there.reindex(by_month.index.get_level_values("place_id").unique(), fill_value=0.0)


def power_by_option(a: Tables, b: Tables, last: str) -> pd.DataFrame:
    """Capacity at the end, at the facility."""
    return side_by_side("MW", *(_sum(_end(t["power"], last), ["option_id"], "capacity_mw") for t in (a, b)))


def idle_chips(a: Tables, b: Tables, last: str) -> pd.DataFrame:
    """Chips that are dark or retired early, by generation, at the end."""
    parts = []
    for measure, column in (("dark", "dark_kunit"), ("retired early", "displaced_kunit")):
        part = side_by_side("thousand units", *(_sum(_end(t["chips"], last), ["generation_id"], column) for t in (a, b)))
        part.insert(0, "measure", measure)
        parts.append(part)
    for reason, measure in DARK_REASONS.items() if all("dark" in t for t in (a, b)) else ():
        sums = (_sum(_end(t["dark"], last), ["generation_id"], f"{reason}_kunit") for t in (a, b))
        part = side_by_side("thousand units", *sums)
        part.insert(0, "measure", measure)
        parts.append(part)
    return pd.concat(parts, ignore_index=True)


def served(a: Tables, b: Tables, months: Sequence[str]) -> pd.DataFrame:
    """Compute served by zone or pool and class, mean of the months compared."""
    keys = ["pool_id", "class_id"]
    return side_by_side("thousand H100e", *(_sum(t["demand"], keys, "served_kh100e") / len(months) for t in (a, b)))


def orbit(a: Tables, b: Tables, last: str) -> pd.DataFrame:
    """What is launched over the months compared, and what serves at their end, by design."""
    parts = []
    for measure, column, unit in (
        ("launched", "launched_mw", "MW of IT"),
        ("launched", "launched_t", "t"),
        ("in service", "service_mw", "MW of IT"),
    ):
        tables = [_end(t["orbit"], last) if measure == "in service" else t["orbit"] for t in (a, b)]
        part = side_by_side(unit, *(_sum(table, ["design_id"], column) for table in tables))
        part.insert(0, "measure", measure)
        parts.append(part)
    return pd.concat(parts, ignore_index=True)


def limits(a: Tables, b: Tables) -> pd.DataFrame:
    """The total scarcity value of each limit in each plan, and where it binds: both, a or b."""
    keys = ["constraint", "where"]
    one, two = (_sum(tables["limits"], keys, "rent_musd") for tables in (a, b))
    frame = side_by_side("million USD, discounted", one, two)
    found = [(key in one.index, key in two.index) for key in zip(frame["constraint"], frame["where"], strict=True)]
    frame["binds_in"] = ["both" if all(each) else "a" if each[0] else "b" for each in found]
    return frame


def _sum(table: pd.DataFrame, keys: list[str], column: str) -> pd.Series[float]:
    return table.groupby(keys)[column].sum()


def _end(table: pd.DataFrame, last: str) -> pd.DataFrame:
    return table[table["month"] == last]
