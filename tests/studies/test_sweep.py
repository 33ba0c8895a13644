"""Many plans: each as it would be alone, in the order of the grid, and what has no plan is said."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from planner.api import load, sweep
from planner.errors import InputError, UsageError
from planner.prepare.plan_data import prepare
from planner.solve.session import Session
from planner.solve.solution import solve
from planner.studies.sweep import NOT_SOLVED, Axis, Sweep, read_axis
from planner.write.text.sweep import sweep_lines
from tests.read.toy import write_plan


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    return write_plan(tmp_path, months=4)


def test_an_axis_is_read_as_it_is_written() -> None:
    assert read_axis("demand.doubling_months=4..12:5") == Axis("demand.doubling_months", ("4", "6", "8", "10", "12"))
    assert read_axis("power[ohio,grid].start_mw *= 1.1 .. .9 : 3") == Axis("power[ohio,grid].start_mw*", ("1.1", "1", "0.9"))
    assert read_axis("a=-1e3..1E3:2").values == ("-1000", "1000")
    assert read_axis("a=0..0.3:4").values == ("0", "0.1", "0.2", "0.3")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a",
        "a=1",
        "a=1..2",
        "a=1..2:1",
        "a=1..2:x",
        "=1..2:3",
        "a=1..1:3",
        "a=nan..2:3",
        "a=1..1e999:3",
        "a=1..2:99999",
        "*=1..2:3",
    ],
)
def test_what_is_no_axis_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="--vary"):
        read_axis(text)


def test_every_point_is_what_it_would_be_alone(plan: Path) -> None:
    """Prices and limits, from the last vertex, and months, from nothing: the same cost as a plan of its own."""
    found = sweep(
        load(plan), ["power[ohio,grid].energy_usd_per_mwh*=0.5..2:3", "deliveries.kunit*=0.5..1.5:2", "months=3..4:2"]
    )
    assert found.points["point"].tolist() == list(range(1, 13))
    assert found.points["power[ohio,grid].energy_usd_per_mwh (factor)"].tolist() == [0.5] * 4 + [1.25] * 4 + [2.0] * 4
    assert found.points["months"].tolist() == [3, 4] * 6
    assert (found.solved, found.interrupted, found.failures) == (12, False, {})
    for row in found.points.to_dict("records"):
        price, kunit = row["power[ohio,grid].energy_usd_per_mwh (factor)"], row["deliveries.kunit (factor)"]
        words = [f"power[ohio,grid].energy_usd_per_mwh*={price}", f"deliveries.kunit*={kunit}", f"months={row['months']:g}"]
        alone = solve(prepare(load(plan, words)))
        assert row["objective_musd"] == pytest.approx(alone.proof.objective_musd, rel=1e-7)
        assert row["cost_musd"] + row["unserved_value_musd"] == pytest.approx(row["objective_musd"], rel=1e-7)


def test_numbers_alone_are_solved_again_from_the_last_vertex(plan: Path) -> None:
    assert sweep(load(plan), ["carbon.usd_per_tco2=10..100:4"]).warm == 3


def test_a_plan_of_mode_energy_is_swept_too(plan: Path) -> None:
    found = sweep(load(plan, ["objective=energy"]), ["deliveries.kunit*=0.5..1:2"])
    assert (found.solved, found.warm) == (2, 0)


def test_what_no_plan_meets_is_a_row_and_said(plan: Path) -> None:
    found = sweep(load(plan, ["unserved=forbidden"]), ["demand.start_kh100e*=0.001..100:3"])
    assert found.points["status"].tolist() == ["optimal", "infeasible", "infeasible"]
    assert found.points["objective_musd"].isna().tolist() == [False, True, True]
    assert list(found.failures) == [2, 3]
    assert "1 optimal, 2 infeasible" in sweep_lines(found)[-3]
    assert sweep_lines(found)[-1].startswith("point 3: no plan meets all limits")
    back = sweep(load(plan, ["unserved=forbidden"]), ["demand.start_kh100e*=100..0.001:2"])
    assert back.points["status"].tolist() == ["infeasible", "optimal"]


def test_all_that_is_refused_is_said_before_anything_is_solved(plan: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Session, "solve", None)
    with pytest.raises(InputError, match=r"months=3\.5"):
        sweep(load(plan), ["months=3..4:3"])
    with pytest.raises(InputError, match="mnths"):
        sweep(load(plan), ["mnths=3..4:2"])
    with pytest.raises(UsageError, match="each once"):
        sweep(load(plan), ["months=3..4:2", "months*=1..2:2"])
    with pytest.raises(UsageError, match="at most 10,000"):
        sweep(load(plan), ["months=3..4:2", "demand.doubling_months=4..5:9999"])


def test_ctrl_c_keeps_what_is_done(plan: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real, calls = Session.solve, []

    def interrupted(self: Session, data: object) -> object:
        calls.append(data)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return real(self, data)  # type: ignore[arg-type]

    monkeypatch.setattr(Session, "solve", interrupted)
    found: Sweep = sweep(load(plan), ["carbon.usd_per_tco2=10..100:4"], keep=True)
    assert found.points["status"].tolist() == ["optimal", "optimal", NOT_SOLVED, NOT_SOLVED]
    assert found.interrupted
    assert np.isnan(found.points["cost_musd"].iloc[2])
    calls.clear()
    with pytest.raises(KeyboardInterrupt):
        sweep(load(plan), ["carbon.usd_per_tco2=10..100:4"])
