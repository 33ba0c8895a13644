"""A user's own limit: named in the first line of the verdict and not examined; whatever the verifier knows stays examined."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from planner.schema.glossary import SPENT
from planner.verify.hashes import edited
from planner.verify.verify import verify
from tests.verify.cells import append, failures, restate, rewrite
from tests.verify.toy import digest

NAMES = {"constraints": ["limit_water", "limit_noise"], "costs": ["water_fee"]}
DUAL = {"constraint": "limit_water", "place_id": "ohio", "month": "2028-01", "dual_musd": 0.25}
PRICE = {"constraint": "limit_water", "where": "somewhere", "month": "2028-01", "worth_usd": 250_000.0, "unit": "USD per m3"}


def own(run: Path, **changes: Any) -> dict[str, Any]:
    """The file of a user's own limits in a run folder, and what the manifest says of it."""
    path = run / "inputs" / "water.py"
    path.write_text("# rows of water\n")
    return {"file": f"limits/{path.name}", "sha256": digest(path), **NAMES, **changes}


@pytest.fixture
def watered(run: Path) -> Path:
    """The toy run with a priced limit and a cost that the verifier does not know; nothing says so yet."""
    append(run / "tables" / "limits.csv", **PRICE | {"month": "2027-01", "limit": 3.0, "rent_musd": 0.75})
    fee = {"place_id": "texas", "item_id": "water", "month": "2027-01", "component": "water_fee"}
    append(run / "tables" / "costs.csv", **fee, cost_musd=2.0, discounted_musd=2.0)
    append(run / "tables" / "cash.csv", place_id="texas", item_id="water", component="water_fee", year=2027, cash_musd=2.0)
    nominal = pd.read_csv(run / "tables" / "nominal.csv")
    level = float(nominal.loc[nominal["year"] == 2027, "price_level"].iloc[0])
    paid = {"cash_musd": 2.0, "price_level": level, "nominal_musd": 2.0 * level}
    append(run / "tables" / "nominal.csv", component="water_fee", year=2027, **paid)
    headline(run, "cash_nominal", float(nominal.loc[nominal["component"] != "chips", "nominal_musd"].sum()) + 2.0 * level)
    headline(run, "cost", costs_musd(run))
    headline(run, "cash_running", cash_musd(run))
    headline(run, "limit_2", 250_000.0)  # ranked as any other: more than the second of the toy, less than the first
    solver = json.loads((run / "manifest.json").read_text())["solver"]
    restate(run, solver=solver | {key: solver[key] + 2.0 for key in ("objective_musd", "dual_objective_musd")})
    return run


def headline(run: Path, key: str, value: float) -> None:
    """Rewrite a headline."""
    path = run / "tables" / "summary.csv"
    rewrite(path, pd.read_csv(path)["key"].tolist().index(key), "value", f"{value:.12g}")


def costs_musd(run: Path) -> float:
    """All costs of a run but unserved compute, discounted."""
    costs = pd.read_csv(run / "tables" / "costs.csv")
    return float(costs.loc[costs["component"] != "unserved", "discounted_musd"].sum())


def cash_musd(run: Path) -> float:
    """What a run pays but for capital and chips."""
    cash = pd.read_csv(run / "tables" / "cash.csv")
    return float(cash.loc[~cash["component"].isin([*SPENT, "chips"]), "cash_musd"].sum())


def test_what_nobody_knows_fails(watered: Path) -> None:
    assert failures(verify(watered, hashes=False)) >= {"costs.component", "limits.where"}
    assert verify(watered, hashes=False).unverified == ()


def test_what_the_manifest_names_is_told_first_and_not_examined(watered: Path) -> None:
    restate(watered, own_limits=[own(watered)])
    verdict = verify(watered, hashes=False)
    assert verdict.ok, verdict.lines()
    assert verdict.unverified == ("limit_water", "limit_noise", "water_fee")
    assert verdict.lines()[0] == "verified but for: limit_water, limit_noise, water_fee, optimality"
    assert verdict.lines()[-1] == verdict.passed
    assert verdict.to_dict()["unverified"] == ["limit_water", "limit_noise", "water_fee"]


def test_an_own_cost_is_part_of_the_objective(watered: Path) -> None:
    """It is taken as written: another amount no longer adds up, and its discounting is examined."""
    restate(watered, own_limits=[own(watered)])
    row = len(pd.read_csv(watered / "tables" / "costs.csv")) - 1
    rewrite(watered / "tables" / "costs.csv", row, "cost_musd", "3.0")
    assert failures(verify(watered, hashes=False)) == {"costs.discounted_musd", "cash.cash_musd"}
    rewrite(watered / "tables" / "costs.csv", row, "discounted_musd", "3.0")
    assert failures(verify(watered, hashes=False)) == {"objective", "summary.value", "cash.cash_musd"}


def test_a_known_limit_stays_examined_whatever_the_manifest_says(watered: Path) -> None:
    names = {"constraints": ["limit_water", "limit_shell_growth"], "costs": ["water_fee", "halls"]}
    restate(watered, own_limits=[own(watered, **names)])
    rewrite(watered / "inputs" / "regions.csv", 0, "shell_step_mw_per_month", "3")
    verdict = verify(watered, hashes=False)
    assert failures(verdict) == {"manifest.own_limits", "limit_shell_growth"}
    told = {check.sentence for check in verdict.failed if check.name == "manifest.own_limits"}
    assert {sentence.partition("names ")[2].split(",")[0] for sentence in told} == {"'limit_shell_growth'", "'halls'"}
    assert verdict.lines()[0] == "not examined: limit_water, water_fee"
    assert verdict.lines()[-1] == f"not verified: 3 of {len(verdict.checks)} checks failed"


@pytest.mark.sampled(2)
@pytest.mark.parametrize(
    "stated",
    [
        {"limit_water": {}},
        ["limit_water"],
        [{"sha256": "0", **NAMES}],
        [{"file": "a.py", **NAMES}],
        [{"file": "a.py", "sha256": "0", "costs": ["water_fee"]}],
        [{"file": "a.py", "sha256": "0", **NAMES, "constraints": "limit_water"}],
        [{"file": "a.py", "sha256": "0", **NAMES, "costs": [1]}],
    ],
)
def test_own_limits_that_are_not_well_formed_excuse_nothing(watered: Path, stated: object) -> None:
    restate(watered, own_limits=stated)
    verdict = verify(watered, hashes=False)
    assert failures(verdict) >= {"manifest.own_limits", "costs.component", "limits.where"}
    assert verdict.unverified == ()


def test_the_file_of_own_limits_is_the_one_that_was_solved(run: Path) -> None:
    restate(run, own_limits=[own(run)])
    assert verify(run).ok
    manifest = json.loads((run / "manifest.json").read_text())
    assert edited(run, manifest) == ""
    (run / "inputs" / "water.py").write_text("# rows of wine\n")
    assert failures(verify(run)) == {"hashes.own_limits"}
    assert edited(run, manifest) == "not as its run wrote it: inputs/water.py was changed after it was written"
    (run / "inputs" / "water.py").unlink()
    assert [check.sentence for check in verify(run).failed] == ["water.py is missing"]


def test_the_price_of_an_own_limit_leaves_the_proof_open(priced: Path) -> None:
    """Without a price the rows known suffice; with one the plan is not proven, and nothing fails for it."""
    restate(priced, own_limits=[own(priced, costs=[])])
    assert verify(priced, hashes=False).lines()[1].startswith("optimal: dual bound")
    append(priced / "tables" / "duals.csv", **DUAL)
    append(priced / "tables" / "limits.csv", **PRICE, limit=0.0, rent_musd=0.0)
    verdict = verify(priced, hashes=False)
    assert verdict.ok, verdict.lines()
    unproven = "not proven optimal: 1 own limit has a price, of coefficients that the verifier does not know (limit_water)"
    assert verdict.lines()[:2] == ["verified but for: limit_water, limit_noise, optimality", unproven]
    assert "reduced_costs" not in {check.name for check in verdict.checks}
    restate(priced, own_limits=[own(priced)])
    also = "; own costs, which the verifier does not know (water_fee)"
    assert verify(priced, hashes=False).lines()[1] == unproven + also
    restate(priced, own_limits=[])
    assert failures(verify(priced, hashes=False)) >= {"duals.constraint", "limits.where", "limits.worth_usd"}
