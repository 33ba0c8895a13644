"""A time limit: a feasible plan, a bound that no plan undercuts, and never the word optimal."""

from __future__ import annotations

import dataclasses
import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from models import REGISTER
from planner import verify
from planner.api import load, solve as api_solve
from planner.check.checks import check
from planner.check.time_limit import columns_about
from planner.cli import main
from planner.codes import Remark
from planner.deadline import Deadline
from planner.errors import InfeasibleError, TimeLimitError
from planner.prepare.plan_data import prepare
from planner.progress import Progress
from planner.solve.bounds import admissible, implied_upper_bounds, lower_bound
from planner.solve.compile.form import Form
from planner.solve.highs import Solver, SolverOptions
from planner.solve.incumbent import find_incumbent, with_retirement_limits
from planner.solve.reduce import equal_columns
from planner.solve.reduce.hints import ADDED
from planner.solve.solution import prove, solve, standard_form
from planner.solve.stages import StagedPlan, Stages, stage_months
from planner.solve.worker import AbandonedError
from planner.verify.verify import verify as judge
from tests.limited import tried
from tests.models.toy import toy
from tests.read.toy import write_plan

MONTHS = 20
ROOT = Path(__file__).parents[2]
REFERENCE, TEMPLATE = ROOT / "inputs" / "reference.yaml", ROOT / "planner" / "new" / "plan.yaml"


def silent(_: str) -> None:
    """Nobody watches."""


@pytest.fixture(scope="module")
def form() -> Form:
    return standard_form(toy(MONTHS), Progress())[1]


@pytest.fixture(scope="module")
def best(form: Form) -> float:
    outcome = Solver(form, SolverOptions(algorithm="simplex")).minimise(form.cost, form.offset)
    assert outcome.status == "optimal"
    return outcome.objective


def test_no_vertex_exceeds_the_bounds_that_rows_imply(form: Form) -> None:
    """Each column as large as it can be: the bounds hold, and those of a single row are met."""
    upper = implied_upper_bounds(form)
    chance = np.random.default_rng(20270101)
    for _ in range(40):
        cost = np.where(np.isfinite(upper), -chance.random(len(upper)) * (chance.random(len(upper)) < 0.1), 1.0)
        outcome = Solver(form, SolverOptions(algorithm="simplex")).minimise(cost, 0.0)
        assert outcome.status == "optimal"
        assert (outcome.values <= upper * (1 + 1e-9) + 1e-7).all()
    named = {name for (name, _), bound in zip(form.columns, upper.tolist(), strict=True) if bound == np.inf}
    assert named <= {"unserved_core"}  # priced, and asked for by a row alone


def test_any_duals_bound_the_optimum(form: Form, best: float) -> None:
    upper = implied_upper_bounds(form)
    optimal = Solver(form, SolverOptions(algorithm="simplex")).minimise(form.cost, form.offset).duals
    assert lower_bound(form, optimal, upper)[0] == pytest.approx(best, rel=1e-9)
    chance = np.random.default_rng(20270101)
    for size in (1e-3, 1e-1, 1.0, 10.0):
        for _ in range(10):
            duals = optimal * (1.0 + size * chance.standard_normal(len(optimal)))
            assert lower_bound(form, admissible(form, duals, upper), upper)[0] <= best * (1 + 1e-9)
            anything = admissible(form, size * chance.standard_normal(len(optimal)), upper)
            assert -np.inf < lower_bound(form, anything, upper)[0] <= best
    assert lower_bound(form, 0.9 * optimal, upper)[0] > 0.5 * best


def test_a_plan_in_stages_is_one_and_good_prices_make_it_better(form: Form, best: float) -> None:
    stages = Stages(form, MONTHS, silent)
    optimal = Solver(form, SolverOptions(algorithm="simplex")).minimise(form.cost, form.offset)
    costs = []
    for duals in (np.zeros(len(form.rows)), optimal.duals):
        plan = stages.plan(duals)
        assert plan is not None
        assert plan.stages == 2
        optimal.values = plan.values
        proof = prove(form, optimal)
        assert proof.primal_residual < 1e-9
        assert proof.objective_musd >= best * (1 - 1e-9)
        costs.append(proof.objective_musd)
    assert costs[1] < costs[0]


def test_a_plan_for_which_there_is_no_time_adds_nothing(form: Form, best: float) -> None:
    """But what is required of it."""
    plan = Stages(form, MONTHS, silent).plan(np.zeros(len(form.rows)), Deadline(0.0))
    assert plan is not None
    assert (plan.stages, plan.until) == (MONTHS, 0)
    added = {key for key, value in zip(form.columns, plan.values.tolist(), strict=True) if key[0] in ADDED and value > 0}
    required = [number for number, (name, _) in enumerate(form.rows) if REGISTER[name].kind == "requirement"]
    assert added <= {form.columns[j] for j in form.by_rows[required].indices.tolist()}
    outcome = Solver(form, SolverOptions(algorithm="simplex")).minimise(form.cost, form.offset)
    proof = prove(form, dataclasses.replace(outcome, values=plan.values))
    assert proof.primal_residual < 1e-9
    assert proof.objective_musd > best


def test_months_for_which_there_was_no_time_go_on_from_those_decided(form: Form, best: float) -> None:
    optimal = Solver(form, SolverOptions(algorithm="simplex")).minimise(form.cost, form.offset)
    stages, asked = Stages(form, MONTHS, silent), list[int]()
    real = stages._stage

    def until_month_6(values: Any, duals: Any, first: int, until: int, *more: Any) -> bool | None:
        asked.append(first)
        return False if len(more) == 1 and more[0].limited and first > 6 else real(values, duals, first, until, *more)

    stages._stage = until_month_6  # type: ignore[method-assign]
    plan = stages._plan(optimal.duals, 3, Deadline(600.0), 0.0)
    assert plan is not None
    assert (plan.stages, plan.until) == (2 + MONTHS - 6, 6)
    assert (asked[:3], set(asked[3:])) == ([1, 4, 7], {*range(7, MONTHS + 1)})
    proof = prove(form, dataclasses.replace(optimal, values=plan.values))
    assert proof.primal_residual < 1e-9
    assert proof.objective_musd >= best * (1 - 1e-9)


def test_where_what_is_signed_must_be_built_it_is() -> None:
    """Requirements are met in months that add nothing, by the columns that they speak of."""
    data = prepare(load(TEMPLATE, ["months=12"]))
    assert any(data.committed_mw.values())
    solution = solve(data, SolverOptions(time_limit_s=0.0))
    assert solution.outcome.status == "time_limit"
    for (r, p, t), mw in data.committed_mw.items():
        if t <= 12:
            assert solution.values["build_mw"][r, p, t] >= mw * (1 - 1e-9)


def test_duals_of_stages_for_which_there_was_time_bound_too(form: Form, best: float) -> None:
    upper = implied_upper_bounds(form)
    nothing = Stages(form, MONTHS, silent).duals(upper, Deadline(0.0))
    assert nothing is not None
    assert not nothing.any()
    for rows in (0.3, 0.6):
        duals = Stages(form, MONTHS, silent).duals(upper)
        assert duals is not None
        duals[int(rows * len(duals)) :] = 0.0
        assert -np.inf < lower_bound(form, admissible(form, duals, upper), upper)[0] <= best * (1 + 1e-9)


def test_a_solver_that_does_not_stop_is_left_behind(form: Form, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its program is not touched again: another solve of it has no time."""

    def deaf(*_: object) -> None:
        raise AbandonedError

    solver = Solver(form, SolverOptions(time_limit_s=5.0))
    monkeypatch.setattr(solver._worker, "run", deaf)
    for message in ("it did not stop at its time limit", "there was no time"):
        outcome = solver.minimise(form.cost, form.offset)
        assert (outcome.status, outcome.message) == ("time_limit", message)
        assert not outcome.values.any()
        solver.limit_seconds(10.0)


def test_a_limit_too_short_for_the_size_of_a_plan_is_named_before_anything_is_built() -> None:
    large, small = load(REFERENCE, ["look_ahead_months=0"]), load(TEMPLATE)
    (notice,) = (one for one in check(large, deadline=Deadline(0.0)) if one.code is Remark.W_TIME_LIMIT)
    assert str(notice).startswith("--time-limit 0: warning: a plan of about 1")
    assert "needs about" in str(notice)
    for plan, seconds in ((large, 60.0), (large, None), (small, 0.0)):
        assert not [one for one in check(plan, deadline=Deadline(seconds)) if one.code is Remark.W_TIME_LIMIT]
    for plan in (large, small):
        data = prepare(plan)
        assert columns_about(data) == pytest.approx(standard_form(data, Progress())[1].shape[1], rel=0.25)


@pytest.mark.parametrize("words", [(), ("slices=4",)])
def test_the_limit_holds_from_reading_on(words: tuple[str, ...]) -> None:
    """Within a tenth and three seconds; on a machine that is busy with other work, as here, twice that."""
    for seconds in (0.0, 2.0):
        deadline = Deadline(seconds)
        solve(prepare(load(TEMPLATE, ["months=12", *words])), SolverOptions(), Progress(), deadline)
        assert deadline.spent < 2.0 * (1.1 * seconds + 3.0)


def test_an_infeasible_plan_is_one_under_a_limit_too() -> None:
    plan = load(TEMPLATE, ["months=6", "unserved=forbidden"])
    for seconds in (0.0, 600.0):
        with pytest.raises((InfeasibleError, TimeLimitError)) as caught:
            api_solve(plan, time_limit_s=seconds)
        assert caught.value.exit_code == (4 if seconds else 6)


@pytest.mark.slow
def test_what_a_limit_leaves_is_a_plan_with_a_true_gap() -> None:
    found = list(tried(12, seed=3))
    assert [str(one) for one in found if one.wrong] == []
    assert sum(one.status == "time_limit" for one in found) >= 4


@pytest.mark.sampled(1)
@pytest.mark.parametrize("length", [1, 2, 3])
def test_no_stage_takes_what_the_year_has_for_all(length: int) -> None:
    """A nation's growth is limited by the year, and half of it stands before the year ends."""
    data = prepare(load(REFERENCE, ["months=6", "look_ahead_months=0"]))
    form = standard_form(data, Progress())[1]
    plan = Stages(form, 6, silent)._plan(np.zeros(form.shape[0]), length)
    assert plan is not None
    assert plan.stages == 6 / length
    outcome = Solver(form, SolverOptions()).minimise(form.cost, form.offset)
    outcome.values = plan.values
    assert prove(form, outcome).primal_residual < 1e-9


@pytest.mark.parametrize(
    ("months", "columns", "length"),
    [(36, 100_000, 12), (36, 400_000, 3), (12, 50_000, 6), (12, 250_000, 3), (120, 100, 12), (1, 100, 1)],
)
def test_stages_are_short_where_months_are_large(months: int, columns: int, length: int) -> None:
    assert stage_months(months, columns) == length


def test_the_last_iterate_bounds_and_prices(form: Form, best: float) -> None:
    """Stopped anywhere, an interior point leaves duals whose bound holds; near the end it is tight."""
    outcome = Solver(form, SolverOptions(crossover=False)).minimise(form.cost, form.offset)
    kept = find_incumbent(form, outcome, MONTHS, silent)
    assert kept is not None
    assert best * (1 - 1e-6) <= kept.bound_musd <= best * (1 + 1e-9)
    assert float(form.cost @ kept.values) + form.offset >= kept.bound_musd * (1 - 1e-9)


def test_slices_that_nothing_tells_apart_take_no_time() -> None:
    """Stages of a program with one slice for all; its plan and its prices hold for every one of them."""
    data = prepare(load(TEMPLATE, ["months=6", "slices=8"]))
    form = standard_form(data, Progress())[1]
    step = equal_columns.reduce(form)
    assert step is not None
    assert step.form.shape[1] < 0.6 * form.shape[1]
    outcome = Solver(form, SolverOptions(crossover=False)).minimise(form.cost, form.offset)
    for share, near in ((1.0, 1e-4), (0.9, 1.0), (0.0, 1.0)):
        kept = find_incumbent(form, dataclasses.replace(outcome, duals=share * outcome.duals), 6, silent)
        assert kept is not None
        assert prove(form, dataclasses.replace(outcome, values=kept.values)).primal_residual < 1e-9
        assert (1 - near) * outcome.objective <= kept.bound_musd <= outcome.objective * (1 + 1e-7)
        if kept.duals is not None:
            proven = lower_bound(form, kept.duals, implied_upper_bounds(form))[0]
            assert proven >= kept.bound_musd - 1e-6 * abs(kept.bound_musd)
        assert kept.duals is not None or share < 1.0


def test_no_plan_in_stages_retires_what_has_just_arrived() -> None:
    """An optimum never does, with or without the limit in every place; by wrong prices a plan in stages would."""
    form = standard_form(prepare(load(TEMPLATE, ["months=12"])), Progress())[1]
    limited = with_retirement_limits(form)
    added = limited.shape[0] - form.shape[0]
    best, same = (Solver(each, SolverOptions()).minimise(each.cost, each.offset) for each in (form, limited))
    assert same.objective == pytest.approx(best.objective, rel=1e-9)
    draw, broken = np.random.default_rng(1), []
    for noise in (0.0, 0.03, 0.1, 0.3, 1.0):
        duals = best.duals * (1.0 + noise * draw.standard_normal(form.shape[0]))
        for each, more in ((form, 0), (limited, added)):
            plan = Stages(each, 12, silent).plan(np.append(duals, np.zeros(more)))
            assert plan is not None
            broken.append((more, (limited.by_rows[form.shape[0] :] @ plan.values).max()))
    assert max(most for more, most in broken if more == 0) > 1.0
    assert max(most for more, most in broken if more > 0) < 1e-6


@pytest.mark.parametrize("mode", ["value", "energy"])
def test_with_time_enough_the_limit_changes_nothing(mode: str) -> None:
    data = toy(6, mode=mode)
    plain, limited = (solve(data, SolverOptions(time_limit_s=seconds)) for seconds in (None, 600.0))
    assert limited.outcome.status == "optimal"
    assert (limited.outcome.basis is not None) == (mode == "value")
    assert limited.proof.objective_musd == pytest.approx(plain.proof.objective_musd, rel=1e-9)
    assert max(limited.proof.gap, limited.proof.primal_residual, limited.proof.dual_residual) < 1e-9


def test_mode_energy_keeps_nothing() -> None:
    with pytest.raises(TimeLimitError, match="no plan is kept, as always in mode `energy`") as caught:
        solve(toy(mode="energy"), SolverOptions(time_limit_s=0.0))
    assert caught.value.exit_code == 6


def test_no_plan_in_stages_is_an_error_and_no_plan(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Stages, "plan", lambda self, duals, deadline: None)
    with pytest.raises(TimeLimitError, match="no feasible plan was found in stages; no plan is kept"):
        solve(toy(6), SolverOptions(time_limit_s=0.0))


def test_a_plan_in_stages_that_violates_a_limit_is_not_handed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    real = Stages.plan
    monkeypatch.setattr(
        Stages, "plan", lambda self, duals, deadline: StagedPlan(real(self, duals, deadline).values + 1.0, 2, 6)
    )  # type: ignore[union-attr]
    with pytest.raises(TimeLimitError, match=r"violates a limit by .*, relative; no plan is kept"):
        solve(toy(6), SolverOptions(time_limit_s=0.0))


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same plan twice: `best` without a limit, `kept` without any time."""
    folder = tmp_path_factory.mktemp("runs")
    plan = write_plan(folder / "plan", months=MONTHS)
    assert main(["run", str(plan), "--out", str(folder / "best"), "--quiet"]) == 0
    assert main(["run", str(plan), "--out", str(folder / "kept"), "--time-limit", "0"]) == 6
    return folder


def test_no_time_at_all(runs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit 6; what is written is judged feasible, its gap holds the optimum, and it is called optimal nowhere."""
    assert verify(runs / "kept").ok
    best, kept = (json.loads((runs / name / "manifest.json").read_text(encoding="utf-8")) for name in ("best", "kept"))
    assert kept["solver"]["status"] == "time_limit"
    least, cost = kept["solver"]["dual_objective_musd"], kept["solver"]["objective_musd"]
    assert 0 <= least <= best["solver"]["objective_musd"] <= cost
    assert kept["solver"]["relative_gap"] == pytest.approx(1 - least / cost)
    (line,) = (line for line in kept["summary"] if line["key"] == "optimality_gap")
    assert line["value"] == kept["solver"]["relative_gap"]
    assert line["text"].startswith("Feasible, but a limit of 0 s proves no optimum; ")
    assert "proven optimal" not in json.dumps(kept)
    assert not (runs / "kept" / "optimum.npz").exists()
    assert main(["explain", str(runs / "kept")]) == 2
    assert "stopped at its time limit" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("key", "value", "check"),
    [
        ("relative_gap", 0.0, "manifest.relative_gap"),
        ("status", "optimal", "dual_bound"),
        ("status", "fine", "manifest.status"),
        ("dual_objective_musd", 1e9, "dual_bound"),
    ],
)
def test_the_judge_takes_no_gap_on_trust(key: str, value: object, check: str, runs: Path, tmp_path: Path) -> None:
    out = tmp_path / "kept"
    shutil.copytree(runs / "kept", out)
    path = out / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    manifest["solver"][key] = value
    path.write_text(json.dumps(manifest), encoding="utf-8")
    assert check in {each.name for each in judge(out, hashes=False).checks if not each.ok}


@pytest.mark.parametrize("seconds", ["-1", "nan", "inf", "soon"])
def test_seconds_that_are_none(seconds: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "plan.yaml", f"--time-limit={seconds}"]) == 2
    assert "expected a number of seconds" in capsys.readouterr().err
