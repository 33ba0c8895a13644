"""What differs in the plan: what is built, housed, served and limited, side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

Tables = Mapping[str, pd.DataFrame]


def side_by_side(unit: str, a: pd.Series[float], b: pd.Series[float]) -> pd.DataFrame:
    """Two sums by the same keys as columns a, b and difference, with their unit; a key that one lacks is 0 there.

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
    """The numbers a plan is judged by: measure, unit, a, b, difference; over the months compared, or at their end."""
    one, two = _headlines(a, last), _headlines(b, last)
    rows = [(name, unit, value, two[name, unit]) for (name, unit), value in one.items()]
    frame = pd.DataFrame(rows, columns=["measure", "unit", "a", "b"])
    frame["difference"] = frame["b"] - frame["a"]
    return frame


def _headlines(tables: Tables, last: str) -> dict[tuple[str, str], float]:
    costs, demand, orbit, power = tables["costs"], tables["demand"], tables["orbit"], tables["power"]
    end = {name: table[table["month"] == last] for name, table in tables.items() if "month" in table}
    unserved = costs["component"] == "unserved"
    asked, asked_end = demand["demand_kh100e"].sum(), end["demand"]["demand_kh100e"].sum()
    in_orbit = end["fleet"]["place_id"].isin(orbit["design_id"])
    return {
        ("cost", "million USD, discounted"): costs.loc[~unserved, "discounted_musd"].sum(),
        ("value of unserved compute", "million USD, discounted"): costs.loc[unserved, "discounted_musd"].sum(),
        ("served", "share of demand"): demand["served_kh100e"].sum() / asked if asked else 1.0,
        ("served at the end", "share of demand"): end["demand"]["served_kh100e"].sum() / asked_end if asked_end else 1.0,
        ("installed on Earth at the end", "MW of IT"): end["fleet"].loc[~in_orbit, "it_nameplate_mw"].sum(),
        ("dark at the end", "MW of IT"): end["chips"]["dark_mw"].sum(),
        ("displaced at the end", "thousand units"): end["chips"]["displaced_kunit"].sum(),
        ("power at the end", "MW"): end["power"]["capacity_mw"].sum(),
        ("energy", "MWh"): power["energy_mwh"].sum(),
        ("carbon", "t CO2"): power["carbon_tco2"].sum(),
        ("launched", "MW of IT"): orbit["launched_mw"].sum(),
    }


def capacity(a: Tables, b: Tables, months: Sequence[str]) -> pd.DataFrame:
    """IT nameplate by place at the end, and the month in which the two differ most with what they differ by then."""
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
    """Dark and displaced chips by generation at the end."""
    parts = []
    for measure in ("dark", "displaced"):
        part = side_by_side(
            "thousand units", *(_sum(_end(t["chips"], last), ["generation_id"], f"{measure}_kunit") for t in (a, b))
        )
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
    """What each limit is worth in each plan, all months together, and where it binds: both, a or b."""
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
