"""A plan that can not be: exit 4, the promise that breaks, by how much, and what stands against it."""

from __future__ import annotations

import dataclasses

import pytest

from models.data import Share
from planner.errors import InfeasibleError
from planner.solve.solution import solve
from tests.blocks.toy import toy


def refusal(**changes: object) -> str:
    with pytest.raises(InfeasibleError) as caught:
        solve(dataclasses.replace(toy(), **changes))  # type: ignore[arg-type]
    assert caught.value.exit_code == 4
    return str(caught.value)


def test_a_share_beyond_reach_names_what_stands_against_it() -> None:
    """In month 2 nothing delivered in month 2 has been commissioned far: 2 thousand chips of month 1 give 8 of the 20 asked."""
    share = Share("all_far", (("here", "patient"),), ("far",), (2,), 1.0, None)
    text = refusal(shares=(share,), national_growth_mwh={}, link_gbit_s={})
    assert "require_share[all_far, 2027-02]: must serve at least 20 kH100e, short by 12 kH100e" in text
    assert "deliveries of new (2027-01)" in text


def test_the_limit_in_conflict_is_named() -> None:
    """Without growth far stays at 3 MW: 2.727 MW of IT, 1.36 thousand chips, 5.4545 kH100e of 30."""
    share = Share("all_far", (("here", "patient"),), ("far",), (3,), 1.0, None)
    steps = {key: 0.0 if key[0] == "far" else mw for key, mw in toy().step_mw.items()}
    growth = dict.fromkeys(toy().growth_frac_per_month, 0.0)
    text = refusal(
        shares=(share,),
        national_growth_mwh={},
        link_gbit_s={},
        committed_mw={},
        start_mw={("near", "grid"): 6.0, ("far", "grid"): 3.0, ("far", "engine"): 0.0},
        step_mw=steps,
        growth_frac_per_month=growth,
    )
    assert "short by 24.5455 kH100e" in text
    assert "house_chips far (2027-03)" in text


def test_all_demand_must_be_served() -> None:
    text = refusal(unserved_allowed=False)
    assert "serve_demand[here, urgent, 2027-04]: must be served in full, 40 kH100e" in text


def test_a_commitment_beyond_growth() -> None:
    text = refusal(committed_mw={("near", "grid", 2): 5.0})
    assert "keep_commitment[near, grid, 2027-02]: committed to 5 MW, short by 4 MW" in text
    assert "limit_power_growth near, grid (2027-02)" in text


def test_a_closure_beyond_what_stands() -> None:
    text = refusal(closed_mw={("near", "grid", 1): 50.0})
    assert "more is planned to close than can stand by then" in text
