"""What each group of regions does in a finished run, and what the run saves against another, from written files alone.

Where costs tie, the solver chooses which group serves whom: a class has a range of shares, the total has not. The range swaps
whole classes between groups that may serve their pools, so it may be wider than what is feasible, never narrower."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from planner.errors import UsageError
from planner.plan.calendar import hours_of
from planner.prepare.plan_data import prepared
from planner.read.load import load
from planner.runs.read import Written, read_written

ALL = "all"


@dataclass(frozen=True)
class Groups:
    """Tables, one row a fact; the last two only against another run. Shares are fractions, money is of its month."""

    run: Written
    base: Written | None
    served: pd.DataFrame  # class_id (or all), month, group, serve_kh100e, share_frac, least_frac, most_frac
    network: pd.DataFrame  # month, group, least_gbit_s, most_gbit_s
    limits: pd.DataFrame  # group, constraint, unit, highest_worth_usd, month, rent_musd
    unreached: pd.DataFrame  # pool_id, class_id, demand_kh100e: demanded where no place may serve, mean of the months
    years: pd.DataFrame  # run, year, cost_musd, unserved_musd, network_musd, carbon_tco2, served_kh100e, carbon per work
    saved: pd.DataFrame  # year, cost_musd, unserved_musd, total_musd, carbon_tco2, served_kh100e: base less run

    def tables(self) -> dict[str, pd.DataFrame]:
        """Every table by name."""
        names = ("served", "network", "limits", "unreached", "years", "saved")
        return {name: getattr(self, name) for name in names}


def groups(folder: Path, base: Path | None = None) -> Groups:
    """Raises UsageError for a folder that is no whole result, or a plan whose regions have no group."""
    run = read_written(folder)
    group = group_of(run)
    other = read_written(base) if base is not None else None
    if other is not None and other.months != run.months:
        raise UsageError(f"{base}: has other months than {folder}: expected two runs over the same months")
    years = pd.concat([by_year(one).assign(run=one.name) for one in (run, other) if one is not None], ignore_index=True)
    saved = difference(by_year(run), by_year(other)) if other is not None else pd.DataFrame()
    may = reached(run)
    return Groups(run, other, *shares(run, group, may), worth(run, group), nowhere(run, may), years, saved)


def group_of(run: Written) -> dict[str, str]:
    """Group by region; orbital designs are a group of their own."""
    regions = run.inputs["regions"]
    if "group" not in regions or not (regions["group"] != "").any():
        raise UsageError(f"{run.folder}: no region has a group: state one in the column group of regions")
    named = dict(zip(regions["region_id"], regions["group"].replace("", "no group"), strict=True))
    return named | dict.fromkeys(run.inputs["designs"]["design_id"] if "designs" in run.inputs else (), "orbit")


def reached(run: Written) -> set[tuple[str, str, str]]:
    """Pool, class and place of all that may be served in time and by law, from the run's own copy of its plan."""
    return set(prepared(load(run.folder / "inputs" / "plan.yaml")).data.servable)


def shares(run: Written, group: dict[str, str], may: set[tuple[str, str, str]]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """What each group serves of each class and of all, by month, with the range that ties leave, and that of its traffic."""
    names = sorted(set(group.values()))
    into: dict[tuple[str, str], set[str]] = {}
    for z, w, x in may:
        into.setdefault((z, w), set()).add(group[x])
    flows: dict[str, list[tuple[str, str, str, float]]] = {}
    serve = run.tables["serve"]
    cells = (serve[name] for name in ("month", "pool_id", "class_id", "place_id", "serve_kh100e"))
    for month, z, w, x, kh100e in zip(*cells, strict=True):
        flows.setdefault(month, []).append((z, w, group[x], kh100e))
    rows: list[tuple[str | float, ...]] = []
    needs: list[tuple[str | float, ...]] = []
    classes = run.inputs["classes"]
    gbit_s = dict(zip(classes["class_id"], classes["gbit_s_per_kh100e"].astype(float), strict=True))
    for month in run.months:
        here = flows.get(month, [])
        for name in names:
            of_class, serves, can, must = ({w: 0.0 for _, w, _, _ in here} for _ in range(4))
            for z, w, where, kh100e in here:
                of_class[w] += kh100e
                serves[w] += kh100e * (where == name)
                can[w] += kh100e * (name in into[z, w])
                must[w] += kh100e * (into[z, w] == {name})
            inside, total = sum(serves.values()), sum(of_class.values())
            for w, asked in of_class.items():
                least = max(must[w], inside - sum(can.values()) + can[w])
                most = min(can[w], inside - sum(must.values()) + must[w])
                rows.append((w, month, name, serves[w], serves[w] / asked, least / asked, most / asked))
            rows.append((ALL, month, name, inside, *([inside / total if total else 0.0] * 3)))
            needs.append((month, name, *(_gbit_s(inside, must, can, gbit_s, dense) for dense in (False, True))))
    columns = ["class_id", "month", "group", "serve_kh100e", "share_frac", "least_frac", "most_frac"]
    return pd.DataFrame(rows, columns=columns), pd.DataFrame(needs, columns=["month", "group", "least_gbit_s", "most_gbit_s"])


def _gbit_s(
    inside: float, must: Mapping[str, float], can: Mapping[str, float], gbit_s: Mapping[str, float], dense: bool
) -> float:
    """Traffic of so much compute: what must be served there, then the classes with least traffic, or, if `dense`, with most."""
    free = max(0.0, inside - sum(must.values()))
    total = sum(gbit_s[w] * kh100e for w, kh100e in must.items())
    for w in sorted(must, key=lambda w: -gbit_s[w] if dense else gbit_s[w]):
        more = min(can[w] - must[w], free)
        total += gbit_s[w] * more
        free -= more
    return total


def worth(run: Written, group: dict[str, str]) -> pd.DataFrame:
    """The limits of each group's regions: their total scarcity value, and the highest price of one more unit."""
    limits = run.tables["limits"]
    named = limits.assign(group=limits["where"].str.partition(" / ")[0].map(group)).dropna(subset="group")
    keys = ["group", "constraint", "unit"]
    rent = named.groupby(keys)["rent_musd"].sum().rename("rent_musd")
    named = named.assign(size=named["worth_usd"].abs()).sort_values("size", ascending=False, kind="stable")
    top = named.drop_duplicates(keys).set_index(keys)[["worth_usd", "where", "month"]]
    found = top.rename(columns={"worth_usd": "highest_worth_usd"}).join(rent).reset_index()
    return found.sort_values(["group", "rent_musd"], ascending=[True, False], ignore_index=True)


def nowhere(run: Written, may: set[tuple[str, str, str]]) -> pd.DataFrame:
    """Demand that no place may serve."""
    mean = run.tables["demand"].groupby(["pool_id", "class_id"], sort=False)["demand_kh100e"].mean().reset_index()
    served = {(z, w) for z, w, _ in may}
    keep = [(z, w) not in served and kh100e > 0 for z, w, kh100e in mean.itertuples(index=False)]
    return mean[keep].reset_index(drop=True)


def by_year(run: Written) -> pd.DataFrame:
    """Cost without what goes unserved, what that would be worth, emissions, and compute served, by calendar year."""
    costs = run.tables["costs"].assign(year=lambda frame: frame["month"].str[:4])
    short, wires = costs["component"] == "unserved", costs["component"] == "network"
    served = run.tables["demand"].groupby("month")["served_kh100e"].sum()
    worked = served * [hours_of(month) for month in served.index]
    carbon = run.tables["power"].groupby(run.tables["power"]["month"].str[:4])["carbon_tco2"].sum()
    parts = {
        "cost_musd": costs[~short].groupby("year")["cost_musd"].sum(),
        "unserved_musd": costs[short].groupby("year")["cost_musd"].sum(),
        "network_musd": costs[wires].groupby("year")["cost_musd"].sum(),
        "carbon_tco2": carbon,
        "served_kh100e": served.groupby(served.index.str[:4]).mean(),
        "carbon_kg_per_kh100e_h": 1e3 * carbon / worked.groupby(worked.index.str[:4]).sum(),
    }
    return pd.DataFrame(parts).fillna(0.0).rename_axis("year").reset_index()


def difference(run: pd.DataFrame, base: pd.DataFrame) -> pd.DataFrame:
    """What the run saves against the base, year by year; `total_musd` counts unserved compute at its value."""
    columns = ["cost_musd", "unserved_musd", "network_musd", "carbon_tco2", "served_kh100e", "carbon_kg_per_kh100e_h"]
    less = (base.set_index("year")[columns] - run.set_index("year")[columns]).reset_index()
    return less.assign(total_musd=less["cost_musd"] + less["unserved_musd"])
