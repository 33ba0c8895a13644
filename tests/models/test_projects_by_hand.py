"""Projects that are whole or not at all, on plans small enough to solve on the back of an envelope.

One chip of 1 kW a month comes (in thousands: 1 MW), work is worth 2 USD an hour, and energy costs 1.25 x 80 USD per MWh: an MW
that runs for an hour earns 1,900 USD.
"""

from __future__ import annotations

from typing import Any

import pytest

from models.data import PlanData, Project, ProjectPart
from planner.errors import InfeasibleError
from planner.progress import Progress
from planner.solve.session import Session
from planner.solve.solution import Solution, solve
from planner.studies.explain.projects import turned_projects
from planner.studies.explain.reopened import OpenRun
from planner.tables.costs import cost_table
from planner.tables.decisions import headline_tables
from planner.tables.frames import Frames
from tests.models.test_by_hand import single

EARNED = 1900e-6
"""Million USD that a megawatt earns in an hour."""
CAPITAL = 100.0


def hall(musd_per_month: float, mw: float = 4.0, name: str = "c", whole: bool = True, group: str | None = None) -> Project:
    """A hall from February on, at the earliest."""
    part = ProjectPart("near", "halls", "halls", mw, CAPITAL, 1e6 * musd_per_month, 0.0)
    return Project(name, (part,), (2, 3, 4), whole, group)


def without_halls(*projects: Project, **changes: Any) -> PlanData:
    return single(boundary="facility", start_shell_mw={"near": 0.0}, projects=projects, **changes)


def cost(data: PlanData) -> float:
    return solve(data).proof.objective_musd


def opened(solution: Solution) -> OpenRun:
    return OpenRun(None, None, solution.data, {}, solution, None)  # type: ignore[arg-type]  # nothing of it is read


def test_a_hall_that_is_worth_it_is_taken_whole_in_its_best_month() -> None:
    """Million USD: from April on four chips earn 5.472 for 5; from March on 9.713 for 10, from February on 12.266 for 15."""
    found, nothing = solve(without_halls(hall(5.0))), cost(without_halls())
    assert found.data.chosen == {"c": 4}
    assert nothing - found.proof.objective_musd == pytest.approx(EARNED * 4 * 720 - 5.0, rel=1e-9)
    assert found.values["shell"]["near", 3] == 0
    assert found.values["shell"]["near", 4] == 4
    assert found.choices is not None
    assert found.choices.proven
    assert found.choices.gap(found.proof.objective_musd) < 1e-4
    assert found.proof.gap < 1e-9
    costs = cost_table(found)
    assert costs.loc[costs["component"] == "halls", "cost_musd"].sum() == pytest.approx(5.0)


def test_what_need_not_be_whole_comes_as_the_chips_do() -> None:
    """Half of it in February, a quarter in March and in April: each is full from its first month on."""
    found, nothing = solve(without_halls(hall(5.0, whole=False))), cost(without_halls())
    assert found.choices is None
    assert [found.values["take"]["c", t] for t in (1, 2, 3, 4)] == pytest.approx([0, 0.5, 0.25, 0.25])
    gain = EARNED * (2 * 2136 + 1464 + 720) - 5.0 * (0.5 * 3 + 0.25 * 2 + 0.25)
    assert nothing - found.proof.objective_musd == pytest.approx(gain, rel=1e-9)


def test_a_hall_that_is_not_worth_it_has_a_break_even() -> None:
    """At 6 million USD a month it costs 0.528 more than it earns in April; at 5.472 / 6 of its capital it breaks even."""
    found = solve(without_halls(hall(6.0)))
    assert found.data.chosen == {"c": 0}
    (turned,) = turned_projects(opened(found), 10, Progress())
    assert (turned.month, turned.other_month) == ("", "2027-04")
    assert turned.costs_musd == pytest.approx(6.0 - EARNED * 2880, rel=1e-6)
    assert turned.break_even_musd == pytest.approx(CAPITAL * EARNED * 2880 / 6.0, rel=1e-6)


def test_the_break_even_of_a_hall_that_is_taken_is_the_same() -> None:
    """At 2 million USD it comes in February; on the way to its break-even its month moves to March and to April."""
    found = solve(without_halls(hall(2.0)))
    assert found.data.chosen == {"c": 2}
    (turned,) = turned_projects(opened(found), 10, Progress())
    assert (turned.month, turned.other_month) == ("2027-02", "")
    assert turned.costs_musd == pytest.approx(EARNED * (2 * 672 + 3 * 744 + 4 * 720) - 6.0, rel=1e-6)
    assert turned.break_even_musd == pytest.approx(CAPITAL * EARNED * 2880 / 2.0, rel=1e-6)


def test_no_capital_turns_what_is_free() -> None:
    (turned,) = turned_projects(opened(solve(without_halls(hall(0.0)))), 10, Progress())
    assert turned.costs_musd == pytest.approx(EARNED * (2 * 672 + 3 * 744 + 4 * 720), rel=1e-6)
    assert turned.break_even_musd is None


def test_of_a_group_one_is_taken() -> None:
    """Two halls of 2 MW in the place of one: each alone is worth it, and so would both be."""
    both = [hall(1.0, 2.0, name, group=group) for name, group in (("a", "site"), ("b", "site"))]
    found = solve(without_halls(*both))
    assert sorted((found.data.chosen or {}).values()) == [0, 2]
    free = solve(without_halls(*(hall(1.0, 2.0, name) for name in "ab")))
    assert sorted((free.data.chosen or {}).values()) == [2, 3]
    left, taken = sorted(turned_projects(opened(found), 10, Progress()), key=lambda each: each.month)
    assert left.left_out == (taken.project_id,)
    assert left.costs_musd == pytest.approx(0.0, abs=1e-6)  # one is as good as the other


def engines(supply_mw: float) -> PlanData:
    """No grid. Two engines of 2.5 MW, for 2 MW of chips each, in February or never, and so much is delivered in that month."""
    own = {name: ("near", f"{name}_engine") for name in ("cheap", "dear")}
    projects = [
        Project(name, (ProjectPart(*own[name], "engine", 2.5, CAPITAL, 1e6 * musd, 0.0),), (2,), True)
        for name, musd in (("cheap", 0.5), ("dear", 1.0))
    ]
    pairs = [("near", "grid"), *own.values()]
    ts = range(1, 5)
    return single(
        projects=tuple(projects),
        options=tuple(pairs),
        start_mw=dict.fromkeys(pairs, 0.0),
        supply_mw={("engine", t): supply_mw for t in ts},
        power_availability_frac={(*rp, t, 1): 1.0 for rp in pairs for t in ts},
        energy_usd_per_mwh={(*rp, t, 1): 80.0 for rp in pairs for t in ts},
        fuel_usd_per_mwh={(*rp, t): 0.0 for rp in pairs for t in ts},
        **{
            name: dict.fromkeys(pairs, value)
            for name, value in (
                ("growth_frac_per_month", 0.0),
                ("firm_frac", 1.0),
                ("variable_usd_per_mwh", 0.0),
                ("capital_usd_per_mw_month", 0.0),
                ("fixed_usd_per_mw_month", 0.0),
                ("carbon_t_per_mwh", 0.0),
                ("carbon_priced_frac", 1.0),
            )
        },
    )


def test_two_that_exclude_each_other_by_what_is_delivered() -> None:
    """Both are worth it, the second for 744 + 2 x 720 MWh more; with 3 MW delivered only the cheaper one can be had."""
    enough, short = solve(engines(5.0)), solve(engines(3.0))
    assert enough.data.chosen == {"cheap": 2, "dear": 2}
    assert short.data.chosen == {"cheap": 2, "dear": 0}
    second = EARNED * (744 + 2 * 720) - 3 * 1.0
    assert short.proof.objective_musd - enough.proof.objective_musd == pytest.approx(second, rel=1e-6)
    assert short.values["capacity"]["near", "cheap_engine", 4] == 2.5
    (_, dear) = turned_projects(opened(short), 10, Progress())
    assert (dear.costs_musd, dear.break_even_musd) == (None, None)  # no plan has both


def test_a_session_chooses_anew_for_each_plan() -> None:
    session = Session()
    assert [(session.solve(without_halls(hall(usd))).data.chosen or {})["c"] for usd in (2.0, 5.0, 6.0)] == [2, 4, 0]


def test_prices_are_those_of_the_plan_with_the_choice_made() -> None:
    """The hall opens in February, and from March on there are more chips than it holds: one more MW of it earns what runs."""
    found = solve(without_halls(hall(2.0), delivered_kunit={("old", t): 1.5 for t in range(1, 5)}))
    assert found.data.chosen == {"c": 2}
    priced = {t: found.prices["fit_shell"].get(("near", t), 0.0) for t in (2, 3, 4)}
    assert priced == pytest.approx({2: 0.0, 3: EARNED * 744, 4: EARNED * 720}, rel=1e-6, abs=1e-9)


def test_whole_and_infeasible() -> None:
    """All must be served, 10 MW in each month: a hall of 11 MW that is whole or not at all comes too late for January."""
    with pytest.raises(InfeasibleError):
        solve(without_halls(hall(1.0, 11.0), unserved_allowed=False))


def test_the_table_of_projects_says_what_is_taken() -> None:
    tables = headline_tables(Frames(solve(without_halls(hall(5.0), hall(6.0, name="d")))))
    rows = tables["projects"].to_dict("records")
    assert [row["start_month"] for row in rows] == ["2027-04", ""]
    assert [row["capital_musd"] for row in rows] == [CAPITAL, 0.0]
    assert tables["project_starts"].to_dict("records") == [{"project_id": "c", "month": "2027-04", "taken_frac": 1.0}]
    assert tables["halls"]["build_shell_mw"].tolist() == [0, 0, 0, 4]
