"""The facts behind plain questions about a finished run.

What is reached by when, what if nothing is ordered, and what can be cancelled? How different could the plan be? When do chips
pile up dark, and what is the cheapest way out? Is orbit the cheapest place? What does the run save compared with
another? Whose energy is cheapest, cleanest and most plentiful?"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from planner.errors import UsageError
from planner.plan.plan import Plan
from planner.prepare.plan_data import prepared
from planner.runs.compare import compare_written
from planner.runs.outlook import cancellations, milestones, to_order
from planner.runs.read import Written, read_answer
from planner.schema.results import OVERTURNED, RANGES, SAVED
from planner.tables.costs import compared
from planner.tables.frames import per
from planner.tables.headline_remedies import remedy_words
from planner.tables.headlines import names_in_sentences

LEAST_DARK = 1e-3
"""Of the power of all chips: less of it is no pile."""
LEAST_ENERGY = 1e-3
"""Of all energy: a nation that uses less says nothing about whose energy is cheap."""
FEW = 0.1
"""Of what the remedy powers that powers the most: one that powers less is no way out, however cheap."""
REASONS = ("power", "halls", "late", "idle")
ENERGY = (
    *("country_iso2", "it_mwh", "usd_per_mwh", "energy_usd_per_kh100e_h", "carbon_kg_per_mwh", "carbon_kg_per_kh100e_h"),
    "headroom_mw",
)
ORBIT = "orbit"


@dataclass(frozen=True)
class Facts:
    """Numbers by name, each name with its unit. ``space`` is empty for a plan without an orbital design, ``energy`` for one of
    a single nation, ``groups`` (share of compute at the end) where not every region has one, ``saving`` where no other run was
    named, ``to_order`` where everything is signed. ``overturned``, ``ranges``: rows of `planner overturn` and `planner ranges`,
    where those were asked."""

    dark: dict[str, Any]
    space: dict[str, Any]
    energy: dict[str, Any]
    groups: dict[str, float]
    saving: dict[str, Any]
    milestones: list[dict[str, Any]] = field(default_factory=list)
    to_order: dict[str, Any] = field(default_factory=dict)
    cancellations: dict[str, Any] = field(default_factory=dict)
    overturned: tuple[dict[str, Any], ...] = ()
    ranges: tuple[dict[str, Any], ...] = ()


def facts(run: Written, plan: Plan) -> Facts:
    """The facts of a run, with the answers of studies that its folder keeps."""
    overturned, ranges, saved = (tuple(read_answer(run.folder, name, run.manifest)) for name in (OVERTURNED, RANGES, SAVED))
    return Facts(
        dark=_dark(run, plan),
        space=_space(run, plan),
        energy=_energy(run),
        groups=_groups(run),
        saving=saved[0] if saved else {},
        milestones=milestones(run),
        to_order=to_order(run),
        cancellations=cancellations(run),
        overturned=overturned,
        ranges=ranges,
    )


def saving(run: Written, base: Written) -> dict[str, Any]:
    """What a run saves compared with another over the same months: money is discounted, a saving is positive.

    Raises UsageError for runs over other months."""
    if run.months != base.months:
        raise UsageError(f"{base.folder}: has other months than {run.folder}: expected two runs over the same months")
    found = compare_written(base, run)
    cost: dict[str, float] = dict(zip(found.cost["component"], found.cost["difference_musd"], strict=True))
    heads = {str(row["measure"]): (float(row["a"]), float(row["b"])) for row in found.headlines.to_dict("records")}
    return {
        "base": base.name,
        "cost_musd": -cost["cost"],
        "unserved_musd": -cost["unserved"],
        "total_musd": -cost["objective"],
        "carbon_tco2": heads["carbon"][0] - heads["carbon"][1],
        "served_frac": heads["served"][1],
        "base_served_frac": heads["served"][0],
        "notes": list(found.notes),
    }


def _dark(run: Written, plan: Plan) -> dict[str, Any]:
    """From when chips pile up to their peak, why, and the remedies: first in chips per dollar of capital, first in chips."""
    chips, months = run.tables["chips"], list(run.months)
    dark: pd.Series[float] = chips.groupby("month")["dark_mw"].sum().reindex(months).fillna(0.0)
    fleet: pd.Series[float] = run.tables["fleet"].groupby("month")["it_nameplate_mw"].sum().reindex(months).fillna(0.0)
    piled = dark > LEAST_DARK * (dark + fleet)
    if not piled.any():
        return {"from_month": ""}
    peak = str(dark.idxmax())
    before = [month for month in run.months[: run.months.index(peak) + 1] if not piled[month]]
    first = run.months[run.months.index(before[-1]) + 1] if before else run.months[0]
    rows = chips[(chips["month"] == peak) & (chips["dark_kunit"] > 0)]
    mw = dict(zip(rows["generation_id"], rows["dark_mw"] / rows["dark_kunit"], strict=True))
    why = run.tables["dark"]
    why = why[why["month"] == peak]
    weights = per(why["generation_id"], mw).fillna(0.0)
    return {
        "from_month": first,
        "peak_month": peak,
        "peak_mw": float(dark[peak]),
        "end_mw": float(dark.iloc[-1]),
        **{f"{reason}_mw": float((why[f"{reason}_kunit"] * weights).sum()) for reason in REASONS},
        "why": next((str(line["text"]) for line in run.manifest.get("summary", ()) if line["key"] == "dark_worst"), ""),
        "remedies": _remedies(run, plan),
    }


def _remedies(run: Written, plan: Plan) -> list[dict[str, Any]]:
    """Of the remedies that pay, the one that powers the most chips per dollar of capital, unless it powers few, and the
    one that powers the most; chips times the years in which they are powered."""
    table = run.tables.get("remedies", pd.DataFrame(columns=["cost_musd", "net_musd", "powered_kh100e"]))
    table = table[(table["cost_musd"] > 0) & (table["net_musd"] > 0) & (table["powered_kh100e"] > 0)]
    if table.empty:
        return []
    names = names_in_sentences(plan)
    found = []
    years = table["h100e_years_per_musd"] * table["cost_musd"]
    spent = table[["capital_musd", "cost_musd"]].max(axis=1)  # in full: charges within the study favour its last months
    rate = (years / spent)[years >= FEW * years.max()]
    for at in dict.fromkeys((rate.idxmax(), years.idxmax())):
        row: dict[Any, Any] = table.loc[at].to_dict()
        found.append(
            {
                "words": remedy_words(row, names),
                "capital_musd": float(row["capital_musd"]),
                "cost_musd": float(row["cost_musd"]),
                "powered_kh100e": float(row["powered_kh100e"]),
                "powered_h100e_years": float(years[at]),
                "usd_per_h100e_year": 1e6 * float(spent[at] / years[at]),
                "speed_up_at_most_musd": float(row["most_musd"]) if row["most_musd"] == row["most_musd"] else 0.0,
            }
        )
    return found


def _space(run: Written, plan: Plan) -> dict[str, Any]:
    """What a MWh costs in orbit and on Earth, and the sentences of the run about orbit."""
    if not len(plan.tables["designs"]):
        return {}
    lines = {str(line["key"]): line for line in run.manifest.get("summary", ())}
    said: dict[str, Any] = {key: str(lines[key]["text"]) for key in ("orbit_share", "orbit_flip_value") if key in lines}
    found = compared(prepared(plan).data, run.tables["league"])
    numbers = {f"{name}_usd_per_mwh": usd for name, usd in found._asdict().items()} if found else {}
    return {**said, **numbers, "launched_mw": float(run.tables["orbit"]["launched_mw"].sum())}


def _energy(run: Written) -> dict[str, Any]:
    """The nations of the last plan year that use energy, the one that uses most first."""
    table = run.tables.get("nations", pd.DataFrame(columns=["plan_year", *ENERGY]))
    year = table["plan_year"].astype(float)
    table = table[(year == year.max()) & (table["country_iso2"] != ORBIT)]
    used = table[table["it_mwh"] > LEAST_ENERGY * table["it_mwh"].sum()].sort_values("it_mwh", ascending=False, kind="stable")
    if len(used) < 2:
        return {}
    rows = [{str(key): value for key, value in row.items()} for row in used[list(ENERGY)].to_dict("records")]
    league = run.tables["league"]
    league = league[league["it_mwh"] > LEAST_ENERGY * league["it_mwh"].sum()]
    cheapest = league.sort_values("usd_per_mwh", kind="stable").iloc[0]
    site = {"cheapest_place": str(cheapest["place_id"]), "cheapest_place_usd_per_mwh": float(cheapest["usd_per_mwh"])}
    return {"plan_year": int(float(used["plan_year"].iloc[0])), "nations": rows, **site}


def _groups(run: Written) -> dict[str, float]:
    """Share of the compute in the last month, by group of regions."""
    regions = run.inputs["regions"]
    if "group" not in regions or (regions["group"] == "").any():
        return {}
    last = run.tables["fleet"][run.tables["fleet"]["month"] == run.months[-1]]
    group = dict(zip(regions["region_id"], regions["group"], strict=True))
    sums = last.groupby(last["place_id"].map(lambda place: group.get(place, ORBIT)))["compute_kh100e"].sum()
    total = float(sums.sum())
    return {str(name): float(value) / total for name, value in sums.items()} if total else {}
