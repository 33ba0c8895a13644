"""The tables of nations: marginal prices that solving again confirms, trade split by hand, and sums that add up per nation."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from planner import api
from planner.prepare.plan_data import prepared
from planner.result import Result
from planner.solve.highs import Solver, SolverOptions
from planner.solve.solution import Solution, solve
from planner.tables.costs import ENERGY
from planner.tables.marginal import draw_by_slice, marginal_cost
from planner.tables.nations import trade_table
from planner.verify.verify import verify
from planner.write.folder.result_folder import write_run
from tests.models.toy import halved, toy
from tests.read.toy import write_plan
from tests.verify.rich import rich_plan


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> Result:
    """A real plan of fourteen months with a pool of two countries, an envelope that binds, and orbit."""
    return api.solve(rich_plan(tmp_path_factory.mktemp("nations") / "plan"))


@pytest.fixture(scope="module")
def folder(result: Result, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_run(result, tmp_path_factory.mktemp("nations") / "run", workbook=False)


def dear(months: int = 4) -> Solution:
    """The toy by halves of the day, with a grid so dear in the second that the engine runs, and money worth less later."""
    data = toy(months)
    return solve(halved(dataclasses.replace(data, discount={t: 0.9**t for t in range(1, months + 1)}), price=1.7))


def test_a_marginal_price_lies_between_one_megawatt_hour_less_and_one_more() -> None:
    """Solved again with a little more and a little less IT load in one slice: the price is never outside what either shows."""
    solution = dear()
    d, form, step = solution.data, solution.form, 1e-3  # MW of IT
    solver = Solver(form, SolverOptions())
    numbers = {row: number for number, row in enumerate(form.rows)}
    seen = 0
    for (r, t, k), price in solution.prices["balance_power"].items():
        row = numbers["balance_power", (r, t, k)]
        side, cost = float(form.row_lower[row]), {}
        for load in (-step, step):
            solver.highs.changeRowBounds(row, side + d.pue[r, t] * load, side + d.pue[r, t] * load)
            cost[load] = solver.minimise(form.cost, form.offset)
            solver.highs.changeRowBounds(row, side, side)
        usd = 1e6 / d.discount[t] / (step * d.hours_h[t, k])
        marginal = usd * price * d.pue[r, t] * step
        if cost[step].status == "optimal":  # power may be full
            more = (cost[step].objective - solution.proof.objective_musd) * usd
            assert marginal <= more + 1e-3 * abs(more) + 1e-2, (r, t, k)
        if cost[-step].status == "optimal":  # nothing can draw less than nothing
            less = (solution.proof.objective_musd - cost[-step].objective) * usd
            assert less - 1e-3 * abs(less) - 1e-2 <= marginal, (r, t, k)
            seen += marginal > 0 and cost[step].status == "optimal"
    assert seen >= 8


def test_the_marginal_cost_of_a_month_is_each_slice_at_its_price() -> None:
    solution = dear()
    d, draw, found = solution.data, draw_by_slice(solution), marginal_cost(solution)
    assert found is not None
    for r in d.regions:
        for t in range(1, 5):
            by_hand = sum(
                solution.prices["balance_power"].get((r, t, k), 0.0) * d.pue[r, t] * draw.get((r, t, k), 0.0) for k in d.slices
            )
            assert found[r, t] == pytest.approx(by_hand / d.discount[t], rel=1e-12)
            need = sum(d.pue[r, t] * draw.get((r, t, k), 0.0) for k in d.slices)
            output = sum(mw for (x, _, m, _), mw in solution.values["output"].items() if (x, m) == (r, t))
            assert output == pytest.approx(need, rel=1e-9)  # what is drawn is what the balance feeds


def test_without_prices_there_is_no_marginal_cost() -> None:
    assert marginal_cost(dataclasses.replace(solve(toy()), prices={})) is None


def test_trade_of_a_pool_is_split_by_what_each_asks() -> None:
    """Three quarters of the patient work are asked by AA, where near stands, the rest by CC, which has no place."""
    data = toy()
    keys = {"class_id": "patient", "pool_id": "here"}
    serve = pd.DataFrame(
        [
            {**keys, "place_id": "near", "month": "2027-01", "serve_kh100e": 4.0},
            {**keys, "place_id": "far", "month": "2027-01", "serve_kh100e": 2.0},
            {**keys, "place_id": "sat", "month": "2027-02", "serve_kh100e": 1.0},
            {**keys, "class_id": "urgent", "place_id": "near", "month": "2027-01", "serve_kh100e": 8.0},
        ]
    )
    who = {("here", "patient", month): {"AA": 0.75, "CC": 0.25} for month in data.months}
    trade = trade_table(data, serve, {**who, ("here", "urgent", "2027-01"): {"AA": 1.0}})
    found = {tuple(row[1:5]): row[5:] for row in trade.itertuples(index=False, name=None)}
    assert found == {
        ("patient", "AA", "AA", "2027-01"): (3.0, "pro_rata"),
        ("patient", "AA", "BB", "2027-01"): (1.5, "pro_rata"),
        ("patient", "AA", "orbit", "2027-02"): (0.75, "pro_rata"),
        ("patient", "CC", "AA", "2027-01"): (1.0, "pro_rata"),
        ("patient", "CC", "BB", "2027-01"): (0.5, "pro_rata"),
        ("patient", "CC", "orbit", "2027-02"): (0.25, "pro_rata"),
        ("urgent", "AA", "AA", "2027-01"): (8.0, "whole"),
    }


def test_trade_balances_to_zero_in_every_pool_class_and_month(result: Result) -> None:
    """What leaves each nation arrives in another, and a pool gets what its places of all nations serve for it."""
    trade, serve = result.tables["trade"], result.tables["serve"]
    keys = ["pool_id", "class_id", "month"]
    pd.testing.assert_series_equal(
        trade.groupby(keys)["serve_kh100e"].sum(), serve.groupby(keys)["serve_kh100e"].sum(), rtol=1e-9
    )
    abroad = trade[trade["asked_in"] != trade["served_in"]]
    assert len(abroad)
    exports = abroad.groupby([*keys, "served_in"])["serve_kh100e"].sum().groupby(keys).sum()
    imports = abroad.groupby([*keys, "asked_in"])["serve_kh100e"].sum().groupby(keys).sum()
    pd.testing.assert_series_equal(exports, imports, rtol=1e-12)
    nations = result.tables["nations"].groupby("plan_year")[["exports_kh100e", "imports_kh100e"]].sum()
    assert nations["exports_kh100e"].tolist() == pytest.approx(nations["imports_kh100e"].tolist(), rel=1e-9)
    assert set(trade.loc[trade["pool_id"] == "Europe", "split"]) == {"pro_rata"}


def test_identities_hold_nation_by_nation(result: Result) -> None:
    """Energy out of all options is PUE times IT energy; what is asked is served or not; costs and carbon are the sites'."""
    tables, plan = result.tables, result.plan
    nation = plan.tables["regions"].mapping("region_id", "country_iso2")
    pue = plan.tables["regions"].mapping("region_id", "pue")
    nations = tables["nations"].set_index(["country_iso2", "plan_year"])
    years = {month: 1 if month < "2028" else 2 for month in tables["launch"]["month"]}
    hours = {month: 24.0 * pd.Period(month).days_in_month for month in years}

    def by_nation(frame: pd.DataFrame, place: str, values: pd.Series) -> pd.Series:
        keep = frame[place].isin(nation)
        sums = values[keep].groupby([frame[place][keep].map(nation), frame["month"][keep].map(years)]).sum()
        return sums.reindex(nations.index, fill_value=0.0)

    fleet, power, costs = tables["fleet"], tables["power"], tables["costs"]
    facility = by_nation(fleet, "place_id", fleet["it_draw_mw"] * fleet["place_id"].map(pue) * fleet["month"].map(hours))
    np.testing.assert_allclose(by_nation(power, "region_id", power["energy_mwh"]), facility, rtol=1e-9, atol=1e-6)
    np.testing.assert_allclose(
        nations["carbon_tco2"], by_nation(power, "region_id", power["carbon_tco2"]), rtol=1e-9, atol=1e-9
    )
    paid = costs[costs["component"].isin(ENERGY)]
    assert nations["energy_cost_musd"].sum() == pytest.approx(paid["cost_musd"].sum(), rel=1e-9)
    demand = tables["demand"].assign(year=tables["demand"]["month"].map(years), hours=tables["demand"]["month"].map(hours))
    for year, rows in demand.groupby("year"):
        whole = sum(hours[month] for month, each in years.items() if each == year)
        for column in ("demand_kh100e", "served_kh100e"):
            mean = float((rows[column] * rows["hours"]).sum()) / whole
            assert nations.xs(year, level="plan_year")[column].sum() == pytest.approx(mean, rel=1e-9)
    np.testing.assert_allclose(
        nations["served_kh100e"], nations["home_kh100e"] + nations["imports_kh100e"], rtol=1e-9, atol=1e-9
    )
    computed = nations["compute_kh100e_h"] / pd.Series(hours).groupby(years).sum().reindex(nations.index, level=1)
    given = nations["home_kh100e"] + nations["exports_kh100e"]
    assert (given <= computed * (1 + 1e-9) + 1e-6).all()  # no nation gives more than its chips compute


def test_the_envelope_that_binds_has_its_worth_and_no_room(result: Result) -> None:
    nations, limits = result.tables["nations"], result.tables["limits"]
    binding = limits[limits["constraint"] == "limit_national_growth"]
    assert len(binding)
    told = nations[nations["envelope_usd_per_mw"] > 0]
    assert told["country_iso2"].tolist() == binding["where"].tolist()
    assert told["envelope_usd_per_mw"].tolist() == pytest.approx(binding["worth_usd"].tolist(), rel=1e-9)
    assert told["envelope_mw"].tolist() == pytest.approx(binding["limit"].tolist(), rel=1e-9)
    assert told["headroom_mw"].tolist() == pytest.approx([0.0] * len(told), abs=1e-6)
    empty = nations[nations["country_iso2"].isin(["GB", "orbit"])]  # one has no region, one is no nation
    assert empty[["envelope_mw", "headroom_mw", "envelope_usd_per_mw"]].isna().all().all()


@pytest.mark.sampled(2)
@pytest.mark.parametrize(
    ("table", "column", "change"),
    [
        ("nations", "marginal_usd_per_mwh", "nudge"),
        ("nations", "marginal_usd_per_mwh", ""),
        ("nations", "marginal_usd_per_kh100e_h", "nudge"),
        ("nations", "envelope_usd_per_mw", "nudge"),
        ("nations", "headroom_mw", "nudge"),
        ("league", "marginal_usd_per_mwh", "nudge"),
        ("trade", "serve_kh100e", "nudge"),
        ("trade", "split", "whole"),
    ],
)
def test_the_judge_sees_a_changed_price_and_a_changed_split(folder: Path, table: str, column: str, change: str) -> None:
    path = folder / "tables" / f"{table}.csv"
    before = path.read_bytes()
    frame = pd.read_csv(path, dtype=str, keep_default_na=False)
    if column == "split":
        row = int(np.argmax(frame[column] == "pro_rata"))
    else:
        row = int(pd.to_numeric(frame[column]).argmax())
    frame.loc[row, column] = f"{1.001 * float(frame.loc[row, column]):.12g}" if change == "nudge" else change
    frame.to_csv(path, index=False)
    try:
        assert f"{table}.{column}" in {check.name for check in verify(folder, hashes=False).failed}
    finally:
        path.write_bytes(before)


@pytest.mark.slow
def test_prices_of_mode_energy_are_verified_too(tmp_path: Path) -> None:
    """Marginal prices and the worth of envelopes are those of the second pass; another one that is written is seen."""
    done = api.run(api.load(write_plan(tmp_path / "plan", plan={"objective": "energy"})), tmp_path / "run")
    for table, column in (
        ("nations", "marginal_usd_per_mwh"),
        ("nations", "envelope_usd_per_mw"),
        ("league", "marginal_usd_per_mwh"),
    ):
        assert done.tables[table][column].notna().any()
        path = done.folder / "tables" / f"{table}.csv"
        before = path.read_bytes()
        frame = pd.read_csv(path, dtype=str, keep_default_na=False)
        frame.loc[0, column] = "12.5"
        frame.to_csv(path, index=False)
        assert f"{table}.{column}" in {check.name for check in verify(done.folder, hashes=False).failed}
        path.write_bytes(before)


def test_a_sound_run_passes(folder: Path) -> None:
    verdict = verify(folder)
    assert verdict.ok, verdict.lines()


def test_open_borders_never_cost_more(tmp_path: Path) -> None:
    """The same plan with every class kept where it is asked, and with none kept: fewer rules, less cost."""
    kept = [(w, bloc, bloc) for w in ("chat", "batch") for bloc in ("us", "europe")]
    words = {"source": "test", "quality": "estimate"}
    rules = [{"class_id": w, "from_bloc": bloc, "to_blocs": to, **words} for w, bloc, to in kept]
    closed, opened = (
        api.solve(api.load(write_plan(tmp_path / name, residency=rows))).record["solver"]["objective_musd"]
        for name, rows in (("closed", rules), ("open", None))
    )
    assert opened < closed - 1e-6


def test_a_training_run_moves_the_split_of_its_months(tmp_path: Path) -> None:
    """One pool of two countries, 15 and 8 kH100e that double alike; a run of Munich alone lasts through the second month."""
    words = {"source": "test", "quality": "estimate"}
    run = {"run_id": "large", "zone_id": "munich", "class_id": "batch", "energy_gwh": 7.305, "kw_per_h100e": 1.0, **words}
    run |= {"duration_months": 1, "runs_per_year": 0.1, "growth_frac_per_year": 0, "from_month": "2028-02"}
    one_bloc = {"zones": lambda rows: [{**row, "bloc": "us"} for row in rows], "residency": None}
    plan = api.load(write_plan(tmp_path / "plan", training_runs=[run], **one_bloc))
    shares = {month: split for (_, w, month), split in prepared(plan).origin.items() if w == "batch"}
    growth = 2 ** (1 / 12)  # batch doubles in a year
    assert shares["2028-01"] == pytest.approx({"US": 15 / 23, "DE": 8 / 23})
    munich = 8 * growth + 10  # 7.305 GWh in 730.5 h at 1 kW
    assert shares["2028-02"] == pytest.approx(
        {"US": 15 * growth / (15 * growth + munich), "DE": munich / (15 * growth + munich)}
    )
    assert shares["2028-03"] == pytest.approx(shares["2028-01"])
    done = api.run(plan, tmp_path / "run")  # and the judge, who splits for himself, agrees
    assert set(done.tables["trade"].query("class_id == 'batch'")["split"]) == {"pro_rata"}
