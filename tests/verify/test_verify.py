"""The verifier: a sound plan passes, and no number of any table can be changed without being seen."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from planner.verify.run import is_month, serial
from planner.verify.verdict import NOTHING, Check, Verdict
from planner.verify.verify import verify
from tests.verify import toy
from tests.verify.cells import CELLS, TABLES, failures, nudge, rewrite

Change = Callable[[str, str], None]


def test_a_sound_plan_passes(sound: Path) -> None:
    verdict = verify(sound)
    assert verdict.ok, verdict.lines()
    assert len(verdict.checks) > 100
    passed = verdict.passed
    unproven = "not proven optimal: the time limit left no duals, and its gap is the solver's word alone"
    assert verdict.lines() == ["verified but for: optimality", unproven, passed]
    assert (verdict.optimal, verdict.exit_code) == (False, 6)
    assert verdict.to_dict()["unproven"] in unproven


def test_a_check_with_nothing_to_compare_is_counted_apart() -> None:
    checks = [Check(name, True, 0.0, 0.0, "", "", said) for name, said in (("a", "a is b"), ("b", f"b is c; {NOTHING}"))]
    assert Verdict(tuple(checks)).passed == f"1 of 1 check passed (1 more had {NOTHING})"
    assert Verdict(tuple(checks[:1] * 2)).passed == "2 of 2 checks passed"


def test_the_toy_is_no_empty_shell() -> None:
    """Every numeric column of every table holds something: nothing passes because it is zero."""
    rows, _ = toy.tables()
    empty = [(name, column) for name, column in CELLS if not any(row[column] for row in rows[name])]
    assert empty == []


@pytest.mark.sampled(20)
@pytest.mark.parametrize(("table", "column"), CELLS)
def test_one_changed_cell_is_seen(run: Path, table: str, column: str) -> None:
    path = run / "tables" / f"{table}.csv"
    before = path.read_bytes()
    nudge(path, len(pd.read_csv(path)) // 2, column)
    assert path.read_bytes() != before
    assert not verify(run, hashes=False).ok


@pytest.mark.slow
def test_many_changed_cells_are_seen(run: Path) -> None:
    choose = random.Random(2027)
    missed = []
    for _ in range(250):  # every column is tried by the test above
        table, column = choose.choice(CELLS)
        path = run / "tables" / f"{table}.csv"
        row = choose.randrange(len(pd.read_csv(path)))
        before = path.read_bytes()
        nudge(path, row, column)
        if verify(run, hashes=False).ok:
            missed.append((table, column, row))
        path.write_bytes(before)
    assert missed == []


@pytest.mark.sampled(5)
@pytest.mark.parametrize("table", [name for name in TABLES if name not in {"summary", "limits", "entry", "league"}])
def test_a_lost_row_is_seen(run: Path, table: str) -> None:
    path = run / "tables" / f"{table}.csv"
    lines = path.read_text().splitlines()
    path.write_text("\n".join(lines[:-1]) + "\n")
    assert not verify(run, hashes=False).ok


@pytest.mark.sampled(12)
@pytest.mark.parametrize(
    ("table", "key", "column", "value", "check"),
    [
        ("power", "texas,grid", "step_mw_per_month", "2.9", "limit_power_growth"),
        ("power", "texas,grid", "lead_months", "1", "limit_power_growth"),
        ("power", "texas,gas", "availability_frac", "0.1", "respect_capacity"),
        ("power", "dublin,grid", "start_mw", "4", "conserve_capacity"),
        ("regions", "texas", "nameplate_frac", "1.9", "house_chips"),
        ("regions", "texas", "shell_start_mw", "20", "conserve_shell"),
        ("regions", "texas", "shell_step_mw_per_month", "3", "limit_shell_growth"),
        ("regions", "texas", "shell_lead_months", "3", "limit_shell_growth"),
        ("regions", "texas", "pue", "1.21", "balance_power"),
        ("supply", "gas,2027-02", "mw", "1.4", "limit_technology_supply"),
        ("commitments", "texas,gas,2027-03", "build_mw", "1.1", "keep_commitment"),
        ("countries", "US", "ai_share_frac", "0.001", "limit_national_growth"),  # 10.1 MW a year, 5.8 in these four months
        ("launch", "2027-03", "tonnes", "25", "limit_launch_mass"),
        ("launch", "2027-03", "satellite_factory_mw", "0.6", "limit_satellite_factory"),
        ("designs", "dawn", "downlink_gbit_s_per_mw", "0.7", "limit_downlink"),
        ("designs", "dawn", "country_iso2", "CN", "placeable"),
        ("designs", "dawn", "availability_frac", "0.5", "place_compute_in_orbit"),
        ("designs", "dawn", "availability_frac", "0.99", "fleet.compute_kh100e"),
        ("links", "dublin", "gbit_s", "20", "limit_network"),
        ("routes", "channel", "gbit_s", "20", "limit_route"),
        ("routes", "channel", "usd_per_gbit_s_month", "1", "costs.network"),
        ("latency", "austin,texas", "one_way_ms", "31", "servable"),
        ("shares", "home", "min_frac", "0.5", "require_share"),
        ("shares", "sky", "max_frac", "0.001", "limit_share"),
        ("shares", "sky", "min_frac", "0.3", "require_share"),
        ("shares", "sky", "of", "asked", "targets.stated_kh100e"),
        ("residency", "chat,eu", "to_blocs", "us", "servable"),
        ("classes", "chat", "latency_ms", "19", "servable"),
        ("classes", "batch", "orbit", "no", "servable"),
        ("payments", "gas,1", "capital_frac", "0.3", "capital.capital_musd"),
        ("payments", "gas,1", "capital_frac", "0.3", "cash.cash_musd"),
        ("payments", "halls,3", "months_before", "0", "capital.capital_musd"),
        ("payments", "halls,3", "months_before", "4", "purchases.order_month"),
        ("payments", "halls,-1", "months_before", "-2", "cash.cash_musd"),
        ("accelerators", "old", "not_countries", "IE", "placeable"),
        ("accelerators", "new", "only_countries", "CA;US", ""),
        ("accelerators", "old", "kw_per_unit", "4", "fit_shell"),
        ("accelerators", "old", "life_years", "2", "tables"),  # a batch that does not end has no row
        ("fleet", "dublin,old", "delivered_to", "2026-12", "limit_end"),
        ("fleet", "texas,old", "delivered_from", "2026-02", "limit_old"),
        ("fleet", "texas,old", "kunit", "12.1", "conserve_old"),
        ("dark", "old", "delivered_from", "2026-03", "chips.ended_dark_kunit"),
        ("dark", "old", "delivered_from", "2026-01", "dark_of"),
        ("deliveries", "new,2027-02", "kunit", "2.6", "conserve_chips"),
        ("deliveries", "new,2027-03", "optional_frac", "0.2", "decide_offer"),
        ("deliveries", "new,2027-03", "optional_frac", "0.3", "offers.offered_kunit"),
        ("deliveries", "new,2027-03", "decline_usd_per_unit", "901", "costs.chips_declined"),
        ("deliveries", "new,2027-03", "defer_months", "0", "deferrals.deferred_kunit"),
        ("deliveries", "new,2027-03", "defer_usd_per_unit_month", "41", "costs.chips_declined"),
        ("accelerators", "new", "price_usd_per_unit", "45001", "costs.chips_bought"),
        ("dark", "old", "kunit", "3.1", "conserve_chips"),
        ("demand", "london,batch", "start_kh100e", "12.1", "serve_demand"),
        ("fuels", "texas,gas", "usd_per_mmbtu", "3.2", "costs.fuel"),
        ("power", "texas,grid", "carbon_priced", "yes", "costs.carbon"),
        ("classes", "batch", "core_frac", "0.5", "costs.unserved"),
        ("classes", "batch", "core_value_usd_per_h100e_h", "2.6", "costs.unserved"),
        ("classes", "chat", "core_value_usd_per_h100e_h", "1", ""),
    ],
)
def test_every_limit_is_derived_from_the_inputs(run: Path, table: str, key: str, column: str, value: str, check: str) -> None:
    """Tighten one input: the plan no longer holds, and the check that says so bears the name of the limit."""
    path = run / "inputs" / f"{table}.csv"
    frame = pd.read_csv(path, dtype=str, keep_default_na=False)
    width = len(key.split(","))
    row = [",".join(cells[:width]) for cells in frame.itertuples(index=False, name=None)].index(key)
    rewrite(path, row, column, value)
    failed = failures(verify(run, hashes=False))
    assert (check in failed) if check else not failed


@pytest.mark.sampled(6)
@pytest.mark.parametrize(
    ("old", "new", "check"),
    [
        ("cap_mtco2_per_year: {2027: 0.2}", "cap_mtco2_per_year: {2027: 0.06}", "limit_carbon"),  # 0.028 in four months
        ("capital_musd_per_year: {2027: 900}", "capital_musd_per_year: {2027: 60}", "limit_budget"),
        ("capital_musd_per_year: {2027: 900}", "capital_musd_per_year: {2027: 800}", "summary.value"),
        ("capital_musd_per_year: {2027: 900}", "capital_musd_per_year: [2027]", "limit_budget"),
        ("inflation_frac_per_year: 0.03", "inflation_frac_per_year: 0.02", "nominal.nominal_musd"),
        ("year: 2025", "year: 2026", "nominal.price_level"),
        ("year: 2025, ", "", "nominal.cash_musd"),
        ("usd_per_tco2: 20", "usd_per_tco2: 21", "costs.carbon"),
        ("discount_frac_per_year: 0.08", "discount_frac_per_year: 0.09", "costs.discounted_musd"),
        ("doubling_months: 6", "doubling_months: 5", "serve_demand"),
        ("unserved: allowed", "unserved: forbidden", "unserved_forbidden"),
        ("boundary: facility", "boundary: energy", "costs.halls"),
        ("objective: value", "objective: energy", "manifest.mode"),
        ("usd_per_gbit_s_month: 6480", "usd_per_gbit_s_month: 6500", "costs.network"),
        ("same_metro_km: 50", "same_metro_km: 1", "costs.network"),
        ("months: 4", "months: many", "plan.yaml"),
        ("months: 4", "months: 3", "tables"),
        ("discount_frac_per_year: 0.08", "discount_frac_per_year: low", "plan.yaml"),
        ("boundary: facility", "boundary: everything", "plan.yaml"),
        ("rtt_intercept_ms: 12.9", "rtt_intercept_ms: 129", "servable"),
        ("cap_mtco2_per_year: {2027: 0.2}", "cap_mtco2_per_year: 7", "limit_carbon"),
        ("cap_mtco2_per_year: {2027: 0.2}", "cap_mtco2_per_year: {2027: much}", "limit_carbon"),
        ("name: toy", "name: [toy", "plan.yaml"),
    ],
)
def test_the_plan_file_is_examined_too(run: Path, old: str, new: str, check: str) -> None:
    path = run / "inputs" / "plan.yaml"
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new))
    assert check in failures(verify(run, hashes=False))


@pytest.mark.sampled(3)
@pytest.mark.parametrize(
    ("key", "value", "check"),
    [
        ("objective_musd", 1.0, "objective"),
        ("dual_objective_musd", 1.0, "dual_bound"),
        ("dual_objective_musd", None, "manifest.dual_objective_musd"),
        ("primal_residual", 1e-3, "primal_residual"),
        ("dual_residual", 1e-3, "dual_residual"),
        ("mode", "energy", "manifest.mode"),
    ],
)
def test_the_proof_is_examined(run: Path, key: str, value: object, check: str) -> None:
    path = run / "manifest.json"
    manifest = json.loads(path.read_text())
    manifest["solver"] |= {"status": "optimal", key: value}
    path.write_text(json.dumps(manifest))
    assert check in failures(verify(run))


def test_the_verdict_can_be_told(run: Path) -> None:
    nudge(run / "tables" / "power.csv", 0, "output_mw")
    verdict = verify(run)
    told = json.loads(json.dumps(verdict.to_dict()))
    balance = next(check for check in told["checks"] if check["name"] == "balance_power")
    assert told["ok"] is False
    assert (balance["place"], balance["month"], balance["ok"]) == ("texas", "2027-01", False)
    assert balance["gap"] > balance["tolerance"] > 0
    assert "differs from" in balance["sentence"]
    assert verdict.lines()[-1].startswith("not verified: ")
    assert all(line.startswith(("FAIL", "not verified")) for line in verdict.lines())


def test_a_cap_beyond_the_horizon_limits_nothing(run: Path) -> None:
    path = run / "inputs" / "plan.yaml"
    path.write_text(path.read_text().replace("{2027: 0.2}", "{2027: 0.2, 2031: 0}"))
    assert verify(run, hashes=False).ok


def test_without_a_row_of_entry_its_headlines_are_not_examined(run: Path) -> None:
    for name, of_entry in (("entry", "dawn"), ("orbit_break_even", "within the plan")):
        path = run / "tables" / f"{name}.csv"
        path.write_text("".join(line for line in path.read_text().splitlines(keepends=True) if of_entry not in line))
    verdict = verify(run, hashes=False)
    assert verdict.ok, verdict.lines()
    assert "orbit_gap, orbit_flip_value" in next(check.sentence for check in verdict.checks if check.name == "summary.other")


def test_absurd_inputs_fail_quietly(run: Path) -> None:
    """A life of no years makes infinities: they fail their checks, and nothing is raised or warned."""
    for table, column in (("options", "life_years"), ("classes", "doubling_months"), ("accelerators", "life_years")):
        rewrite(run / "inputs" / f"{table}.csv", 0, column, "0")
    assert {"costs.capital", "serve_demand"} <= failures(verify(run))


def test_months_follow_each_other() -> None:
    months = [f"{year}-{month:02d}" for year in (2027, 2028) for month in range(1, 13)]
    assert [serial(month) for month in months] == list(range(2027 * 12, 2029 * 12))
    assert all(is_month(month) for month in months)
    assert not any(is_month(word) for word in ("2027-00", "2027-13", "2027-x1", "2027/01", "202x-01", "2027-1", "2027-001"))


def test_the_verifier_shares_no_code_with_what_it_verifies() -> None:
    program = "import sys; import planner.verify.verify; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
    barred = ("models", "pyomo", "highspy", "planner.read.", "planner.solve.", "planner.physics.", "planner.write.")
    assert [name for name in loaded if name.startswith(barred)] == []


def test_headlines_may_stand_in_the_manifest(run: Path) -> None:
    path = run / "manifest.json"
    frame = pd.read_csv(run / "tables" / "summary.csv")
    (run / "tables" / "summary.csv").unlink()
    assert failures(verify(run, hashes=False)) == {"summary"}
    manifest = json.loads(path.read_text())
    manifest["summary"] = [
        *frame.to_dict("records"),
        {"key": "mood", "value": 1.0},
        "no headline",
        {"key": "word", "value": "x"},
    ]
    path.write_text(json.dumps(manifest))
    verdict = verify(run, hashes=False)
    assert verdict.ok, verdict.lines()
    assert next(check.sentence for check in verdict.checks if check.name == "summary.other").endswith("mood, , word")
    manifest["summary"][0]["value"] += 1
    path.write_text(json.dumps(manifest))
    assert failures(verify(run, hashes=False)) == {"summary.value"}


def test_energy_mode_leaves_out_the_unserved_term(run: Path) -> None:
    """The second pass minimises cost alone: unserved compute is no cost, and the objective holds none."""
    costs = pd.read_csv(run / "tables" / "costs.csv", keep_default_na=False)
    costs = costs[costs["component"] != "unserved"]
    costs.to_csv(run / "tables" / "costs.csv", index=False)
    summary = pd.read_csv(run / "tables" / "summary.csv")
    summary[summary["key"] != "unserved_value"].to_csv(run / "tables" / "summary.csv", index=False)
    plan = run / "inputs" / "plan.yaml"
    plan.write_text(plan.read_text().replace("objective: value", "objective: energy"))
    manifest = json.loads((run / "manifest.json").read_text())
    total = float(costs["discounted_musd"].sum())
    manifest["solver"] |= {"mode": "energy", "objective_musd": total, "dual_objective_musd": total}
    (run / "manifest.json").write_text(json.dumps(manifest))
    assert verify(run, hashes=False).ok, verify(run, hashes=False).lines()
