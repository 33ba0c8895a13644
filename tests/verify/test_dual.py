"""The dual bound of the verifier: a plan that is feasible and paid for as stated, but not the best, does not pass."""

from __future__ import annotations

import dataclasses
import json
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from models import REGISTER, ages, budget, changes, chip_moves, offers, orders, projects, reservations, target
from models.rows import rows_of
from planner.plan.plan import Plan
from planner.prepare.plan_data import prepare
from planner.solve.bounds import admissible, implied_upper_bounds, lower_bound
from planner.solve.highs import SolverOptions
from planner.solve.solution import Solution, solve
from planner.tables.costs import cost_table
from planner.tables.result import make_result
from planner.verify.case import Case
from planner.verify.costs import capital_usd_per_mw_month, fixed_usd_per_mw_month
from planner.verify.duals import Duals
from planner.verify.files import read_run
from planner.verify.hours import Hours
from planner.verify.program import Program
from planner.verify.remedies import UNITS
from planner.verify.run import Run
from planner.verify.verdict import Verdict
from planner.verify.verify import verify
from planner.write.folder.result_folder import write_run
from tests.verify.rich import rich_plan
from tests.verify.toy import write_manifest

Frame = pd.DataFrame
NEVER_PRICED = {"conserve_displaced", "keep_launch_order"}  # its cost is on the row that retires; nothing is booked here
WITHIN_THE_DAY = {"conserve_stored", "limit_charge", "limit_stored"}  # see test_slices.py
OF_ROUTES = {"limit_route"}  # see test_network.py
OF_MOVES = {"count_work", "count_moves", "keep_service"}  # see test_moves.py
OPTIONAL = (ages, budget, changes, chip_moves, offers, orders, projects, reservations, target)
OF_TABLES = {row.name for block in OPTIONAL for row in rows_of(block)}
"""Of tables that this plan does not have, and of chips whose life ends within the months: tests of their own."""
OF_OWNERS = {"respect_right"}  # see test_owners.py
WITHIN_THE_DAY |= {"keep_flexible_work", "conserve_waiting", "limit_waiting"}


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Plan:
    return rich_plan(tmp_path_factory.mktemp("dual") / "plan")


@pytest.fixture(scope="module")
def best(plan: Plan) -> Solution:
    return solve(prepare(plan))


@pytest.fixture(scope="module")
def folder(plan: Plan, best: Solution, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(plan, best, tmp_path_factory.mktemp("dual") / "best")


@pytest.fixture(scope="module")
def run(folder: Path) -> Run:
    return read_run(folder)


def written(plan: Plan, solution: Solution, folder: Path) -> Path:
    """The files of a run, whatever the verifier will say."""
    return write_run(make_result(plan, solution), folder, workbook=False)


def with_duals(run: Run, duals: Frame) -> Run:
    """The same run with another table of duals."""
    return dataclasses.replace(run, tables={**run.tables, "duals": duals})


def bound_of(run: Run, hours: Callable[[Run], Hours] = Hours) -> float:
    program = Program(Case(run, hours(run)))
    return program.dual_bound(Duals(program, own=())).musd


def failures(verdict: Verdict) -> set[str]:
    return {check.name for check in verdict.failed}


def test_an_optimal_plan_is_proven_by_its_own_duals(folder: Path, run: Run, best: Solution) -> None:
    verdict = verify(folder)
    assert verdict.ok, verdict.lines()
    assert verdict.lines()[0].startswith(f"optimal: dual bound {best.proof.objective_musd:,.1f} M USD re-derived")
    assert bound_of(run) == pytest.approx(best.proof.objective_musd, rel=1e-10)


def test_the_proof_uses_every_kind_of_row(run: Run) -> None:
    priced = set(run.table("duals")["constraint"])
    rows = Program(Case(run)).rows
    assert set(REGISTER) == set(rows)
    elsewhere = NEVER_PRICED | WITHIN_THE_DAY | OF_ROUTES | OF_MOVES | OF_OWNERS | OF_TABLES
    assert rows.keys() - priced == elsewhere & rows.keys()


def test_the_verifier_and_the_register_agree_on_what_is_priced_and_what_repeats(run: Run) -> None:
    for name, row in Program(Case(run)).rows.items():
        price = REGISTER[name].price
        assert bool(row.price) == (price is not None), name
        assert row.repeats == (price is not None and price.repeats), name
    relieved = {name: row.price for name, row in REGISTER.items() if row.kind == "limit" and row.price}
    assert {name: price.one_more for name, price in relieved.items() if not price.repeats} == UNITS


def distorted(best: Solution) -> Solution:
    """Feasible, its costs as they truly are, and stated as if it were the best: what a wrong cost in the model would give."""
    data = best.data
    dear = {key: 3.0 * usd if key[0].startswith("us_") else usd for key, usd in data.energy_usd_per_mwh.items()}
    wrong = solve(dataclasses.replace(data, energy_usd_per_mwh=dear))
    told = dataclasses.replace(wrong, data=data)
    total = float(cost_table(told)["discounted_musd"].sum())
    proof = dataclasses.replace(wrong.proof, objective_musd=total, dual_objective_musd=total)
    return dataclasses.replace(told, proof=proof)


def test_a_plan_that_is_not_the_best_is_refused(plan: Plan, best: Solution, tmp_path: Path) -> None:
    """With the prices that its own wrong program had, and with the right ones: all else in its files holds."""
    liar = distorted(best)
    assert liar.proof.objective_musd > best.proof.objective_musd * (1 + 1e-6)
    own = verify(written(plan, liar, tmp_path / "own"))
    assert "optimal" in failures(own) <= {"optimal", "reduced_costs"}
    assert "could cost as little as" in own.lines()[-2] + own.lines()[0]
    right = verify(written(plan, dataclasses.replace(liar, prices=best.prices, proving=best.proving), tmp_path / "right"))
    assert {"optimal", "limits.binding"} <= failures(right)  # limits that would bind do not
    assert {name for name in failures(right) if not name.startswith("remedies.")} == {"optimal", "limits.binding"}


def test_no_duals_prove_more_than_the_truth(run: Run, best: Solution) -> None:
    """Weak duality: whatever stands in the table, the bound stays below the cost of the best plan."""
    rng, duals = np.random.default_rng(3), run.table("duals")
    optimum = best.proof.objective_musd
    for spread in (1e-9, 1e-4, 0.1, 1.0):
        for _ in range(5):
            some = rng.random(len(duals)) < 0.2
            factor = np.where(some, np.exp(spread * rng.standard_normal(len(duals))), 1.0)
            bound = bound_of(with_duals(run, duals.assign(dual_musd=duals["dual_musd"] * factor)))
            assert bound <= optimum * (1 + 1e-11)


def test_without_duals_nothing_is_proven_but_that_costs_are_not_negative(folder: Path, run: Run, tmp_path: Path) -> None:
    signed = capital_usd_per_mw_month(run) + fixed_usd_per_mw_month(run)
    at = (run.axes["region_id"].index("us_ohio"), run.axes["option_id"].index("fuel_cell"))  # 3 MW before their lead time
    paid_in_any_plan = 3.0 * signed[at] * float(run.discount[1:].sum()) / 1e6
    assert bound_of(with_duals(run, run.table("duals").iloc[:0])) == pytest.approx(paid_in_any_plan, rel=1e-9)
    copy = Path(shutil.copytree(folder, tmp_path / "run"))
    path = copy / "tables" / "duals.csv"
    path.write_text(path.read_text().splitlines()[0] + "\n")
    assert "optimal" in failures(verify(copy, hashes=False))
    path.unlink()
    assert failures(verify(copy)) == {"optimal", "hashes.outputs"}


def test_a_plan_called_optimal_without_its_proof_is_not_verified(folder: Path, tmp_path: Path) -> None:
    """With the hashes forged too. Of a plan that a time limit left, the verdict excepts optimality, and the exit code tells."""
    copy = Path(shutil.copytree(folder, tmp_path / "run"))
    (copy / "tables" / "duals.csv").unlink()
    manifest = json.loads((copy / "manifest.json").read_text())
    del manifest["outputs"]["tables/duals.csv"]
    write_manifest(copy, manifest)
    verdict = verify(copy)
    assert failures(verdict) == {"optimal"}
    assert (verdict.optimal, verdict.exit_code) == (False, 7)
    missing = "the plan is called optimal, but without tables/duals.csv nothing proves that no plan costs less"
    assert verdict.lines() == [f"FAIL optimal: {missing}", f"not verified: 1 of {len(verdict.checks)} checks failed"]

    manifest["solver"] |= {"status": "time_limit"}
    write_manifest(copy, manifest)
    for name in ("limits", "entry"):  # prices, which such a plan has not
        path = copy / "tables" / f"{name}.csv"
        path.write_text(path.read_text().splitlines()[0] + "\n")
    verdict = verify(copy, hashes=False)
    assert "optimal" not in failures(verdict)
    assert verdict.excepted == ("optimality",)
    assert verdict.exit_code == (6 if verdict.ok else 7)


@pytest.mark.slow
def test_one_wrong_dual_is_seen_where_it_costs_the_proof(run: Run, best: Solution) -> None:
    """Measured by the solver's own arrays: the verifier refuses what they no longer prove."""
    form, duals, optimum = best.form, run.table("duals"), best.proof.objective_musd
    upper, rng = implied_upper_bounds(form), np.random.default_rng(5)
    nonzero = np.flatnonzero([best.prices[name][index] != 0.0 for name, index in form.rows])
    order = {name: rank for rank, name in enumerate(best.prices)}
    rows = sorted(nonzero.tolist(), key=lambda row: order[form.rows[row][0]])  # as the table has them
    lost = 0
    for place in rng.choice(len(rows), 40, replace=False).tolist():
        factor = float(rng.choice([0.0, 0.5, 2.0]))
        y = best.outcome.duals.copy()
        y[rows[place]] *= factor
        changed = duals["dual_musd"].to_numpy(dtype=float).copy()
        assert changed[place] == best.prices[form.rows[rows[place]][0]][form.rows[rows[place]][1]]
        changed[place] *= factor
        proven, _ = lower_bound(form, admissible(form, y, upper), upper)  # a price that is dust costs no proof
        derived = bound_of(with_duals(run, duals.assign(dual_musd=changed)))
        assert derived <= optimum * (1 + 1e-11)
        if proven < optimum * (1 - 1e-6):
            lost += 1
            assert derived < optimum * (1 - 1e-8), form.rows[rows[place]]
    assert lost > 20


def test_slices_of_a_month_share_its_proof(run: Run, best: Solution) -> None:
    """The month cut in a third and two thirds, alike in all else: rows by the hour have that part of their dual each."""
    duals, parts = run.table("duals"), {"1": 1.0 / 3.0, "2": 2.0 / 3.0}
    by_slice = (duals["slice"] != "").to_numpy(dtype=bool)
    cut = [duals[by_slice].assign(slice=name, dual_musd=duals["dual_musd"] * part) for name, part in parts.items()]
    both = with_duals(run, pd.concat([duals[~by_slice], *cut], ignore_index=True))
    assert bound_of(both, Thirds) == pytest.approx(best.proof.objective_musd, rel=1e-10)
    assert bound_of(run, Thirds) < 0.99 * best.proof.objective_musd


class Thirds(Hours):
    """Two slices of eight and sixteen hours, prices and availability alike in both."""

    def __init__(self, run: Run) -> None:
        super().__init__(run)
        self.slices = [(0, 0, 8), (0, 8, 16)]


def test_an_interior_point_proves_its_plan_too(tmp_path: Path) -> None:
    plan = rich_plan(tmp_path / "plan", ["months=14", "launch_price.usd_per_kg=100"])
    interior = solve(prepare(plan), SolverOptions(crossover=False))
    assert interior.outcome.basis is None
    verdict = verify(written(plan, interior, tmp_path / "interior"))
    assert verdict.ok, verdict.lines()
    assert verdict.lines()[0].startswith("optimal: dual bound")


def test_mode_energy_proves_that_no_plan_that_serves_as_much_costs_less(tmp_path: Path) -> None:
    """The price of the compute that is kept counts in the bound: another one, or none, proves less."""
    plan = rich_plan(tmp_path / "plan", ["months=3", "objective=energy", "launch_price.usd_per_kg=100"])
    run = written(plan, solve(prepare(plan)), tmp_path / "run")
    verdict = verify(run)
    assert verdict.ok, verdict.lines()
    assert verdict.optimal
    assert verdict.lines()[0].startswith("optimal among plans that serve as much: dual bound")
    manifest = json.loads((run / "manifest.json").read_text(encoding="utf-8"))
    held = manifest["solver"]["held"]
    assert held["musd_per_kh100e_month"] > 0.0
    changed = [
        ({"musd_per_kh100e_month": 0.5 * held["musd_per_kh100e_month"]}, {"optimal"}),
        ({"musd_per_kh100e_month": -1.0}, {"held", "optimal"}),
        ({"most_unserved_kh100e_months": 1.01 * held["most_unserved_kh100e_months"]}, {"held"}),
        ({"most_unserved_kh100e_months": None}, {"held", "optimal"}),
    ]
    for change, failed in changed:
        wrong = manifest | {"solver": manifest["solver"] | {"held": held | change}}
        (run / "manifest.json").write_text(json.dumps(wrong), encoding="utf-8")
        found = {check.name for check in verify(run, hashes=False).failed}
        assert failed <= found, (change, found)


@pytest.mark.slow
def test_no_cell_of_a_real_run_can_be_changed_unseen(folder: Path, tmp_path: Path) -> None:
    """Numbers by a thousandth and more, words by other words of their column. Of duals, what counts is the bound: see above."""
    copy, rng = Path(shutil.copytree(folder, tmp_path / "run")), random.Random(7)
    frames = {path: pd.read_csv(path, dtype=str, keep_default_na=False) for path in sorted((copy / "tables").glob("*.csv"))}
    cells = [
        (path, column)
        for path, frame in frames.items()
        for column in frame.columns
        if len(frame) and (path.stem, column) != ("duals", "dual_musd")
    ]
    unseen = []
    for number in range(400):
        path, column = cells[number % len(cells)]
        row = rng.randrange(len(frames[path]))
        before = frames[path].loc[row, column]
        after = other_cell(rng, before, frames[path][column])
        whole = path.read_bytes()
        changed = frames[path].copy()
        changed.loc[row, column] = after
        changed.to_csv(path, index=False)
        if verify(copy, hashes=False).ok:
            unseen.append((path.name, column, row, before, after))
        path.write_bytes(whole)
    assert not unseen


def other_cell(rng: random.Random, cell: str, column: pd.Series[str]) -> str:
    """Another number, or another word."""
    try:
        value = float(cell)
    except ValueError:
        return rng.choice([*sorted(set(column) - {cell}), cell + "x"])
    return f"{value + rng.choice((-1, 1)) * 10 ** rng.uniform(-3, 0) * max(abs(value), 0.01):.12g}"
