"""Since last month: what a rolled plan says of the months before it, and of the plan that was published then.

From the inputs and the tables of one run alone: `planner roll` puts into the inputs what happened (`actuals`, `stock_take`,
`missed`) and what the plan before had decided (`published`); the table `revisions` has both decisions side by side.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from planner.plan.plan import Plan
from planner.result import Since
from planner.runs.compare.results import waterfall
from planner.schema.cycle import CYCLE, KINDS

Tables = Mapping[str, pd.DataFrame]

SMALLEST = 1e-6
"""Of the largest number of its kind: what moves by less has not moved."""

CARRIED_OUT = tuple(kind for kind, each in KINDS.items() if kind not in ("demand", "price") and not each.counted)
DECISIONS = ("started", "deployed", "retired")
NUMBERS = {field.name for schema in CYCLE for field in schema.fields if field.kind == "number"}


def since(inputs: Tables, tables: Tables) -> Since | None:
    """What has changed since the plan before; None for a plan that is not rolled from a run."""
    taken, revisions = _numbers(inputs.get("stock_take")), tables.get("revisions")
    if revisions is None or not len(taken):
        return None
    actuals = _numbers(inputs.get("actuals"), ("planned", "value"))
    known = actuals[actuals["value"].notna()] if len(actuals) else actuals.assign(kind=[], value=[], planned=[], month=[])
    asked = known[known["kind"] == "demand"]
    forecast = asked[["month", "place_id", "item_id", "planned", "value"]].copy() if len(asked) else pd.DataFrame()
    if len(forecast):
        forecast["error_frac"] = (forecast["value"] - forecast["planned"]) / forecast["planned"].where(forecast["planned"] > 0)
    done = known[known["kind"].isin(CARRIED_OUT)]
    keys = ["kind", "place_id", "item_id", "unit"]
    executed = done.groupby(keys, as_index=False, sort=False)[["planned", "value"]].sum() if len(done) else pd.DataFrame()
    cost = revisions[revisions["kind"] == "cost"].rename(columns={"item_id": "component"})
    sides = (cost.assign(discounted_musd=cost[side]) for side in ("before", "now"))
    return Since(
        tuple(sorted({str(month) for month in actuals["month"]})) if len(actuals) else (),
        forecast,
        executed,
        taken[taken["late"].notna()] if "late" in taken else taken.head(0),
        taken[taken["unexplained"].notna()] if "unexplained" in taken else taken.head(0),
        _numbers(inputs.get("missed")),
        _moved(revisions),
        waterfall(*sides),
    )


def _moved(revisions: pd.DataFrame) -> pd.DataFrame:
    """What is decided otherwise, the most first in each kind; a month earlier or later is moved too."""
    rows = revisions[revisions["kind"].isin(DECISIONS)].copy()
    rows["moved"] = (rows["now"] - rows["before"]).abs()
    sums = rows.groupby(["kind", "place_id", "item_id", "unit"], as_index=False, sort=False)[["before", "now", "moved"]].sum()
    most = sums.groupby("kind")[["before", "now", "moved"]].transform("max").max(axis=1)
    sums = sums[sums["moved"] > SMALLEST * most.clip(lower=1.0)]
    rank = sums["kind"].map({kind: position for position, kind in enumerate(DECISIONS)})
    return (
        sums.assign(rank=rank, least=-sums["moved"])
        .sort_values(["rank", "least"], kind="stable")
        .drop(columns=["rank", "least"])
    )


def _numbers(frame: pd.DataFrame | None, columns: tuple[str, ...] = ()) -> pd.DataFrame:
    """A table of the inputs with numbers where it has numbers; empty where the plan does without it."""
    if frame is None or not len(frame):
        return pd.DataFrame()
    found = frame.copy()
    for name in found.columns:
        if name in NUMBERS:
            found[name] = pd.to_numeric(found[name].where(found[name] != ""), errors="coerce").astype(float)
    for name in columns:
        if name not in found:
            found[name] = float("nan")
    return found


def since_of(plan: Plan, tables: Tables) -> Since | None:
    """The same of a plan that was just solved."""
    return since({each.name: pd.DataFrame(plan.tables[each.name].resolved) for each in CYCLE}, tables)
