"""PUE, availability and value of compute that change with the month, solved on the back of an envelope."""

from __future__ import annotations

import pytest

from planner.solve.solution import solve
from tests.models.test_by_hand import HOURS, single, total
from tests.models.toy import toy

PUE = {1: 1.25, 2: 1.25, 3: 1.0, 4: 1.6}
AVAILABLE = {1: 1.0, 2: 0.5, 3: 0.5, 4: 0.8}
VALUE = {1: 2.0, 2: 2.0, 3: 1.0, 4: 5.0}


def near(of: dict[int, float]) -> dict[tuple[str, int], float]:
    return {("near", t): value for t, value in of.items()}


def test_each_month_has_its_own_numbers() -> None:
    """t thousand chips run in month t: t MW x PUE x hours at 80 USD; what they do not serve of 10 is short at its value."""
    data = single(
        pue=near(PUE),
        availability_frac=near(AVAILABLE),
        value_usd_per_h100e_h={("urgent", t): usd for t, usd in VALUE.items()},
        core_value_usd_per_h100e_h={("urgent", t): usd for t, usd in VALUE.items()},
    )
    solution = solve(data)
    energy = sum(t * PUE[t] * hours * 80 for t, hours in HOURS.items()) / 1e6
    short = sum((10 - t * AVAILABLE[t]) * hours * VALUE[t] for t, hours in HOURS.items()) / 1e3
    assert total(solution, "energy") == pytest.approx(energy, rel=1e-9)
    assert total(solution, "unserved") == pytest.approx(short, rel=1e-9)
    assert solution.proof.objective_musd == pytest.approx(energy + short, rel=1e-9)
    # one more thousand chips in month 4 serve 800 H100e at 5 USD and draw 1.6 MW
    worth = 720 * (0.8 * 5 - 1.6 * 0.08) / 1e3
    assert -solution.prices["conserve_chips"]["old", 4] == pytest.approx(worth, rel=1e-7)


def test_a_better_pue_houses_more_chips_on_the_same_power() -> None:
    """2 MW house 1.6 thousand chips at a PUE of 1.25 and 2 at 1.0; back at 1.6 only 1.25 stay, the others leave."""
    solution = solve(single(pue=near(PUE), start_mw={("near", "grid"): 2.0}))
    installed = [solution.values["installed"]["near", "old", t] for t in HOURS]
    assert installed == pytest.approx([1.0, 1.6, 2.0, 1.25])
    # one more firm MW houses 1 / PUE thousand chips for a month: 2 USD an hour, less the energy that they draw
    for t in (2, 3, 4):
        worth = HOURS[t] * (2.0 / PUE[t] - 0.08) / 1e3
        assert solution.prices["house_chips"]["near", t] == pytest.approx(worth, rel=1e-6), t


def test_work_of_more_value_is_served_in_its_month() -> None:
    """Two classes, one thousand chips: each month the one that is worth more then."""
    classes = ("urgent", "patient")
    value = {("urgent", t): 2.0 for t in HOURS} | {("patient", t): usd for t, usd in {1: 1.0, 2: 1.0, 3: 3.0, 4: 1.0}.items()}
    data = single(
        classes=classes,
        delivered_kunit={("old", 1): 1.0},
        demand_kh100e={("here", w, t): 10.0 for w in classes for t in HOURS},
        servable=tuple(("here", w, "near") for w in classes),
        network_usd_per_kh100e_month={("here", w, "near"): 0.0 for w in classes},
        core_frac=dict.fromkeys(classes, 0.0),
        value_usd_per_h100e_h=value,
        core_value_usd_per_h100e_h=value,
    )
    served = solve(data).values["serve"]
    assert [served["here", "patient", "near", t] for t in HOURS] == pytest.approx([0, 0, 1, 0], abs=1e-9)
    assert [served["here", "urgent", "near", t] for t in HOURS] == pytest.approx([1, 1, 0, 1], abs=1e-9)


def test_the_core_may_be_worth_more_in_one_month_alone() -> None:
    """Half of what is asked is core, worth 7 instead of 2 USD in month 2, when it is short after 2 of 10 are served."""
    of_core = {("urgent", t): 7.0 if t == 2 else 2.0 for t in HOURS}
    solution = solve(single(core_frac={"urgent": 0.5}, core_value_usd_per_h100e_h=of_core))
    short = sum((10 - t) * hours * 2.0 for t, hours in HOURS.items()) / 1e3 + 3 * HOURS[2] * 5.0 / 1e3
    assert total(solution, "unserved") == pytest.approx(short, rel=1e-9)


def test_the_mean_value_is_that_of_all_classes_and_months() -> None:
    """(2 + 2 + 1 + 5) / 4 = 2.5 of one class, 1 of the other."""
    value = {**{("urgent", t): usd for t, usd in VALUE.items()}, **{("patient", t): 1.0 for t in VALUE}}
    assert toy(value_usd_per_h100e_h=value).mean_value_usd_per_h100e_h == pytest.approx(1.75)
