"""Plans that can not be: what was tightened is named with its line; what is said to resolve it does, and no less would."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from planner import api
from planner.errors import InfeasibleError
from planner.plan.plan import Plan
from planner.prepare.plan_data import prepare
from planner.progress import Progress
from planner.read.load import load
from planner.solve.compile.form import Form
from planner.solve.conflict import Elastic, is_feasible
from planner.solve.solution import standard_form
from planner.studies.infeasible import diagnose, search
from planner.studies.infeasible.diagnosis import WayOut
from planner.studies.infeasible.ways import rounded_up, written
from planner.write.text.infeasible import diagnosis_lines, served_lines, way_lines
from tests.read.toy import Row, Rows, edit, toy_tables, write_plan

FROM = {"source": "toy", "quality": "estimate"}
GRID = {"region_id": "ohio", "option_id": "grid"}
ENGINE = {"region_id": "ohio", "option_id": "gas_engine"}


def share(**cells: Any) -> Row:
    """Bavaria serves a share of what Europe asks of chat, served or not, unless stated otherwise."""
    empty = {"from_month": "", "to_month": "", "min_frac": "", "max_frac": "", "of": "asked"}
    return {"share_id": "local", "class_id": "chat", "from_bloc": "europe", "to": "bavaria", **empty, **cells, **FROM}


def signed(region: str, option: str, month: str, build_mw: float = 0, close_mw: float = 0) -> Row:
    return {"region_id": region, "option_id": option, "month": month, "build_mw": build_mw, "close_mw": close_mw, **FROM}


def both(*changes: Any) -> Any:
    def change(rows: Rows) -> Rows:
        for one in changes:
            rows = one(rows)
        return rows

    return change


def more(w: str, kh100e: float) -> Any:
    return edit({"class_id": w}, start_kh100e=kh100e)


POOR = edit({"region_id": "bavaria", "option_id": "grid"}, start_mw=8, step_mw_per_month=0.5)
ALL = [share(min_frac=1)]
EVERYTHING = {"unserved": "forbidden"}
NO_NATION = {"countries": None}
CASES: dict[str, tuple[dict[str, Any], str]] = {
    "share against power": ({"shares": ALL, "power": POOR}, "power[bavaria,grid].step_mw_per_month"),
    "share against a step of zero": (
        {"shares": ALL, "power": edit({"region_id": "bavaria"}, start_mw=8, step_mw_per_month=0)},
        "power[bavaria,grid].step_mw_per_month",
    ),
    "share against what stands": (
        {"shares": ALL, "power": edit({"region_id": "bavaria"}, start_mw=2)},
        "power[bavaria,grid].start_mw",
    ),
    "share against halls": (
        {"shares": ALL, "regions": edit({"region_id": "bavaria"}, shell_start_mw=10, shell_step_mw_per_month=1)},
        "regions[bavaria].shell_step_mw_per_month",
    ),
    "share against halls that never come": (
        {"shares": ALL, "regions": edit({"region_id": "bavaria"}, shell_start_mw=10, shell_step_mw_per_month=0)},
        "regions[bavaria].shell_step_mw_per_month",
    ),
    "share against halls that come late": (
        {"shares": ALL, "regions": edit({"region_id": "bavaria"}, shell_start_mw=8, shell_lead_months=9)},
        "regions[bavaria].shell_lead_months",
    ),
    "share against the nation": (
        {
            "shares": ALL,
            "power": edit({"region_id": "bavaria"}, start_mw=8, step_mw_per_month=10),
            "countries": [dict(toy_tables()["countries"][0], country_iso2="DE", ai_share_frac=0.0001)],
        },
        "countries[DE].ai_share_frac",
    ),
    "share against a nation at rest": (
        {
            "shares": ALL,
            "power": edit({"region_id": "bavaria"}, start_mw=8, step_mw_per_month=10),
            "countries": [dict(toy_tables()["countries"][0], country_iso2="DE", generation_growth_twh_per_year=0)],
        },
        "countries[DE].generation_growth_twh_per_year",
    ),
    "share against its network": (
        {"shares": ALL, "links": [{"region_id": "bavaria", "gbit_s": 2, "growth_frac_per_year": 0, **FROM}]},
        "links[bavaria].gbit_s",
    ),
    "share against its route": (
        {"shares": ALL, "routes": [{"route_id": "cable", "to": "bavaria", "gbit_s": 2, **FROM}]},
        "routes[cable].gbit_s",
    ),
    "share against a cap on the place": (
        {"shares": [share(min_frac=0.5), share(share_id="cap", max_frac=0.2)]},
        "shares[cap].max_frac",
    ),
    "share against latency": (
        {"shares": [share(from_bloc="us", min_frac=0.3)], "classes": edit({"class_id": "chat"}, latency_ms=60)},
        "classes[chat].latency_ms",
    ),
    "share in part against latency": (
        {"shares": [share(from_bloc="*", min_frac=0.5)]},
        "classes[chat].latency_ms",
    ),
    "share against residency": (
        {"shares": [share(class_id="batch", to="ohio", min_frac=0.2)]},
        "residency[batch,europe].to_blocs",
    ),
    "share against carbon": (
        {"shares": ALL, "plan": {"carbon": {"usd_per_tco2": 0, "cap_mtco2_per_year": {"2028": 0.005}}}},
        "carbon.cap_mtco2_per_year.2028",
    ),
    "share that has to be kept up against a closure": (
        {
            "shares": [share(to_month="2028-01", min_frac=1)],
            "classes": edit({"class_id": "chat"}, latency_ms=60, max_fall_frac_per_month=0.1),
            "commitments": [signed("bavaria", "grid", "2028-03", close_mw=48)],
        },
        "classes[chat].max_fall_frac_per_month",
    ),
    "share of orbit against tonnes": (
        {
            "orbit": True,
            "shares": [share(class_id="batch", from_bloc="us", to="orbit", from_month="2028-04", min_frac=0.5)],
            "launch": lambda rows: [dict(row, tonnes=5, satellite_factory_mw="") for row in rows],
        },
        "launch[*].tonnes",
    ),
    "share of orbit against the factory": (
        {
            "orbit": True,
            "shares": [share(class_id="batch", from_bloc="us", to="orbit", from_month="2028-04", min_frac=0.5)],
            "launch": lambda rows: [dict(row, tonnes=1000, satellite_factory_mw=0.5) for row in rows],
        },
        "launch[*].satellite_factory_mw",
    ),
    "share of orbit against its downlink": (
        {
            "orbit": True,
            "shares": [share(class_id="batch", from_bloc="us", to="orbit", from_month="2028-04", min_frac=0.2)],
            "launch": lambda rows: [dict(row, tonnes=1000, satellite_factory_mw=20) for row in rows],
            "designs": edit({"design_id": "dawn"}, downlink_gbit_s_per_mw=0.01),
            "classes": edit({"class_id": "batch"}, gbit_s_per_kh100e=1),
        },
        "designs[dawn].downlink_gbit_s_per_mw",
    ),
    "share of orbit before it serves": (
        {"orbit": True, "shares": [share(class_id="batch", from_bloc="us", to="orbit", min_frac=0.01)]},
        "shares[local].min_frac",
    ),
    "share against chips": (
        {
            "shares": [share(class_id="batch", min_frac=1)],
            "demand": edit({"zone_id": "munich", "class_id": "batch"}, start_kh100e=26),
            "fleet": edit({"region_id": "bavaria"}, kunit=2),
            "deliveries": edit({}, kunit=0.5),
        },
        "deliveries[beta,*].kunit",
    ),
    "share against commissioning": (
        {
            "shares": [share(class_id="batch", from_bloc="us", to="ohio", min_frac=0.9)],
            "regions": edit({"region_id": "ohio"}, commission_months=3),
            "demand": edit({"zone_id": "new_york", "class_id": "batch"}, start_kh100e=50),
        },
        "regions[ohio].commission_months",
    ),
    "closure of more halls than there are": (
        {"commitments": [signed("ohio", "halls", "2028-02", close_mw=150)]},
        "commitments[ohio,halls,2028-02].close_mw",
    ),
    "commitment against supply": (
        {"commitments": [signed("ohio", "gas_engine", "2028-03", 6)], "supply": edit({"month": "2028-03"}, mw=2)},
        "supply[gas_engine,*].mw",
    ),
    "commitment against no supply": (
        {"commitments": [signed("ohio", "gas_engine", "2028-03", 6)], "supply": edit({}, mw=0)},
        "supply[gas_engine,*].mw",
    ),
    "signature before the lead time against supply": (
        {"commitments": [signed("ohio", "gas_engine", "2028-01", 8)]},
        "supply[gas_engine,*].mw",
    ),
    "commitment against the nation": (
        {"commitments": [signed("ohio", "grid", "2028-02", 9)], "countries": edit({}, generation_growth_twh_per_year=0.1)},
        "countries[US].generation_growth_twh_per_year",
    ),
    "signature against the nation": (
        {"commitments": [signed("ohio", "grid", "2028-01", 3000)], "power": edit(GRID, lead_months=3)},
        "commitments[ohio,grid,2028-01].build_mw",
    ),
    "closure of more than stands": (
        {"commitments": [signed("ohio", "grid", "2028-02", close_mw=150)]},
        "commitments[ohio,grid,2028-02].close_mw",
    ),
    "closure of what never stood": (
        {"commitments": [signed("ohio", "gas_engine", "2028-01", close_mw=2)]},
        "commitments[ohio,gas_engine,2028-01].close_mw",
    ),
    "all demand against power": (
        {"plan": EVERYTHING, "power": edit(GRID, start_mw=20, step_mw_per_month=1), "commitments": None},
        "power[ohio,grid].step_mw_per_month",
    ),
    "all demand against latency": (
        {"plan": EVERYTHING, "classes": edit({"class_id": "chat"}, latency_ms=15)},
        "classes[chat].latency_ms",
    ),
    "all demand beyond chips": ({"plan": EVERYTHING, "demand": more("chat", 60)}, "demand[*,chat].start_kh100e"),
    "a share that nothing may serve, and another": (
        {
            "shares": [*ALL, share(share_id="none", class_id="batch", from_bloc="europe", to="ohio", min_frac=0.1)],
            "power": POOR,
        },
        "residency[batch,europe].to_blocs",
    ),
    "share of what is served where all must be": (
        {
            "shares": [share(class_id="batch", from_bloc="us", min_frac=1, of="served")],
            "demand": both(more("batch", 4), more("chat", 1)),
            "power": edit({"region_id": "bavaria", "option_id": "grid"}, start_mw=8, step_mw_per_month=0),
            "commitments": None,
            "plan": EVERYTHING,
        },
        "shares[local].min_frac",
    ),
    "cap on what is served against a share of what is asked": (
        {"shares": [share(min_frac=0.5), share(share_id="cap", max_frac=0.2, of="served")]},
        "shares[cap].max_frac",
    ),
    "two shares, two limits": (
        {
            "shares": [*ALL, share(share_id="far", class_id="batch", from_bloc="us", to="ohio", min_frac=1)],
            "power": both(POOR, edit(GRID, start_mw=20, step_mw_per_month=0.5), edit(ENGINE, step_mw_per_month=0)),
            "commitments": None,
            "demand": more("batch", 40),
        },
        "shares[far].min_frac",
    ),
}  # fmt: skip
FAST = (
    "share against power",
    "share against latency",
    "signature before the lead time against supply",
    "closure of what never stood",
)


def with_case(folder: Path, name: str) -> Plan:
    changes, _ = CASES[name]
    return load(write_plan(folder, **{"orbit": False, **changes}))


def feasible(plan: Plan, overrides: list[str]) -> bool:
    """As a user would: the plan read again from its files, with what was suggested."""
    again = load(plan.path, overrides)
    try:
        return is_feasible(standard_form(prepare(again), Progress())[1], 60.0) is True
    except InfeasibleError:
        return False


def nine_tenths(way: WayOut) -> str | None:
    """The override with a tenth of the change left out; one step less where steps are tried: months, and percent of a fall."""
    now, then = 1.0 if (change := way.changes[0]).scales else change.now, change.then
    if not isinstance(then, int | float) or not isinstance(now, int | float):
        return None
    step = 1 if change.column.endswith("_months") else -0.01 if change.column.startswith("max_fall") else 0
    less = round(then + step, 9) if step else now + 0.9 * (then - now)
    return f"{change.override.partition('=')[0]}={less:.12f}".rstrip("0").rstrip(".") if less != now else None


@pytest.mark.parametrize("name", [pytest.param(n, marks=() if n in FAST else pytest.mark.slow) for n in CASES])
def test_what_was_tightened_is_named_and_what_is_suggested_is_true(tmp_path: Path, name: str) -> None:
    plan = with_case(tmp_path, name)
    assert not feasible(plan, [])
    found = diagnose(plan)
    assert found.broken, "no requirement is named"
    named = {one.target for one in found.conflict}
    assert CASES[name][1] in named, (name, diagnosis_lines(found))
    for one in found.conflict:
        assert one.place.line > 0, one
        assert Path(one.place.source.shown).is_file(), one
    ways = [*found.ways, *([found.together] if found.together else [])]
    assert ways, diagnosis_lines(found)
    for way in ways:
        assert feasible(plan, [change.override for change in way.changes]), way_lines(way)
        less = nine_tenths(way) if way is not found.together else None
        assert less is None or not feasible(plan, [less]), (less, way_lines(way))


def test_a_share_of_what_is_served_can_always_be_kept_where_all_may_go_unserved(tmp_path: Path) -> None:
    """By serving less: the plans that the same share of what is asked makes impossible."""
    for name in ("share against power", "share against latency"):
        changes = {**CASES[name][0]}
        changes["shares"] = [dict(row, of="served") for row in changes["shares"]]
        assert feasible(load(write_plan(tmp_path / name, orbit=False, **changes)), [])


def test_a_plan_too_large_to_relax_whole_is_told_by_its_first_months(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plan = with_case(tmp_path, "all demand against power")
    rows: list[int] = []

    class Slow(Elastic):
        """Time is up for the first, which is the whole plan."""

        def __init__(self, form: Form, relief: Mapping[int, float], seconds: float) -> None:
            super().__init__(form, relief, seconds)
            rows.append(form.shape[0])
            if len(rows) == 1:
                self.solved, self.short, self.duals = False, {}, 0.0 * self.duals

    monkeypatch.setattr(search, "Elastic", Slow)
    found = diagnose(plan)
    assert len(rows) == 2
    assert rows[1] < rows[0] / 3
    assert found.until == "2028-01"
    assert "examined until 2028-01: more may break after it" in diagnosis_lines(found)
    assert {month for one in found.broken for month in one.months} == {"2028-01"}
    assert [change.override for way in found.ways for change in way.changes] == ["unserved=allowed"]
    assert feasible(plan, ["unserved=allowed"])


def test_what_could_be_served_at_most_is_what_mode_energy_serves(tmp_path: Path) -> None:
    plan = with_case(tmp_path, "all demand against power")
    served = diagnose(plan).served
    assert served is not None
    assert served.overrides == ("unserved=allowed", "objective=energy")
    summary = {line.key: line.value for line in api.solve(load(plan.path, served.overrides)).summary}
    assert 0.1 < served.frac < 0.95
    assert served.frac == pytest.approx(summary["served_share"], rel=1e-7)
    assert served_lines(served)[0].startswith(
        f"at most {100 * served.frac:.6g} % of all demand over the whole plan can be served"
    )


def test_where_classes_are_weighed_or_a_share_breaks_no_more_is_said_than_is_known(tmp_path: Path) -> None:
    weighed = [dict(row, weight=2 if row["class_id"] == "chat" else 1) for row in toy_tables()["classes"]]
    changes, _ = CASES["all demand against power"]
    found = diagnose(load(write_plan(tmp_path / "weighed", orbit=False, **changes, classes=weighed)), seconds=0.0)
    assert found.served is not None
    assert found.served.overrides == ()
    assert diagnose(with_case(tmp_path / "share", "share against power"), seconds=0.0).served is None


def test_without_time_the_conflict_is_told_all_the_same(tmp_path: Path) -> None:
    found = diagnose(with_case(tmp_path, "share against power"), seconds=0.0)
    assert "power[bavaria,grid].step_mw_per_month" in {one.target for one in found.conflict}
    assert found.ways == ()
    assert "power step of bavaria, grid" in found.not_tried


@pytest.mark.slow
@pytest.mark.parametrize("months", [2, 36])
def test_a_plan_by_slice_whose_work_moves_is_diagnosed_month_by_month(months: int) -> None:
    """Rows end with a slice, or with a day, and not with their month."""
    plan = load(api.STARTING_PLAN, ["slices=4", "classes.flexible_frac=0.3", "unserved=forbidden", f"months={months}"])
    with pytest.raises(InfeasibleError, match="must be served in full"):
        api.solve(plan)
    found = diagnose(plan, seconds=0.0)
    assert found.broken
    assert found.conflict
    last = found.until or prepare(plan).months[-1]
    assert all("2027-01" <= month <= last for one in (*found.broken, *found.conflict) for month in one.months)


def test_a_plan_that_can_be_has_no_diagnosis(tmp_path: Path) -> None:
    with pytest.raises(InfeasibleError):
        diagnose(load(write_plan(tmp_path, orbit=False)))


@pytest.mark.parametrize(
    ("amount", "text"),
    [(1.00001, "1.001"), (12.0, "12"), (0.000123456, "0.0001235"), (98765.4, "98770"), (0.0, "0"), (1e-12, "0.000000000001")],
)
def test_a_change_is_rounded_away_from_what_stands_and_written_plainly(amount: float, text: str) -> None:
    assert written(rounded_up(amount)) == text


def test_owners_that_share_no_power_are_a_way_out(tmp_path: Path) -> None:
    """All demand must be served, and the maker of the chips that could do it has no power of its own."""
    owners = [{"owner_id": "maker", "name": "Maker", "power_frac": 0, **FROM}]
    chips = edit({"generation_id": "beta"}, owner_id="maker")
    policy = {"owners": {"power": "own"}, "unserved": "forbidden"}
    changes = {"accelerators": chips, "owners": owners, "demand": edit({}, start_kh100e=16)}
    plan = load(write_plan(tmp_path, orbit=False, plan=policy, **changes))
    with pytest.raises(InfeasibleError):
        api.solve(plan)
    assert api.solve(load(plan.path, ["owners.power=shared"])).record["solver"]["status"] == "optimal"
    assert "owners.power=shared" in [change.override for way in diagnose(plan).ways for change in way.changes]
