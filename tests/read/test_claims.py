"""What a check says cannot fit, the solver cannot fit either: no false alarm on random small plans."""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from planner.check.checks import check
from planner.errors import InfeasibleError
from planner.prepare.plan_data import prepare
from planner.read.load import load
from planner.solve.solution import solve
from tests.read.toy import Rows, toy_tables, write_plan

KINDS = ("share", "unserved", "commitment", "closure")
OWN = {"source": "toy", "quality": "estimate"}


def spread(rng: random.Random, table: str, **columns: tuple[float, float]) -> Rows:
    """The rows of the toy with some columns scaled by a factor of their own, between the two given."""
    rows = toy_tables()[table]
    for row in rows:
        for column, bounds in columns.items():
            row[column] = round(float(row[column]) * rng.uniform(*bounds), 4)
    return rows


def random_plan(folder: Path, rng: random.Random, kind: str) -> Path:
    """Around the edge of what fits, beside one limit of a kind."""
    changes: dict[str, Any] = {
        "power": spread(rng, "power", start_mw=(0.2, 1.2), step_mw_per_month=(0.0, 2.0)),
        "regions": spread(rng, "regions", shell_start_mw=(0.3, 1.2), shell_step_mw_per_month=(0.0, 2.0)),
        "deliveries": spread(rng, "deliveries", kunit=(0.0, 2.0)),
        "demand": spread(rng, "demand", start_kh100e=(0.3, 1.5)),
        "launch": spread(rng, "launch", tonnes=(0.0, 2.0)),
    }
    plan: dict[str, Any] = {"demand": {"doubling_months": round(rng.uniform(1, 12), 2)}}
    commitments = toy_tables()["commitments"]
    if kind == "share":
        to, bloc = rng.choice(
            [("bavaria", "europe"), ("ohio", "us"), ("orbit", ""), ("ohio;bavaria", "us"), ("dawn", "europe")]
        )
        share = {"share_id": "s", "class_id": rng.choice(["chat", "batch", ""]), "from_bloc": bloc, "to": to, "of": "asked"}
        changes["shares"] = [{**share, "min_frac": round(rng.uniform(0.2, 1), 3), "max_frac": "", **OWN}]
    elif kind == "unserved":
        plan["unserved"] = "forbidden"
    elif kind == "commitment":
        engine = {"option_id": "gas_engine", "month": "2028-03", "build_mw": round(rng.uniform(0, 10), 2)}  # 5 MW are delivered
        changes["commitments"] = [{**row, **engine} for row in commitments]
    else:
        changes["commitments"] = [{**row, "build_mw": 0, "close_mw": round(rng.uniform(0, 200), 2)} for row in commitments]
    return write_plan(folder, plan=plan, **changes)


def tally(folder: Path, plans: int, seed: int) -> Counter[str]:
    """How many plans of each kind were claimed not to fit, and how many of these fit after all."""
    found: Counter[str] = Counter()
    for number in range(plans):
        kind = KINDS[number % len(KINDS)]
        path = random_plan(folder / str(number), random.Random(f"{seed} {number}"), kind)
        plan = load(path)
        data = prepare(plan)
        claims = [str(notice) for notice in check(plan, data) if notice.impossible]
        try:
            solve(data)
            fits = True
        except InfeasibleError:
            fits = False
        found[f"{kind} {'claimed' if claims else 'not claimed'} {'fits' if fits else 'does not fit'}"] += 1
        if claims and fits:
            found["false alarm"] += 1
            found["; ".join(claims)] += 1
    return found


@pytest.mark.slow
def test_what_is_said_not_to_fit_does_not(tmp_path: Path) -> None:
    found = tally(tmp_path, 120, seed=1)
    assert not found["false alarm"], found
    for kind in KINDS:
        assert found[f"{kind} claimed does not fit"] >= 5, found
        assert found[f"{kind} not claimed fits"] >= 1, found
