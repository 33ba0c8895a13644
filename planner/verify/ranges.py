"""The ranges that are kept beside a run: the plan's totals are those of its tables, and lie within their own ends."""

from __future__ import annotations

from typing import Any

import numpy as np

from planner.verify.collector import Collector
from planner.verify.files import plain_json
from planner.verify.run import Run, dig

FILE = "ranges.json"
SUMS = {
    "region": ("fleet", "place_id", "it_nameplate_mw"),
    "option": ("power", "option_id", "capacity_mw"),
    "generation": ("fleet", "generation_id", "it_nameplate_mw"),
    "year": ("fleet", "", "it_nameplate_mw"),
}
"""By kind of total: the table that holds it, the column of its name, and what is summed."""
FIRM = 0.1
"""A total is firm where both ends are within this share of the plan's."""
ROUNDING_MW = 1e-6
NUMBERS = ("plan_mw", "least_mw", "most_mw", "within_frac", "slack_musd", "proven_to")
PROVEN_TO = 1e-6


def check_ranges(checks: Collector) -> None:
    """Nothing where no ranges are kept, or those of another linear program, which nobody shows."""
    rows = _kept(checks.run)
    if not rows:
        return
    try:
        told = {name: np.array([float(row[name]) for row in rows]) for name in NUMBERS}
        summed = np.array([_sum(checks.run, row) for row in rows])
        said = [str(row["firm"]) for row in rows]
        if not all(np.isfinite(column).all() for column in told.values()) or not set(said) <= {"firm", "open"}:
            raise ValueError
        names = [f"{row['of']} {row['id']}" for row in rows]
    except (KeyError, TypeError, ValueError):
        checks.fail("ranges.rows", f"{FILE}: every row must state of, id, month, firm or open, and finite {', '.join(NUMBERS)}")
        return
    plan, least, most = told["plan_mw"], told["least_mw"], told["most_mw"]
    checks.equal("ranges.plan_mw", plan, summed, [names], "MW", "each total is the sum of the tables")
    checks.at_most("ranges.least_mw", least, plan, [names], "MW", "no total is below its least")
    checks.at_most("ranges.most_mw", plan, most, [names], "MW", "no total is above its most")
    far = np.maximum(most - plan, plan - least)
    over = far > FIRM * plan + ROUNDING_MW
    wrong = [name for name, firm, wide in zip(names, said, over, strict=True) if wide == (firm == "firm")]
    law = "firm totals, and no others, have both ends within a tenth of the plan's"
    checks.add("ranges.firm", not wrong, law, place=", ".join(wrong[:3]))
    checks.at_most("ranges.proven_to", told["proven_to"], np.full(len(rows), PROVEN_TO), [names], "1", "each end is proven")
    for name in ("within_frac", "slack_musd"):
        checks.equal(f"ranges.{name}", told[name], told[name][0], [names], "1", "all ends were asked for alike")


def _kept(run: Run) -> list[dict[str, Any]]:
    try:
        found = plain_json((run.folder / FILE).read_text(encoding="utf-8"))
        rows = found["rows"] if found["fingerprint"] == dig(run.manifest, "model.fingerprint") else []
    except (OSError, ValueError, LookupError, TypeError):
        return []
    return rows if isinstance(rows, list) and all(isinstance(row, dict) for row in rows) else []


def _sum(run: Run, row: dict[str, Any]) -> float:
    table, key, column = SUMS[row["of"]]
    frame = run.tables[table]
    frame = frame[frame["month"] == row["month"]]
    return float((frame if not key else frame[frame[key] == row["id"]])[column].sum())
