"""`planner explain` on a whole run: limits, what is not used, the catalogue, words and JSON."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from planner import api
from planner.cli import main
from planner.progress import Progress
from planner.studies.explain.catalogue import catalogue
from planner.studies.explain.estimates import Effect
from planner.studies.explain.limits import binding_limits, bracketed, limits_of
from planner.studies.explain.reopened import OpenRun, open_run
from planner.studies.explain.report import explain_run
from planner.studies.explain.unused import forced_in, unused_power
from planner.tables.result import summary_of
from planner.write.text.explain import explanation_lines, model_lines
from planner.write.text.layout import USUAL
from planner.write.text.why import why_lines
from tests.read.toy import write_plan


@contextmanager
def said(capsys: pytest.CaptureFixture[str]) -> Iterator[list[str]]:
    """What was printed to stdout and stderr inside."""
    capsys.readouterr()
    lines: list[str] = []
    yield lines
    lines += list(capsys.readouterr())


def test_the_price_of_every_limit_lies_between_one_unit_more_and_one_less(run: OpenRun) -> None:
    limits = binding_limits(limits_of(run))
    assert len(limits) > 5
    for limit in bracketed(run, limits, Progress()):
        assert limit.more_usd is not None
        assert limit.more_usd <= limit.worth_usd * (1 + 1e-6) + 1e-3, limit
        assert limit.less_usd is None or limit.worth_usd <= limit.less_usd * (1 + 1e-6) + 1e-3, limit


def test_a_runner_up_enters_below_the_price_that_it_needs(tmp_path: Path) -> None:
    """Engines at a hundredfold price are left out; at 99 % of the price told they are built, at 101 % they are not."""
    path = write_plan(tmp_path, months=6, orbit=False)
    dear = "options[gas_engine].capex_usd_per_kw=150000"
    opened = open_run(api.run(api.load(path, [dear]), tmp_path / "run").folder)
    items = forced_in(opened, unused_power(opened), Progress())
    assert {item.item for item in items} == {"gas_engine"}
    for item in items:  # a plan with it costs at least what prices say
        assert item.solved_usd is not None
        assert 0 <= item.gap_usd <= item.solved_usd * (1 + 1e-6) + 1e-3, item
    needed = max(item.price_needed for item in items if item.price_needed is not None)
    for factor, enters in ((0.99, True), (1.01, False)):
        price = f"options[gas_engine].capex_usd_per_kw={needed * factor}"
        built = api.solve(api.load(path, [price])).tables["power"].query("option_id == 'gas_engine'")["build_mw"].sum()
        assert (built > 1e-6) == enters, factor


def test_words_fit_the_terminal_and_name_every_limit(run: OpenRun, found: list[Effect]) -> None:
    lines = explanation_lines(replace(explain_run(run), effects=found))
    lines += [line for place in ("ohio", "bavaria", *run.data.designs) for line in _place(run, place)]
    lines += model_lines(catalogue())
    assert not [line for line in lines if len(line) > USUAL]


def _place(run: OpenRun, place: str) -> list[str]:
    return why_lines(api.why(run.folder, f"place={place},month={run.data.months[-1]}"))


def test_the_catalogue_holds_every_constraint_of_the_model(run: OpenRun) -> None:
    rules = {rule.name: rule for chapter in catalogue() for rule in chapter.rules}
    assert {name for name, _ in run.solution.form.rows} <= set(rules)
    for rule in rules.values():
        assert rule.over, rule.name
        assert rule.formula, rule.name
        assert rule.why, rule.name
        assert "USD" in rule.dual, rule.name


def test_json_has_the_same_keys_always(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with said(capsys) as lines:
        assert main(["explain", str(folder), "--limits", "1", "--json"]) == 0
    record = json.loads(lines[0])
    keys = "plan boundary mode vertex notices remedies limits kinds never_short regions unused projects orbit".split()
    keys += ["effects", "effects_by_quality", "effects_by_source"]
    assert [*record] == ["command", "status", "exit_code", "folder", *keys, "out"]
    assert record["limits"][0]["more_usd"] is not None
    assert record["limits"][1]["more_usd"] is None
    with said(capsys) as lines:
        assert main(["explain", str(folder), "--why", "region=ohio,month=2028-02", "--json"]) == 0
    record = json.loads(lines[0])
    keys = "question notices rows prices limits options unit value account orbit inputs".split()
    assert [*record] == ["command", "status", "exit_code", "folder", *keys]


def test_tables_go_to_a_folder(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out"
    assert main(["explain", str(folder), "--limits", "0", "--out", str(out), "--quiet"]) == 0
    assert capsys.readouterr().out.strip() == str(out)
    assert {path.stem for path in out.iterdir()} >= {"limits", "kinds", "regions", "unused"}


def test_the_model_is_explained_without_a_run(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "--model"]) == 0
    assert "limit_power_growth" in capsys.readouterr().out
    assert main(["explain"]) == 2
    assert main(["explain", "x", "--model"]) == 2


def test_a_run_without_its_optimum_is_solved_again_and_says_so(folder: Path, run: OpenRun, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(folder, copy)
    (copy / "optimum.npz").unlink()
    again = open_run(copy)
    assert "not kept" in again.notices[0]
    assert again.solver is not None
    assert again.solution.proof.objective_musd == pytest.approx(run.solution.proof.objective_musd, rel=1e-9)
    (copy / "optimum.npz").write_bytes(b"not an archive")
    assert "not kept" in open_run(copy).notices[0]


def test_a_run_whose_inputs_were_changed_is_solved_again_and_says_so(folder: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(folder, copy)
    path = copy / "inputs" / "plan.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("doubling_months: ", "doubling_months: 1"), encoding="utf-8")
    edited, changed = open_run(copy).notices
    assert edited.endswith("is not as its run wrote it: inputs/plan.yaml was changed after it was written")
    assert "have changed" in changed


def test_an_edited_table_is_named_in_the_first_lines(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(folder, copy)
    path = copy / "tables" / "power.csv"
    path.write_bytes(path.read_bytes() + b"\n")
    words = "is not as its run wrote it: tables/power.csv was changed after it was written"
    for more in ([], ["--why", f"region=ohio,month={open_run(copy).data.months[-1]}"]):
        assert main(["explain", str(copy), *more]) == 0
        assert words in " ".join(capsys.readouterr().out.split())[:500]
        assert main(["explain", str(copy), *more, "--json"]) == 0
        assert words in json.loads(capsys.readouterr().out)["notices"][0]


def test_an_interior_point_is_told_without_ranges(folder: Path, run: OpenRun, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(folder, copy)
    np.savez_compressed(copy / "optimum.npz", values=run.solution.outcome.values, duals=run.solution.outcome.duals)
    interior = open_run(copy)
    assert "interior point" in interior.notices[0]
    told = explain_run(interior)
    assert told.limits
    assert all(limit.more_usd is None and limit.less_usd is None for limit in told.limits)
    assert {limit.worth_usd for limit in told.limits} == {limit.worth_usd for limit in explain_run(run).limits}
    assert not any("Solved again" in line for line in explanation_lines(told))


def test_prices_of_mode_energy_are_those_with_the_same_compute(tmp_path: Path) -> None:
    """Taken up again, they are those that the run wrote. There are no remedies, which would count all they relieve at them."""
    path = write_plan(tmp_path, plan={"objective": "energy"})
    folder = api.run(api.load(path), tmp_path / "run").folder
    run = open_run(folder)
    assert not run.notices
    found = explain_run(run, estimates=True)
    written = pd.read_csv(folder / "tables" / "limits.csv")
    assert sorted(limits_of(run)["worth_usd"]) == pytest.approx(sorted(written["worth_usd"]))
    assert found.limits
    assert found.effects
    assert found.remedies == []
    dearest = next(line.value for line in summary_of(run.plan, run.solution) if line.key == "dearest_compute")
    assert found.record()["dearest_usd_per_h100e_h"] == dearest
    assert any("while as much compute" in line for line in explanation_lines(found))
    answer = api.why(folder, f"region=ohio,month={run.data.months[-1]}")
    assert len(answer.rows["fleet"])
    assert answer.prices["compute_usd_per_h100e_h"] > 0
    assert why_lines(answer)


@pytest.mark.slow
def test_twenty_limits_of_the_starting_plan_are_bracketed(tmp_path: Path) -> None:
    """On a plan of real size: each price between the differences for one unit less and one unit more."""
    assert main(["new", str(tmp_path / "plan"), "--quiet"]) == 0
    run = open_run(api.run(api.load(tmp_path / "plan" / "plan.yaml"), tmp_path / "run").folder)
    limits = bracketed(run, binding_limits(limits_of(run))[:20], Progress())
    assert len(limits) == 20
    for limit in limits:
        assert limit.more_usd is not None
        assert limit.less_usd is not None
        assert limit.more_usd * (1 - 1e-6) - 1e-2 <= limit.worth_usd <= limit.less_usd * (1 + 1e-6) + 1e-2, limit
