"""The table of projects: what its rows become, and what is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from planner import api
from planner.api import pareto, solve, sweep
from planner.check.checks import check
from planner.errors import InfeasibleError, InputError, UsageError
from planner.prepare.plan_data import prepare
from planner.read.load import load
from tests.read.toy import edit, write_plan

OWN = {"source": "toy", "quality": "estimate"}


def project(option: str, name: str = "c", region: str = "ohio", **cells: Any) -> dict[str, Any]:
    return {"project_id": name, "region_id": region, "option_id": option, "mw": 10, "capital_musd": 12, **cells, **OWN}


def test_power_of_a_project_is_an_option_of_its_own(tmp_path: Path) -> None:
    """It has the price of its option, also as that changes; no pace, no capital of the option; and it draws on the nation."""
    later = edit({"region_id": "ohio", "option_id": "grid"}, **{"energy_usd_per_mwh 2028-03": 99})
    data = prepare(load(write_plan(tmp_path, projects=[project("grid"), project("halls", mw=8)], power=later)))
    (each,) = data.projects
    assert [(part.p, part.base, part.mw) for part in each.parts] == [("c_grid", "grid", 10), ("halls", "halls", 8)]
    grid, own = ([data.energy_usd_per_mwh["ohio", p, t, 1] for t in (1, 2, 3, 4)] for p in ("grid", "c_grid"))
    assert own == grid
    assert own[2] == 99
    assert data.capital_usd_per_mw_month["ohio", "c_grid"] == data.start_mw["ohio", "c_grid"] == 0
    assert not [key for key in data.step_mw if key[1] == "c_grid"]
    assert data.national_options == ("grid", "c_grid")


def test_money_of_a_project(tmp_path: Path) -> None:
    """Capital is charged as that of the region's halls and of the option is; running costs are the option's unless stated."""
    rows = [project("halls", mw=1, capital_musd=11), project("gas_engine", mw=2, capital_musd=3), project("grid", "d", mw=4)]
    rows[2] |= {"capital_musd": 1, "fixed_musd_per_year": 6}
    data = prepare(load(write_plan(tmp_path, projects=rows)))
    halls, engine = data.projects[0].parts
    assert halls.capital_usd_per_month == pytest.approx(data.shell_usd_per_mw_month["ohio"])
    assert halls.fixed_usd_per_month == 0
    assert engine.capital_usd_per_month == pytest.approx(2 * data.capital_usd_per_mw_month["ohio", "gas_engine"])
    assert engine.fixed_usd_per_month == pytest.approx(2 * data.fixed_usd_per_mw_month["ohio", "gas_engine"])
    assert data.projects[1].parts[0].fixed_usd_per_month == pytest.approx(500_000)


def test_halls_cost_nothing_where_the_scope_is_power_only(tmp_path: Path) -> None:
    plan = load(write_plan(tmp_path, projects=[project("halls", fixed_musd_per_year=1)], plan={"boundary": "energy"}))
    (part,) = prepare(plan).projects[0].parts
    assert (part.capital_usd_per_month, part.fixed_usd_per_month) == (0, 0)
    assert any("cost scope energy counts no halls" in notice.text for notice in check(plan))


def test_months_and_the_override_of_one(tmp_path: Path) -> None:
    path = write_plan(tmp_path, projects=[project("halls", earliest_month="2028-02", latest_month="2028-03", whole="yes")])
    assert prepare(load(path)).projects[0].months == (2, 3)
    assert prepare(load(path, ["projects.latest_month=2028-02"])).projects[0].months == (2,)
    assert prepare(load(path, ["projects[c,ohio,halls].whole=no"])).undecided == ()


@pytest.mark.parametrize(
    ("second", "said"),
    [
        ({"whole": "yes"}, "c: whole = yes: expected no, as in the first row of the project"),
        ({"group": "site"}, "c: group = site: expected empty, as in the first row of the project"),
        ({"earliest_month": "2028-02"}, "c: earliest_month = 2028-02: expected empty, as in the first row of the project"),
        ({"earliest_month": "2028-03", "latest_month": "2028-02"}, "latest_month = 2028-02: expected a month from 2028-03 on"),
        ({"option_id": "wind"}, "option_id = wind"),
        ({"mw": 0}, "mw = 0"),
    ],
)
def test_rows_of_a_project_agree(tmp_path: Path, second: dict[str, Any], said: str) -> None:
    with pytest.raises(InputError, match=said):
        load(write_plan(tmp_path, projects=[project("halls"), project("grid") | second]))


def test_an_option_that_the_region_lacks_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="bavaria, gas_engine: no such row in"):
        load(write_plan(tmp_path, projects=[project("gas_engine", region="bavaria")]))


def test_whole_projects_need_prices(tmp_path: Path) -> None:
    path = write_plan(tmp_path, projects=[project("halls", whole="yes")])
    with pytest.raises(InputError, match="objective energy has two aims"):
        load(path, ["objective=energy"])
    with pytest.raises(UsageError, match=r"whole projects \(c\)"):
        pareto(load(path), "cost,carbon", 3)


def test_check_names_what_is_never_taken(tmp_path: Path) -> None:
    rows = [
        project("gas_engine", "large", mw=9_000, whole="yes"),
        project("halls", "late", earliest_month="2031-01"),
        project("halls", "alone", group="site"),
    ]
    said = "\n".join(notice.text for notice in check(load(write_plan(tmp_path, projects=rows))))
    assert "large: 9,000.0 MW of gas_engine, and at most " in said
    assert "late: its months are outside the plan, it is never taken" in said
    assert "no other project is of the group" in said


def test_what_only_a_part_would_meet_is_refused_in_words(tmp_path: Path) -> None:
    """The grid closes in April. Of the plant of 9 MW that would do, 5 MW are delivered a month: it cannot come whole."""
    plant = project("gas_engine", "plant", mw=9, whole="yes")
    closes = [
        {"region_id": r, "option_id": "grid", "month": "2028-04", "build_mw": 0, "close_mw": mw, **OWN}
        for r, mw in (("ohio", 100), ("bavaria", 42))
    ]
    path = write_plan(
        tmp_path,
        orbit=False,
        projects=[plant],
        commitments=closes,
        demand=edit({}, start_kh100e=1),
        power=edit({}, step_mw_per_month=0),
        plan={"unserved": "forbidden"},
    )
    with pytest.raises(InfeasibleError, match="whole or not at all: plant; one that takes some in part"):
        solve(load(path))
    starts = solve(load(path, ["projects.whole=no"])).tables["project_starts"]
    assert starts["taken_frac"].tolist() == pytest.approx([5 / 9, 4 / 9])


def test_a_sweep_chooses_anew(tmp_path: Path) -> None:
    path = write_plan(tmp_path, projects=[project("grid", mw=20, whole="yes")], demand=edit({}, start_kh100e=200))
    found = sweep(load(path), ["projects.capital_musd=1..900000:2"])
    assert found.points["status"].tolist() == ["optimal", "optimal"]
    alone = [solve(load(path, [f"projects.capital_musd={musd}"])) for musd in (1, 900_000)]
    assert [each.tables["projects"]["taken_frac"].tolist() for each in alone] == [[1.0], [0.0]]
    objectives = [each.record["solver"]["objective_musd"] for each in alone]
    assert found.points["objective_musd"].tolist() == pytest.approx(objectives, rel=1e-6)


@pytest.mark.sampled(1)
@pytest.mark.parametrize("whole", ["yes", "no"])
@pytest.mark.parametrize("months", [{"earliest_month": "2030-01"}, {"latest_month": "2027-06"}], ids=["after", "before"])
def test_power_of_a_project_whose_months_are_outside_the_plan_never_comes(
    whole: str, months: dict[str, str], tmp_path: Path
) -> None:
    plan = load(write_plan(tmp_path / "plan", months=2, projects=[project("grid", whole=whole, **months)]))
    done = api.run(plan, tmp_path / "run")
    assert done.verdict.ok
    assert "c_grid" not in set(done.tables["power"].query("capacity_mw > 0")["option_id"])
