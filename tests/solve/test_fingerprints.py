"""The linear program of every shipped plan is, to the last bit, the one that was committed.

A change that moves the mathematics says so, and writes the new fingerprints: `python -m tests.solve.test_fingerprints`.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from models.build import build
from planner.prepare.plan_data import prepare
from planner.read.load import load
from planner.solve.checkpoint import fingerprint
from planner.solve.compile.form import compile_form
from tests.house import ROOT, tracked

GOLDEN = ROOT / "tests" / "golden" / "fingerprints.json"
SHIPPED = ("inputs/reference.yaml", "inputs/scenarios/*.yaml", "planner/new/plan.yaml")
PLANS = sorted(str(path.relative_to(ROOT)) for path in tracked(*SHIPPED))
FAST = {"inputs/reference.yaml", "inputs/scenarios/settled.yaml", "planner/new/plan.yaml"}


def program(plan: str) -> dict[str, Any]:
    form = compile_form(build(prepare(load(ROOT / plan))))
    rows, columns = form.shape
    return {"rows": rows, "columns": columns, "nonzeros": form.matrix.nnz, "sha256": fingerprint(form)}


@pytest.mark.parametrize("plan", [pytest.param(plan, marks=() if plan in FAST else pytest.mark.slow) for plan in PLANS])
def test_linear_program_is_the_committed_one(plan: str) -> None:
    assert program(plan) == json.loads(GOLDEN.read_text(encoding="utf-8"))[plan]


def test_no_fingerprint_of_a_plan_that_is_gone() -> None:
    assert sorted(json.loads(GOLDEN.read_text(encoding="utf-8"))) == PLANS


if __name__ == "__main__":
    GOLDEN.write_text(json.dumps({plan: program(plan) for plan in PLANS}, indent=1) + "\n", encoding="utf-8")
