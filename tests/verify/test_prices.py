"""Duals and prices: what the table of duals may hold, what limits are worth, and what a time limit or a manifest may say."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from planner.api import load
from planner.prepare.plan_data import prepare
from planner.tables.dark import dark_table
from planner.verify.verdict import Verdict
from planner.verify.verify import verify
from tests.read.toy import write_plan
from tests.verify.cells import append, failures, nudge, restate, rewrite


def names_of(verdict: Verdict, name: str) -> list[str]:
    """Sentences of the checks of a name that fail, with the place in front."""
    return [f"{check.place}: {check.sentence}" for check in verdict.failed if check.name == name]


def solver(run: Path, **changes: Any) -> None:
    """Change what the manifest says of the solver."""
    restate(run, solver=json.loads((run / "manifest.json").read_text())["solver"] | changes)


def first(path: Path, **cells: str) -> int:
    """The first row of a table that has these cells."""
    frame = pd.read_csv(path, dtype=str, keep_default_na=False)
    return int(np.argmax(np.logical_and.reduce([frame[column] == value for column, value in cells.items()])))


@pytest.mark.parametrize(
    ("cells", "where"),
    [
        ({"constraint": "house_chips", "place_id": "atlantis", "month": "2028-01"}, "atlantis / 2028-01"),
        ({"constraint": "house_chips", "place_id": "ohio", "option_id": "grid", "month": "2028-01"}, "ohio / grid / 2028-01"),
        ({"constraint": "respect_capacity", "place_id": "ohio", "option_id": "grid", "month": "2028-01", "slice": "2"}, ""),
        ({"constraint": "respect_capacity", "place_id": "ohio", "option_id": "grid", "month": "2028-01"}, ""),
        ({"constraint": "limit_launch_mass"}, ""),
    ],
)
def test_a_dual_of_no_row_is_a_finding(priced: Path, cells: dict[str, str], where: str) -> None:
    append(priced / "tables" / "duals.csv", **cells, dual_musd=1.0)
    verdict = verify(priced, hashes=False)
    told = f"duals holds a row of {cells['constraint']} that the plan does not have"
    assert names_of(verdict, "duals.row") == [f"{where or ' / '.join(list(cells.values())[1:])}: {told}"]


def test_a_limit_has_no_negative_price_but_noise(priced: Path) -> None:
    """Noise of the solver is read as zero; a balance may have either sign."""
    path = priced / "tables" / "duals.csv"
    frame = pd.read_csv(path, dtype=str, keep_default_na=False)
    slack = {"constraint": "limit_network", "place_id": "ohio", "month": "2028-01"}
    assert slack["constraint"] not in set(frame["constraint"])
    append(path, **slack, dual_musd=-1e-7)
    assert verify(priced, hashes=False).ok
    rewrite(path, len(frame), "dual_musd", "-0.001")
    assert names_of(verify(priced, hashes=False), "duals.sign") == [
        "ohio / 2028-01: limit_network has a price below zero, -0.001"
    ]
    assert (pd.read_csv(path).query("constraint == 'conserve_capacity'")["dual_musd"] < 0).any()


def test_every_price_is_listed_once_in_its_unit(priced: Path) -> None:
    path = priced / "tables" / "limits.csv"
    whole = path.read_text()
    rewrite(path, 0, "unit", "USD per acre")
    assert failures(verify(priced, hashes=False)) == {"limits.unit"}
    path.write_text("\n".join(whole.splitlines()[:-1]) + "\n")
    assert "limits.worth_usd" in failures(verify(priced, hashes=False))
    path.write_text(whole)
    nudge(path, 0, "worth_usd")
    assert {"limits.worth_usd", "limits.rent_musd"} <= failures(verify(priced, hashes=False))


def test_a_plan_that_a_time_limit_left_has_a_bound_and_no_prices(priced: Path, tmp_path: Path) -> None:
    solver(priced, status="time_limit", relative_gap=0.0)
    assert names_of(verify(priced, hashes=False), "limits.worth_usd") == [
        ": limits holds prices, and a plan that is not the best has none"
    ]
    tables = {name: priced / "tables" / f"{name}.csv" for name in ("limits", "nations", "league", "summary", "remedies")}
    frames = {name: pd.read_csv(path, dtype=str, keep_default_na=False) for name, path in tables.items()}
    frames["limits"], frames["remedies"] = frames["limits"].iloc[:0], frames["remedies"].iloc[:0]
    for name in ("nations", "league"):
        marginal = [column for column in frames[name] if column.startswith(("marginal", "envelope_usd"))]
        frames[name][marginal] = ""
    told = {name: pd.read_csv(priced / "tables" / f"{name}.csv") for name in ("chips", "halls", "power")}
    frames["dark"] = dark_table(prepare(load(write_plan(tmp_path / "plan"))), told | {"limits": frames["limits"]})
    tables["dark"] = priced / "tables" / "dark.csv"
    of_prices = ("limit_", "remedy_", "firm_value", "dark_power", "dark_halls", "dark_idle")
    frames["summary"] = frames["summary"][~frames["summary"]["key"].str.startswith(of_prices)]
    for name, path in tables.items():
        frames[name].to_csv(path, index=False)
    manifest = json.loads((priced / "manifest.json").read_text())
    restate(priced, summary=[line for line in manifest["summary"] if not line["key"].startswith(of_prices)])
    verdict = verify(priced, hashes=False)
    assert verdict.ok, verdict.lines()
    assert verdict.lines()[0].startswith("feasible: dual bound")
    rewrite(tables["league"], 0, "marginal_usd_per_mwh", "50")
    assert failures(verify(priced, hashes=False)) == {"league.marginal_usd_per_mwh"}
    frames["league"].to_csv(tables["league"], index=False)

    objective = manifest["solver"]["objective_musd"]
    solver(priced, relative_gap=0.1)
    assert failures(verify(priced, hashes=False)) == {"manifest.relative_gap"}
    solver(priced, relative_gap=0.1, dual_objective_musd=0.9 * objective)
    assert failures(verify(priced, hashes=False)) == {"summary.value"}  # the gap of its headlines; the duals prove more
    solver(priced, dual_objective_musd=1.1 * objective)
    assert "dual_bound" in failures(verify(priced, hashes=False))
    solver(priced, status="stopped")
    assert "manifest.status" in failures(verify(priced, hashes=False))


def test_headlines_are_told_alike_in_both_places(priced: Path) -> None:
    manifest = json.loads((priced / "manifest.json").read_text())
    words = [dict(line) for line in manifest["summary"]]
    words[1]["text"] += "!"
    restate(priced, summary=words)
    (told,) = names_of(verify(priced, hashes=False), "summary.copies")
    assert told.startswith(": row 3 of tables/summary.csv is (")
    for summary in (manifest["summary"][:-1], [*manifest["summary"][:-1], "no headline"], [*manifest["summary"], "one more"]):
        restate(priced, summary=summary)
        assert "summary.copies" in failures(verify(priced, hashes=False))


def test_a_split_of_trade_is_what_its_pool_is(priced: Path) -> None:
    path = priced / "tables" / "trade.csv"
    rewrite(path, first(path, split="whole"), "split", "pro_rata")
    (told,) = names_of(verify(priced, hashes=False), "trade.split")
    assert told.endswith("trade calls the split 'pro_rata', it is 'whole'")


def test_a_better_plan_is_seen_where_costs_fall(priced: Path) -> None:
    """The tables of the old optimum beside cheaper power: what was paid no longer follows, and it is not the best."""
    path = priced / "inputs" / "power.csv"
    rewrite(path, first(path, region_id="ohio", option_id="grid"), "energy_usd_per_mwh", "1")
    assert {"costs.energy", "optimal"} <= failures(verify(priced, hashes=False))


def test_a_launch_that_is_not_priced_is_a_finding(priced: Path) -> None:
    """Each design has a row for every month in which some chip is in stock."""
    path = priced / "tables" / "entry.csv"
    *lines, last = path.read_text().splitlines(keepends=True)
    path.write_text("".join(lines))
    (told,) = names_of(verify(priced, hashes=False), "entry.rows")
    assert told == f": entry has no row {' / '.join(last.split(',')[:2])}"
