"""What would overturn a plan: five assumptions, each lower and higher, the plan solved again, and what would change in it;
and what the plan comes to if nothing is ordered.

The assumptions are demand, the value of compute, the growth of the grid that grows most, the launch price, and the share of
nameplate for which sites need firm power. Each variant is a change that `--set` takes, so that it can be run and read whole.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd

from models.data import PlanData
from planner.errors import PlannerError
from planner.plan.first_orders import first_orders
from planner.plan.plan import Plan
from planner.prepare.plan_data import prepare
from planner.progress import Progress
from planner.read.load import load
from planner.runs.read import fingerprint_of, read_written
from planner.schema.results import AS_PLANNED, NOTHING_ORDERED
from planner.schema.table_schema import HALLS
from planner.solve.session import Session
from planner.studies.thresholds import FEWEST_MW
from planner.tables.result import make_result

KEPT, MOVED = 0.8, 0.1
"""A variant overturns the plan where a smaller share of the first orders stays, where these are a smaller share of its own, or
where a larger share of chips is elsewhere."""

COLUMNS = [
    *("assumption", "place", "change", "value", "set", "status", "cost_musd", "unserved_musd", "served_frac"),
    *("served_end_frac", "dark_end_mh100e", "it_end_mw", "launched_mw", "first_orders_musd", "first_orders_kept_frac"),
    *("largest_place", "elsewhere_frac", "overturns"),
]

Tables = Mapping[str, pd.DataFrame]


@dataclass(frozen=True)
class Variant:
    """One assumption changed. ``change``: `times` or `to`; ``value``: the factor, or what it becomes; ``sets``: for `--set`."""

    assumption: str
    change: str
    value: float
    sets: tuple[str, ...]
    place: str = ""


@dataclass(frozen=True)
class Overturn:
    """``rows``: the plan itself, one row a variant, and the plan if nothing is ordered (COLUMNS).
    ``fingerprint``: of the program of the run. ``inputs``: the tables of the plan, which name things."""

    plan: str
    fingerprint: str
    rows: pd.DataFrame
    inputs: dict[str, dict[str, list[Any]]]

    def tables(self) -> dict[str, pd.DataFrame]:
        """The rows, for CSV."""
        return {"overturn": self.rows}


def overturn(folder: Path, progress: Progress | None = None, own_limits: bool = False) -> Overturn:
    """Solve the variants of a finished run. Raises UsageError for a folder that is no whole result, InputError for inputs in it
    that were changed badly."""
    progress = progress or Progress()
    path = folder / "inputs" / "plan.yaml"
    with progress.phase("read"):
        written = read_written(folder, without=("duals",))
        plan = load(path, own_limits=own_limits)
        data = prepare(plan)
        wanted = list(variants(plan, data))
    base = outcome(written.tables, written.months)
    rows: list[dict[str, Any]] = [{"assumption": AS_PLANNED, "status": "optimal", **base.numbers(base)}]
    session = Session(progress)
    with progress.phase("overturn"):
        for number, each in enumerate(wanted, start=1):
            changed = load(path, each.sets, own_limits)
            rows.append({**_described(each), **_solved(changed, prepare(changed), session, base)})
            progress.count(number, len(wanted) + 1, "variants")
        alone = nothing_ordered(data, first_orders(written.tables["purchases"], written.months).under_way)
        rows.append({"assumption": NOTHING_ORDERED, **_solved(plan, alone, session, base)})
        progress.count(len(wanted) + 1, len(wanted) + 1, "variants")
    return Overturn(plan.name, fingerprint_of(written.manifest), pd.DataFrame(rows, columns=COLUMNS), plan.columns)


def variants(plan: Plan, d: PlanData) -> Iterator[Variant]:
    """What is changed, in the order of the table; an assumption that the plan does not have is left out."""
    for factor in (0.75, 1.25):
        yield Variant("demand", "times", factor, (f"demand.start_kh100e*={factor:g}",))
    values = ("value_usd_per_h100e_h", "core_value_usd_per_h100e_h")
    stated = [name for name in values if any(cell is not None for cell in plan.tables["classes"].column(name))]
    for factor in (0.5, 2.0):
        yield Variant("value of compute", "times", factor, tuple(f"classes.{name}*={factor:g}" for name in stated))
    grids = grids_of(plan)
    grid = largest_grid(d, grids)
    power = plan.tables["power"]
    steps = dict(zip(power.keys, power.column("step_mw_per_month"), strict=True))
    for factor in (0.5, 2.0) if grid else ():
        options = [p for r, p in d.options if r == grid and p in grids and steps.get((r, p))]
        sets = tuple(f"power[{grid},{p}].step_mw_per_month*={factor:g}" for p in options)
        yield Variant("growth of the largest grid", "times", factor, sets, grid)
    if d.designs and len(plan.tables["launch_price"]):
        for factor in (0.5, 0.25):
            yield Variant("launch price", "times", factor, (f"launch_price.usd_per_kg*={factor:g}",))
    now = [float(value) for value in plan.tables["regions"].columns["nameplate_frac"]]
    drawn = max((float(value) for value in plan.tables["accelerators"].columns["draw_frac"]), default=1.0)
    for share in (drawn, 1.0):
        if any(abs(share - value) > 1e-9 for value in now):
            yield Variant("nameplate that needs firm power", "to", share, (f"regions.nameplate_frac={share:g}",))


def nothing_ordered(d: PlanData, under_way: pd.DataFrame) -> PlanData:
    """The plan without anything still to be ordered: only what exists, is signed, or must be ``under_way`` at its start (rows
    of purchases); no other power, halls or launches, and no project."""
    month = {name: t for t, name in enumerate(d.months, start=1)}
    columns = ("region_id", "option_id", "month", "plan_mw")
    moving = {(r, p, month[t]): mw for r, p, t, mw in zip(*(under_way[name] for name in columns), strict=True)}
    signed_t: dict[int, float] = {}
    for (o, t), mw in d.committed_launch_mw.items():
        signed_t[t] = signed_t.get(t, 0.0) + d.kg_per_kw[o] * mw  # kg per kW are tonnes per MW
    return replace(
        d,
        step_mw={key: d.committed_mw.get(key, 0.0) + moving.get(key, 0.0) for key in d.step_mw},
        growth_frac_per_month=dict.fromkeys(d.growth_frac_per_month, 0.0),
        shell_step_mw={
            (r, t): d.committed_shell_mw.get((r, t), 0.0) + moving.get((r, HALLS, t), 0.0) for r, t in d.shell_step_mw
        },
        orders=tuple(replace(order, on_top=True) for order in d.orders),
        launch_t={t: min(tonnes, signed_t.get(t, 0.0)) for t, tonnes in d.launch_t.items()},
        chosen=dict.fromkeys((each.project_id for each in d.projects), 0),
    )


def grids_of(plan: Plan) -> set[str]:
    """The options that are grids: their emissions are those of the region, so that they have none of their own."""
    return {str(p) for p, kg in plan.tables["options"].select("option_id", "carbon_kg_per_mwh") if kg is None}


def largest_grid(d: PlanData, grids: set[str]) -> str:
    """The region whose grid may add most within the horizon; empty where none may."""
    added = dict.fromkeys(d.regions, 0.0)
    for (r, p, t), mw in d.step_mw.items():
        if p in grids and t <= len(d.horizon):
            added[r] += mw
    best = max(added, key=lambda r: added[r], default="")
    return best if best and added[best] > 0 else ""


@dataclass(frozen=True)
class Outcome:
    """What a plan decides and what comes of it. ``first``: MW and million USD to order in the first months, by place and item;
    ``ends``: MW of IT by place in the last month."""

    lines: Mapping[str, float]
    first: Mapping[tuple[str, str], tuple[float, float]]
    ends: Mapping[str, float]
    launched_mw: float

    @property
    def largest(self) -> str:
        """The place with the most IT in the end."""
        return max(sorted(self.ends), key=lambda place: self.ends[place], default="")

    def numbers(self, base: Outcome) -> dict[str, Any]:
        """The columns of the table, compared with the plan as it is."""
        kept, away = self.kept(base), self.elsewhere(base)
        ordered, planned = (sum(musd for _, musd in each.first.values()) for each in (self, base))
        found = [
            ("first orders", kept < KEPT),
            ("more first orders", ordered * KEPT > planned),
            ("largest site", self.largest != base.largest),
            ("where chips are installed", away > MOVED),
            ("orbit", (self.launched_mw > FEWEST_MW) != (base.launched_mw > FEWEST_MW)),
        ]
        return {
            "cost_musd": self.lines.get("cost"),
            "unserved_musd": self.lines.get("unserved_value", 0.0),
            "served_frac": self.lines.get("served_share"),
            "served_end_frac": self.lines.get("served_share_end"),
            "dark_end_mh100e": self.lines.get("dark_end"),
            "it_end_mw": sum(self.ends.values()),
            "launched_mw": self.launched_mw,
            "first_orders_musd": ordered,
            "first_orders_kept_frac": kept,
            "largest_place": self.largest,
            "elsewhere_frac": away,
            "overturns": "; ".join(word for word, so in found if so),
        }

    def kept(self, base: Outcome) -> float:
        """The share, by capital, of the first orders of ``base`` that stay; by MW where they cost nothing."""
        at = 1 if any(each[1] > 0 for each in base.first.values()) else 0
        total = sum(each[at] for each in base.first.values())
        same = {key: min(1.0, self.first.get(key, (0.0, 0.0))[0] / each[0]) for key, each in base.first.items() if each[0] > 0}
        return sum(base.first[key][at] * share for key, share in same.items()) / total if total else 1.0

    def elsewhere(self, base: Outcome) -> float:
        """The share of the IT of the last month that is in another place than in ``base``, both as shares of their sums."""
        here, there = sum(self.ends.values()) or 1.0, sum(base.ends.values()) or 1.0
        places = {*self.ends, *base.ends}
        return sum(abs(self.ends.get(x, 0.0) / here - base.ends.get(x, 0.0) / there) for x in places) / 2


def outcome(tables: Tables, months: Sequence[str]) -> Outcome:
    """What the tables of a plan say of its decisions."""
    orders = first_orders(tables["purchases"], months).to_decide
    by_item = orders.groupby(["region_id", "option_id"])[["order_mw", "capital_musd"]].sum()
    fleet = tables["fleet"]
    ends = fleet[fleet["month"] == months[-1]].groupby("place_id")["it_nameplate_mw"].sum()
    lines = {str(row["key"]): row["value"] for row in tables["summary"].to_dict("records")}
    return Outcome(
        {key: float(value) for key, value in lines.items() if isinstance(value, float | int)},
        {(str(r), str(p)): (float(mw), float(musd)) for (r, p), mw, musd in by_item.itertuples(name=None)},
        {str(place): float(mw) for place, mw in ends.items()},
        float(tables["orbit"]["launched_mw"].sum()) if len(tables["orbit"]) else 0.0,
    )


def _described(each: Variant) -> dict[str, Any]:
    return {
        "assumption": each.assumption,
        "place": each.place,
        "change": each.change,
        "value": each.value,
        "set": " ".join(each.sets),
    }


def _solved(plan: Plan, data: PlanData, session: Session, base: Outcome) -> dict[str, Any]:
    """A variant solved, and what is decided otherwise; its status alone where it has no plan."""
    try:
        solution = session.solve(data)
    except PlannerError as error:
        if not error.status:
            raise
        return {"status": error.status, "overturns": "no plan meets all limits"}
    result = make_result(plan, solution)
    return {"status": "optimal", **outcome(result.tables, data.horizon).numbers(base)}
