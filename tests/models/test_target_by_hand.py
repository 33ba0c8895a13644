"""Targets for what is served, solved by hand: one that binds with its price, one missed at its penalty, one that is met."""

from __future__ import annotations

import dataclasses

import pytest

from models.data import PlanData
from models.records import Target
from planner.solve.solution import solve
from planner.tables.limits import limits_table
from tests.models.test_by_hand import HOURS, single, total

MONTHS = (1, 2, 3, 4)
PATIENT = (("here", "patient"),)


def target(frac: float = 0.3, penalty: float | None = None, months: tuple[int, ...] = MONTHS) -> Target:
    """Of the 10 patient ones, 3 must be served."""
    return Target("patient_30", PATIENT, dict.fromkeys(months, frac), penalty)


def two_classes(*targets: Target, chips: float = 8.0) -> PlanData:
    """8 thousand H100e for 10 that are urgent and 10 that are patient; an hour is worth 2 and 1 USD, and costs the same."""
    classes = ("urgent", "patient")
    return single(
        classes=classes,
        delivered_kunit={("old", 1): chips},
        demand_kh100e={("here", w, t): 10.0 for w in classes for t in MONTHS},
        servable=tuple(("here", w, "near") for w in classes),
        core_frac=dict.fromkeys(classes, 0.0),
        flexible_frac=dict.fromkeys(classes, 0.0),
        network_usd_per_kh100e_month={("here", w, "near"): 0.0 for w in classes},
        targets=targets,
    )


def served(data: PlanData, month: int = 2) -> tuple[float, float]:
    """Urgent and patient work of a month."""
    serve = solve(data).values["serve"]
    return serve["here", "urgent", "near", month], serve["here", "patient", "near", month]


def test_without_a_target_what_is_worth_more_comes_first() -> None:
    assert served(two_classes()) == pytest.approx((8.0, 0.0), abs=1e-9)


def test_a_target_that_binds_costs_what_it_displaces() -> None:
    """3 of the patient ones instead of 3 urgent ones: each costs 1 USD an hour."""
    data = two_classes(target())
    assert served(data) == pytest.approx((5.0, 3.0))
    solution = solve(data)
    for t in MONTHS:
        assert solution.prices["require_target"]["patient_30", t] == pytest.approx(1.0 * HOURS[t] / 1e3, rel=1e-9)
    assert solution.proof.objective_musd - solve(two_classes()).proof.objective_musd == pytest.approx(
        3.0 * 1.0 * sum(HOURS.values()) / 1e3
    )
    rows = limits_table(solution).set_index(["constraint", "where", "month"]).loc["require_target", "patient_30"]
    assert rows["limit"].to_list() == pytest.approx([3.0] * 4)
    assert rows["worth_usd"].to_list() == pytest.approx([1e3 * HOURS[t] for t in MONTHS])
    assert rows["rent_musd"].sum() == pytest.approx(3.0 * sum(HOURS.values()) / 1e3)


def test_a_target_holds_in_its_months_alone() -> None:
    data = two_classes(target(months=(2, 3)))
    assert served(data, 2) == pytest.approx((5.0, 3.0))
    assert served(data, 4) == pytest.approx((8.0, 0.0), abs=1e-9)


@pytest.mark.parametrize(
    ("penalty", "patient", "usd"),
    [
        (0.6, 0.0, 0.6),  # less than the 1 USD that meeting it costs: it is missed, and its price is the penalty
        (1.4, 3.0, 1.0),  # more: it is met, and its price is what that displaces
    ],
)
def test_a_target_is_missed_where_its_penalty_is_less_than_meeting_it(penalty: float, patient: float, usd: float) -> None:
    data = two_classes(target(penalty=penalty))
    assert served(data) == pytest.approx((8.0 - patient, patient), abs=1e-9)
    solution = solve(data)
    assert solution.prices["require_target"]["patient_30", 2] == pytest.approx(usd * HOURS[2] / 1e3, rel=1e-9)
    missed = 3.0 - patient
    assert solution.values["missed"]["patient_30", 2] == pytest.approx(missed, abs=1e-9)
    assert total(solution, "target_penalty") == pytest.approx(penalty * missed * sum(HOURS.values()) / 1e3, abs=1e-9)


def test_a_penalty_covers_what_no_plan_can_serve() -> None:
    """9 of 10 with 8 chips: at 5 USD everything goes there, and 1 is missed."""
    solution = solve(two_classes(target(0.9, penalty=5.0)))
    assert solution.values["missed"]["patient_30", 3] == pytest.approx(1.0)
    assert total(solution, "target_penalty") == pytest.approx(5.0 * sum(HOURS.values()) / 1e3)


def test_a_target_that_does_not_bind_changes_nothing() -> None:
    urgent = Target("urgent_80", (("here", "urgent"),), dict.fromkeys(MONTHS, 0.8), None)
    plain, with_it = (solve(two_classes(*targets)) for targets in ((), (urgent,)))
    assert with_it.proof.objective_musd == pytest.approx(plain.proof.objective_musd, rel=1e-12)
    less = solve(two_classes(dataclasses.replace(urgent, min_served_frac=dict.fromkeys(MONTHS, 0.7))))
    assert less.prices["require_target"]["urgent_80", 2] == pytest.approx(0.0, abs=1e-12)


def test_a_target_over_several_pools_counts_them_together() -> None:
    """9 of 20 with 10 chips: those that are worth more count as well, so nothing is displaced."""
    both = Target("half", (("here", "urgent"), *PATIENT), dict.fromkeys(MONTHS, 0.45), None)
    assert served(two_classes(both, chips=10.0)) == pytest.approx((10.0, 0.0), abs=1e-9)


def test_where_all_must_be_served_a_target_has_no_rows() -> None:
    data = dataclasses.replace(two_classes(target(), chips=20.0), unserved_allowed=False)
    assert not any(name == "require_target" for name, _ in solve(data).form.rows)
