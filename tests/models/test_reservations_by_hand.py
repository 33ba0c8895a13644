"""Reserved capacity, solved by hand: one that displaces work and its price, a customer who uses his, one short at a penalty."""

from __future__ import annotations

import pytest

from models.data import PlanData
from models.records import Reservation
from planner.solve.solution import Solution, solve
from planner.tables.limits import limits_table
from tests.models.test_by_hand import HOURS, near_and_far, single, total
from tests.models.toy import halved

MONTHS = (1, 2, 3, 4)
CUSTOMER = (("there", "urgent"),)
POWER_USD = 1.25 * 0.08
"""Of an H100e-hour: 1 kW at a PUE of 1.25 and 80 USD per MWh."""


def reservation(
    kh100e: float = 3.0, pools: tuple[tuple[str, str], ...] = (), penalty: float | None = None, months: tuple[int, ...] = MONTHS
) -> Reservation:
    return Reservation("acme", "near", pools, dict.fromkeys(months, kh100e), penalty)


def one_region(*reservations: Reservation, customer: float = 0.0) -> PlanData:
    """8 thousand chips of 1 H100e for 10 thousand H100e of work that is worth 2 USD an hour, and for what a customer asks."""
    demand = {("here", "urgent", t): 10.0 for t in MONTHS} | {("there", "urgent", t): customer for t in MONTHS}
    return single(
        delivered_kunit={("old", 1): 8.0},
        demand_kh100e=demand,
        servable=tuple((z, "urgent", "near") for z in ("here", "there")),
        shape_frac={(z, "urgent", t, 1): 1.0 for z in ("here", "there") for t in MONTHS},
        network_usd_per_kh100e_month={(z, "urgent", "near"): 0.0 for z in ("here", "there")},
        reservations=reservations,
    )


def served(solution: Solution, z: str = "here", t: int = 2) -> float:
    return solution.values["serve"][z, "urgent", "near", t]


def test_a_reservation_displaces_work_and_costs_its_value_less_its_power() -> None:
    """3 of 8 stand idle: 5 are served instead of 8. One more would cost 2 USD an hour, less the power that is not drawn."""
    solution = solve(one_region(reservation()))
    assert served(solve(one_region())) == pytest.approx(8.0)
    assert served(solution) == pytest.approx(5.0)
    assert solution.values["installed"]["near", "old", 2] == pytest.approx(8.0)
    for t in MONTHS:
        price = solution.prices["keep_reservation"]["acme", t]
        assert price == pytest.approx((2.0 - POWER_USD) * HOURS[t] / 1e3, rel=1e-9)
    rows = limits_table(solution).set_index(["constraint", "where", "month"]).loc["keep_reservation", "acme"]
    assert rows["limit"].to_list() == pytest.approx([3.0] * 4)
    assert rows["worth_usd"].to_list() == pytest.approx([1e3 * (2.0 - POWER_USD) * HOURS[t] for t in MONTHS])


def test_others_have_it_back_when_it_ends() -> None:
    solution = solve(one_region(reservation(months=(1, 2))))
    assert [served(solution, t=t) for t in MONTHS] == pytest.approx([5.0, 5.0, 8.0, 8.0])


@pytest.mark.parametrize(
    ("customer", "here", "there"),
    [
        (1.0, 5.0, 1.0),  # he uses 1 of his 3: the other 2 stay idle
        (3.0, 5.0, 3.0),  # all of it
    ],
)
def test_what_a_customer_uses_is_his_and_what_he_leaves_stays_idle(customer: float, here: float, there: float) -> None:
    solution = solve(one_region(reservation(pools=CUSTOMER), customer=customer))
    assert (served(solution), served(solution, "there")) == pytest.approx((here, there))
    assert solution.values["idle"]["acme", 2, 1] == pytest.approx(3.0 - there, abs=1e-9)


def test_what_a_customer_asks_beyond_his_reservation_competes_with_others() -> None:
    """Both are worth the same: 8 are served in all, and at least 3 of them are his."""
    solution = solve(one_region(reservation(pools=CUSTOMER), customer=6.0))
    assert served(solution) + served(solution, "there") == pytest.approx(8.0)
    assert served(solution, "there") >= 3.0 - 1e-9


def test_a_reservation_that_is_used_in_full_costs_nothing() -> None:
    solution = solve(one_region(reservation(pools=CUSTOMER), customer=3.0))
    assert solution.proof.objective_musd == pytest.approx(solve(one_region(customer=3.0)).proof.objective_musd, rel=1e-12)


@pytest.mark.parametrize(
    ("penalty", "short", "usd"),
    [
        (1.5, 3.0, 1.5),  # less than the 1.9 USD that it costs to keep it idle: nothing stands
        (2.5, 0.0, 2.0 - POWER_USD),
    ],
)
def test_a_reservation_is_short_where_its_penalty_is_less_than_what_it_displaces(
    penalty: float, short: float, usd: float
) -> None:
    solution = solve(one_region(reservation(penalty=penalty)))
    assert served(solution) == pytest.approx(5.0 + short)
    assert solution.values["short"]["acme", 2] == pytest.approx(short, abs=1e-9)
    assert solution.prices["keep_reservation"]["acme", 2] == pytest.approx(usd * HOURS[2] / 1e3, rel=1e-9)
    assert total(solution, "reservation_penalty") == pytest.approx(penalty * short * sum(HOURS.values()) / 1e3, abs=1e-9)


def test_two_reservations_of_a_region_stand_beside_each_other() -> None:
    other = Reservation("other", "near", (), dict.fromkeys(MONTHS, 1.5), None)
    assert served(solve(one_region(reservation(), other))) == pytest.approx(8.0 - 4.5)


def test_a_reservation_decides_where_chips_go() -> None:
    """Near costs 100 USD per MWh and far 40: of 8 chips 3 go near to stand there, and the work stays where it is cheap."""
    plain = near_and_far(demand_kh100e={("here", "urgent", t): 5.0 for t in MONTHS})
    solution = solve(near_and_far(demand_kh100e=plain.demand_kh100e, reservations=(reservation(),)))
    assert solution.values["installed"]["near", "old", 2] == pytest.approx(3.0)
    assert solution.values["serve"]["here", "urgent", "far", 2] == pytest.approx(5.0)
    assert solution.proof.objective_musd == pytest.approx(solve(plain).proof.objective_musd, rel=1e-9)


def test_a_customer_who_works_by_day_leaves_it_idle_by_night() -> None:
    """He asks for 2 in the mean, 3 by day and 1 by night: of 3 reserved, 2 are idle by night and others do not get them."""
    data = one_region(reservation(pools=CUSTOMER), customer=2.0)
    shapes = {("there", "urgent", t, k): 1.5 if k == 1 else 0.5 for t in MONTHS for k in (1, 2)}
    data = halved(data, shape_frac={("here", "urgent", t, k): 1.0 for t in MONTHS for k in (1, 2)} | shapes)
    solution = solve(data)
    assert served(solution, "there") == pytest.approx(2.0)
    assert served(solution) == pytest.approx(5.0)
    assert [solution.values["idle"]["acme", 2, k] for k in (1, 2)] == pytest.approx([0.0, 2.0], abs=1e-9)
