"""Limits of a user's own: the three examples of the documentation, and what is refused."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from models import OWN_FILES, PRICES, REGISTER
from planner import api
from planner.cli import main
from planner.errors import InputError, UsageError

ROOT = Path(__file__).parents[1]
MONTHS = ["months=15"]  # a plan year and a part of one
PAGE = (ROOT / "docs" / "own-limits.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module", autouse=True)
def _register() -> Iterator[None]:
    """Other tests find the register as the planner ships it."""
    yield
    for name in OWN_FILES:
        REGISTER.pop(name)
        PRICES.pop(name, None)
    OWN_FILES.clear()


def plan_with(folder: Path, *names: str) -> Path:
    """The starting plan with some of the examples."""
    shutil.copytree(ROOT / "planner" / "new", folder)
    shutil.copytree(ROOT / "docs" / "own_limits", folder / "limits")
    listed = "".join(f"  - file: limits/{name}.py\n    tables: {{{name}: limits/{name}.csv}}\n" for name in names)
    plan = folder / "plan.yaml"
    plan.write_text(plan.read_text(encoding="utf-8") + "own_limits:\n" + listed, encoding="utf-8")
    return plan


def solved(plan: Path, out: Path) -> api.Run:
    return api.run(api.load(plan, MONTHS, own_limits=True), out)


@pytest.fixture(scope="module")
def without(tmp_path_factory: pytest.TempPathFactory) -> api.Result:
    return api.solve(api.load(ROOT / "planner" / "new" / "plan.yaml", MONTHS))


@pytest.fixture(scope="module")
def water(tmp_path_factory: pytest.TempPathFactory) -> api.Run:
    folder = tmp_path_factory.mktemp("water")
    return solved(plan_with(folder / "plan", "water"), folder / "run")


def objective(result: api.Result) -> float:
    return float(result.record["solver"]["objective_musd"])


def test_water_is_kept_and_has_a_price(water: api.Run, without: api.Result) -> None:
    power = water.tables["power"]
    texas = power[power["region_id"] == "us_ercot_texas"].groupby(power["month"].str[:4])["energy_mwh"].sum()
    used = 1.8 * texas
    assert used["2027"] == pytest.approx(1_500_000, rel=1e-6)
    assert used["2028"] <= 1_500_000 * 3 / 12 * (1 + 1e-6)  # part of a year, part of the water
    limits = water.tables["limits"]
    price = limits[(limits["constraint"] == "limit_water") & (limits["month"] == "2027-12")]
    assert price["unit"].tolist() == ["USD per m3"]
    assert price["worth_usd"].item() > 0
    assert objective(water.result) > objective(without) + 1.0


def test_one_more_cubic_metre_saves_what_its_price_says(water: api.Run, tmp_path: Path) -> None:
    plan = plan_with(tmp_path / "plan", "water")
    table = plan.parent / "limits" / "water.csv"
    table.write_text(table.read_text().replace("1500000", "1500100"))
    more = api.solve(api.load(plan, MONTHS, own_limits=True))
    duals = water.tables["duals"]
    duals = duals[duals["constraint"] == "limit_water"].set_index("month")["dual_musd"]
    expected = 100 * duals.get("2027-12", 0.0) + 25 * duals.get("2028-03", 0.0)
    assert objective(water.result) - objective(more) == pytest.approx(expected, rel=1e-3)


def test_the_verdict_names_what_was_not_verified(water: api.Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert water.verdict.ok
    assert water.verdict.unverified == ("limit_water",)
    assert api.lines(water)[0] == water.verdict.lines()[0] == "verified but for: limit_water, optimality"
    assert "limit_water" in (water.folder / "report.html").read_text(encoding="utf-8")
    record = json.loads((water.folder / "manifest.json").read_text(encoding="utf-8"))["own_limits"]
    assert [(each["file"], each["constraints"], each["costs"]) for each in record] == [("water.py", ["limit_water"], [])]
    assert main(["verify", str(water.folder)]) == 0
    assert capsys.readouterr().out.splitlines()[0] == "verified but for: limit_water, optimality"


def test_a_run_is_run_again_from_its_own_inputs(water: api.Run, tmp_path: Path) -> None:
    again = api.run(api.load(water.folder / "inputs" / "plan.yaml", own_limits=True), tmp_path / "again")
    for name, table in water.tables.items():
        pd.testing.assert_frame_equal(table, again.tables[name], check_exact=name != "duals", obj=name)


def test_explain_prices_it_on_both_sides(water: api.Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", str(water.folder), "--own-limits", "--limits", "30"]) == 0
    assert "water" in capsys.readouterr().out
    assert main(["explain", str(water.folder)]) == 2
    assert "--own-limits" in capsys.readouterr().err


@pytest.mark.slow
def test_two_openings_a_year(tmp_path: Path) -> None:
    run = solved(plan_with(tmp_path / "plan", "openings"), tmp_path / "run")
    halls = run.tables["halls"]
    american = halls[halls["region_id"].str.startswith("us_")]
    built = american.groupby(american["month"].str[:4])["build_shell_mw"].sum()
    assert built["2027"] <= 80 * (1 + 1e-6)
    assert built["2028"] <= 80 * 3 / 12 * (1 + 1e-6)
    limits = run.tables["limits"]
    assert (limits["constraint"] == "limit_openings").any()
    costs = run.tables["costs"][run.tables["costs"]["component"] == "openings"]
    assert costs[costs["month"] == "2027-01"]["cost_musd"].sum() == pytest.approx(2 * 3.0, rel=1e-6)
    assert set(costs["month"]) <= {"2027-01", "2028-01"}
    assert json.loads((run.folder / "manifest.json").read_text())["own_limits"][0]["costs"] == ["openings"]


@pytest.mark.slow
def test_a_maker_keeps_its_chips(tmp_path: Path, without: api.Result) -> None:
    run = solved(plan_with(tmp_path / "plan", "makers_halls", "water"), tmp_path / "run")
    assert run.verdict.unverified == ("limit_makers_halls", "limit_water")

    def nameplate(fleet: pd.DataFrame) -> pd.Series:
        of_maker = fleet[fleet["generation_id"] == "vr_nvl72"]
        return of_maker.groupby("place_id")["it_nameplate_mw"].max()

    most = nameplate(run.tables["fleet"]).drop("dawn_dusk", errors="ignore")
    assert most.get("us_ohio", 0.0) <= 30 * (1 + 1e-6)
    assert most.get("fi_hamina", 0.0) <= 20 * (1 + 1e-6)
    assert most.drop(["us_ohio", "fi_hamina"], errors="ignore").sum() == pytest.approx(0.0, abs=1e-6)
    assert nameplate(without.tables["fleet"]).get("us_ohio", 0.0) > 30


def test_nothing_is_executed_without_leave(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plan = plan_with(tmp_path / "plan", "water")
    mark = tmp_path / "executed"
    code = plan.parent / "limits" / "water.py"
    code.write_text(f"open({str(mark)!r}, 'w').close()\n" + code.read_text())
    assert main(["check", str(plan)]) == 0
    assert main(["run", str(plan), "--out", str(tmp_path / "run")]) == 2
    assert "limits/water.py" in capsys.readouterr().err
    with pytest.raises(UsageError, match="--own-limits"):
        api.solve(api.load(plan))
    assert not mark.exists()
    assert not (tmp_path / "run").exists()


SPOILT = [
    ("def prepare", "def prepare(:\n\ndef prepare", r"water\.py:\d+:\d+: is not Python"),
    ("needs = ", "amout()\nneeds = ", r"water\.py:\d+: NameError: name 'amout' is not defined"),
    ('needs = ("power",)', 'needs = ("powr",)', r"water\.py: needs powr: expected names of blocks"),
    ("def limit_water", "def limit_carbon", r"water\.py: limit_carbon is the name of another constraint"),
    ('account="its water",\n', 'account="",\n', r"limit_water: expected what it is called in an account"),
    ("return {r: two", "return {r: 1 / 0", r"water\.py:\d+: ZeroDivisionError"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "message"), SPOILT)
def test_what_is_wrong_in_a_file_has_a_line(tmp_path: Path, old: str, new: str, message: str) -> None:
    plan = plan_with(tmp_path / "plan", "water")
    code = plan.parent / "limits" / "water.py"
    text = code.read_text()
    assert old in text
    code.write_text(text.replace(old, new, 1))
    with pytest.raises(InputError, match=message):
        api.solve(api.load(plan, ["months=2"], own_limits=True))


@pytest.mark.parametrize(
    ("declared", "message"),
    [
        ("m.serve = pyo.Var()", "water.py: serve: expected a name that the planner's model does not use"),
        ("m.wet = pyo.Var(bounds=(0, 1))", "water.py: wet: expected variables made by models.index.columns"),
        (
            "m.dry = pyo.Constraint(expr=m.water_m3['us_ercot_texas', 1] >= 0)",
            "water.py: dry: expected constraints decorated with models.rows.rows",
        ),
    ],
)
def test_what_the_arrays_would_not_hold_is_refused(tmp_path: Path, declared: str, message: str) -> None:
    plan = plan_with(tmp_path / "plan", "water")
    code = plan.parent / "limits" / "water.py"
    code.write_text(code.read_text().replace("\n\n\n@rows(", f"\n    {declared}\n\n\n@rows(", 1))
    with pytest.raises(InputError, match=message):
        api.solve(api.load(plan, ["months=2"], own_limits=True))


def test_a_row_says_when_it_is(tmp_path: Path) -> None:
    plan = plan_with(tmp_path / "plan", "water")
    code = plan.parent / "limits" / "water.py"
    code.write_text(code.read_text().replace("d.plan_year.get,", "lambda t: f'year {d.plan_year[t]}',", 1))
    with pytest.raises(InputError, match=r"limit_water\[.*year 1.*: expected a month t from 1, a plan year y"):
        api.solve(api.load(plan, ["months=2"], own_limits=True))


def test_names_in_its_tables_must_exist(tmp_path: Path) -> None:
    plan = plan_with(tmp_path / "plan", "water")
    table = plan.parent / "limits" / "water.csv"
    table.write_text(table.read_text().replace("us_ercot_texas", "us_ercot_texs"))
    with pytest.raises(InputError, match=r"water\.csv:2:1: region_id = us_ercot_texs.*did you mean us_ercot_texas"):
        api.load(plan, own_limits=True)
    table.unlink()
    with pytest.raises(InputError, match="no such file"):
        api.load(plan, own_limits=True)


def test_a_file_outside_the_plan_is_refused(tmp_path: Path) -> None:
    plan = plan_with(tmp_path / "plan", "water")
    shutil.move(plan.parent / "limits" / "water.py", tmp_path / "water.py")
    plan.write_text(plan.read_text().replace("limits/water.py", "../water.py"))
    with pytest.raises(InputError, match=r"\.\./water\.py: expected a path inside"):
        api.load(plan, own_limits=True)


def test_the_page_shows_the_plan_that_is_tested(tmp_path: Path) -> None:
    stated = re.search(r"```yaml\n(own_limits:.*?)```", PAGE, re.DOTALL)
    assert stated is not None
    assert plan_with(tmp_path / "plan", "water").read_text(encoding="utf-8").endswith(stated.group(1))
    for name in re.findall(r"`(\w+\.py)` \|", PAGE):
        assert (ROOT / "docs" / "own_limits" / name).is_file()


def test_a_plan_without_own_limits_knows_none_of_them() -> None:
    code = "from planner import load, solve; import models; "
    code += "solve(load('planner/new/plan.yaml', ['months=1'])); print(models.OWN_FILES)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stdout.strip() == "{}"
