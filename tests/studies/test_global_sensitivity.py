"""All assumptions at once: indices that can be worked out by hand, and a sample whose plans are those of `--set`."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import planner.studies.global_sensitivity as study
from planner import api, cli
from planner.errors import UsageError
from planner.prepare.plan_data import prepare
from planner.solve.solution import solve
from planner.studies.assumptions import ESTIMATE, GROUPS, Assumption
from planner.write.answers import answer_lines
from tests.read.toy import write_plan

PROBLEM = {"num_vars": 3, "names": ["a", "b", "c"], "bounds": [[0.0, 1.0]] * 3}
needs_salib = pytest.mark.skipif(study._sampled is None, reason="the extra sensitivity is not installed")


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_plan(tmp_path_factory.mktemp("global"), months=2)


@pytest.fixture
def two_groups(monkeypatch: pytest.MonkeyPatch) -> None:
    few = {name: GROUPS[name] for name in ("demand", "prices of energy")}
    monkeypatch.setattr("planner.studies.assumptions.GROUPS", few)


def test_without_salib_it_says_how_to_install_it(plan: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(study, "_sampled", None)
    with pytest.raises(UsageError, match=r"pip install 'compute-planner\[sensitivity\]'"):
        api.global_sensitivity(plan, "morris", 4)


@needs_salib
def test_effects_of_a_sum_are_its_coefficients() -> None:
    """3 a - b over the whole range, c without effect; a group with a plan that has no optimum does not count."""
    drawn = study._sample(PROBLEM, study.MORRIS, 6, seed=1)
    values = drawn @ np.array([3.0, -1.0, 0.0])
    values[5] = np.nan
    found, groups = study._indices(PROBLEM, study.MORRIS, drawn, values, 4, seed=1)
    assert groups == 5
    assert found["mu"].tolist() == pytest.approx([3.0, -1.0, 0.0])
    assert found["mu_star"].tolist() == pytest.approx([3.0, 1.0, 0.0])
    assert found["sigma"].tolist() == pytest.approx([0.0, 0.0, 0.0], abs=1e-9)


@needs_salib
def test_shares_of_the_variance_of_a_sum_and_of_a_product() -> None:
    """Of 3 a + b a share of 9 in 10 and 1 in 10; of (a - 1/2) (b - 1/2) all is interaction."""
    drawn = study._sample(PROBLEM, study.SOBOL, 1024, seed=1)
    found, groups = study._indices(PROBLEM, study.SOBOL, drawn, drawn @ np.array([3.0, 1.0, 0.0]), 5, seed=1)
    assert groups == 1024
    assert found["first_order"].tolist() == pytest.approx([0.9, 0.1, 0.0], abs=0.02)
    assert found["total_order"].tolist() == pytest.approx([0.9, 0.1, 0.0], abs=0.02)
    product = (drawn[:, 0] - 0.5) * (drawn[:, 1] - 0.5)
    found, _ = study._indices(PROBLEM, study.SOBOL, drawn, product, 5, seed=1)
    assert found["first_order"].tolist() == pytest.approx([0.0, 0.0, 0.0], abs=0.05)
    assert found["total_order"].tolist() == pytest.approx([1.0, 1.0, 0.0], abs=0.05)
    assert study._indices(PROBLEM, study.SOBOL, drawn, np.ones(len(drawn)), 5, seed=1) == ({}, 1024)


@needs_salib
def test_each_plan_of_a_sample_is_what_set_makes_of_it(plan: Path, two_groups: None) -> None:
    found = api.global_sensitivity(plan, "morris", 2, 0.3)
    assert (len(found.samples), found.groups) == (6, 2)
    for row in found.samples.to_dict("records")[:2]:
        words = [f"demand.start_kh100e*={row['demand']:.12g}"]
        words += [f"{key}*={row['prices of energy']:.12g}" for key in GROUPS["prices of energy"]]
        assert row["objective_musd"] == pytest.approx(solve(prepare(api.load(plan, words))).proof.objective_musd, rel=1e-7)
    assert found.rows["headline"].iloc[0] == "cost_musd"
    first = found.rows[found.rows["headline"] == "objective_musd"]
    assert first["mu_star"].is_monotonic_decreasing
    assert "mean size (mu*)" in "\n".join(answer_lines(found))


@needs_salib
def test_the_command_keeps_its_points(
    plan: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("planner.studies.assumptions.GROUPS", {"demand": GROUPS["demand"]})
    words = ["sensitivity", str(plan), "--sobol", "2", "--of", "groups", "-o", str(tmp_path / "out")]
    assert cli.main(words) == 0
    assert "share of the variance" in capsys.readouterr().out
    names = ["global_sensitivity.csv", "global_sensitivity.json", "global_sensitivity.xlsx", "points", "samples.csv"]
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == names
    assert cli.main([*words, "--json"]) == 0
    assert '"kept": 5' in capsys.readouterr().out


@needs_salib
def test_usage(plan: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(UsageError, match="expected a power of two"):
        api.global_sensitivity(plan, "sobol", 6)
    with pytest.raises(UsageError, match="expected at most 10,000"):
        api.global_sensitivity(plan, "morris", 100_000)
    with pytest.raises(UsageError, match="expected morris or sobol"):
        api.global_sensitivity(plan, "fast", 4)
    assert cli.main(["sensitivity", str(plan), "--morris", "4", "--interactions"]) == 2
    assert "without --ends and --interactions" in capsys.readouterr().err


def test_a_whole_number_stays_one() -> None:
    lead = Assumption("lead", ESTIMATE, 2.0, 7.0, keys=("regions.commission_months",), whole=True)
    assert [lead.words(lead.between(share)) for share in (0.0, 0.5, 1.0)] == [
        (f"regions.commission_months={value}",) for value in (2, 4, 7)
    ]
