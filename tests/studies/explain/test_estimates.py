"""What each input does to the cost, held against solving again."""

from __future__ import annotations

import pytest

from planner.prepare.plan_data import prepare
from planner.solve.solution import solve
from planner.studies.explain.estimates import MORE, Effect, Input, moving, scaled
from planner.studies.explain.reopened import OpenRun


def test_what_an_input_does_is_what_solving_again_finds(run: OpenRun, found: list[Effect]) -> None:
    """The derivative lies between the slopes a little to the left and a little to the right, for every kind of number."""
    assert {effect.input.quality for effect in found} >= {"setting"}
    largest = found[:12:2]
    base, step = run.solution.proof.objective_musd, 1e-3
    for effect in largest:
        assert effect.musd is not None
        up, down = (
            solve(prepare(scaled(run.plan, [effect.input], 1.0 + sign * step))).proof.objective_musd for sign in (1, -1)
        )
        slopes = sorted(((up - base) / step * MORE, (base - down) / step * MORE))
        room = 0.01 * max(abs(slope) for slope in slopes) + 1e-6 * abs(base)
        assert slopes[0] - room <= effect.musd <= slopes[1] + room, effect.input.name


def test_parts_of_an_effect_add_up_to_it(found: list[Effect]) -> None:
    [effect] = [each for each in found if each.input.name == "power.energy_usd_per_mwh"][:1]
    assert effect.musd == pytest.approx(sum(effect.parts["region_id"].values()), rel=1e-6)


def test_inputs_that_the_model_does_not_feel_are_left_out(run: OpenRun) -> None:
    names = {one.name for one in moving(run)}
    assert "power.energy_usd_per_mwh" in names
    assert "regions.latitude_deg" not in names
    assert all(isinstance(one, Input) and one.rows > 0 for one in moving(run))
