"""Actuals: what happened decides what the next plan starts with, opening and flows give the closing stock, nothing vanishes."""

from __future__ import annotations

import dataclasses
import json
import random
import re
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from planner import api
from planner.cli import main as command_line
from planner.errors import InputError, UsageError
from planner.findings import Findings
from planner.prepare.plan_data import prepare
from planner.schema.cycle import FLOWS
from planner.studies.roll.actuals import Planned, blank_table, read_actuals
from planner.studies.roll.rolled import Past, open_past, roll_past
from planner.write.folder.result_folder import write_run
from planner.write.folder.study import write_rolled
from planner.write.text.roll import rolled_lines

TO = "2027-04"
COUNTED = ("installed", "dark", "capacity")
ROWS = ["month", "kind", "place_id", "item_id", "value"]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The starting plan on half a year, with a book in which power ends, may slip, and has a lead time."""
    plan = tmp_path_factory.mktemp("plan") / "new"
    api.new(plan)
    (plan / "tables" / "commitments.csv").write_text(
        """region_id,option_id,month,build_mw,close_mw,until_month,slip_usd_per_mw_month,status,source,quality
us_ohio,grid,2027-02,10,0,2027-05,,confirmed,ends within the plan,estimate
us_miso_iowa,grid,2027-02,30,0,,90000,approved,may slip,estimate
us_ohio,fuel_cell,2027-03,3,0,,,confirmed,before its lead time,estimate
fr_paris,halls,2027-02,4,0,,,confirmed,halls,estimate
""",
        encoding="utf-8",
    )
    found = api.solve(
        api.load(plan / "plan.yaml", ["months=6", "look_ahead_months=1", "power[us_ohio,fuel_cell].lead_months=4"])
    )
    return write_run(found, tmp_path_factory.mktemp("run") / "january", workbook=False)


@pytest.fixture(scope="module")
def past(run: Path) -> Past:
    return open_past(run, TO)


@pytest.fixture(scope="module")
def planned(past: Past) -> pd.DataFrame:
    """Every row of a blank file, with what was planned."""
    table = blank_table(past.planned, past.k)
    return pd.DataFrame({name: table.columns[name] for name in (*ROWS[:4], "planned")})


@pytest.fixture(scope="module")
def amounts(planned: pd.DataFrame) -> pd.Series[float]:
    """What was planned, by month, kind, place and item."""
    return planned.set_index(ROWS[:4])["planned"]


def rolled(past: Past, frame: pd.DataFrame, folder: Path) -> Path:
    """The plan of April with these actuals."""
    folder.mkdir(exist_ok=True)
    frame.to_csv(folder / "actuals.csv", index=False)
    write_rolled(folder / "april", roll_past(past, folder / "actuals.csv"))
    return folder / "april"


def with_freeze(past: Past, months: int) -> Past:
    plan = past.run.plan
    settings = plan.settings.model_copy(update={"freeze_months": months})
    return dataclasses.replace(past, run=dataclasses.replace(past.run, plan=dataclasses.replace(plan, settings=settings)))


def actual(*rows: tuple[object, ...]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=ROWS)


def taken(folder: Path) -> pd.DataFrame:
    return pd.read_csv(folder / "tables" / "stock_take.csv").set_index(["stock", "place_id", "item_id"])


def cell(folder: Path, table: str, column: str, **key: str) -> tuple[float, str]:
    """A number of the new plan and where it comes from."""
    frame = pd.read_csv(folder / "tables" / f"{table}.csv")
    row = frame[(frame[list(key)] == list(key.values())).all(axis=1)].iloc[0]
    return float(row[column]), str(row["source"])


def test_what_happened_as_planned_changes_nothing(run: Path, past: Past, planned: pd.DataFrame, tmp_path: Path) -> None:
    """Every row filled in with its plan, and months frozen: the months to come cost what they cost before."""
    before = pd.concat([pd.read_csv(run / name / "costs.csv") for name in ("tables", "look_ahead")])
    before = before[before["month"] >= TO]
    folder = rolled(with_freeze(past, 3), planned.assign(value=planned["planned"]), tmp_path)
    result = api.solve(api.load(folder / "plan.yaml"))
    after = pd.concat([result.tables["costs"], result.look_ahead["costs"]])
    as_of_april = before["discounted_musd"].sum() * 1.08 ** (3 / 12)
    assert after["discounted_musd"].sum() == pytest.approx(as_of_april, rel=1e-9)
    stocks = taken(folder)
    assert "unexplained" not in stocks
    assert "late" not in stocks
    assert "actual 2027-03" in cell(folder, "power", "start_mw", region_id="us_ohio", option_id="grid")[1]


def test_power_that_is_late_is_ordered_for_the_new_start(past: Past, amounts: pd.Series[float], tmp_path: Path) -> None:
    """Ten MW until May, three MW with a lead time: both have not come. Thirty that may slip have come by half."""
    ohio = amounts["2027-02", "started", "us_ohio", "grid"]
    iowa = amounts["2027-02", "started", "us_miso_iowa", "grid"]
    folder = rolled(
        past,
        actual(
            ("2027-02", "started", "us_ohio", "grid", ohio - 10),
            ("2027-03", "started", "us_ohio", "fuel_cell", 0),
            ("2027-02", "started", "us_miso_iowa", "grid", iowa - 5),
        ),
        tmp_path,
    )
    book = pd.read_csv(folder / "tables" / "commitments.csv").set_index(["region_id", "option_id", "month"])
    late = book.loc["us_ohio", "grid", TO]
    assert (late["build_mw"], late["until_month"], late["status"]) == (pytest.approx(10), "2027-05", "confirmed")
    assert "late, actual 2027-02, planned 2027-03" in late["source"]
    assert book["status"]["us_ohio", "grid", "2027-02"] == "cancelled"
    assert book["build_mw"]["us_ohio", "fuel_cell", TO] == pytest.approx(3)
    slipped = book.loc["us_miso_iowa", "grid", TO]
    assert (slipped["status"], slipped["slip_usd_per_mw_month"]) == ("approved", 90000)
    stocks = taken(folder)
    assert stocks["late"]["power", "us_ohio", "grid"] == pytest.approx(10)
    assert cell(folder, "power", "start_mw", region_id="us_ohio", option_id="fuel_cell")[0] == 0
    plan = api.load(folder / "plan.yaml")
    assert not [notice for notice in api.check(plan) if notice.impossible]


def test_chips_that_are_late_are_delivered_with_the_first(run: Path, past: Past, planned: pd.DataFrame, tmp_path: Path) -> None:
    """Half the deliveries, and so half the chips that left stock: the rest is due in April."""
    halved = planned[planned["kind"].isin(["delivered", "deployed"]) & (planned["item_id"] == "gb300_nvl72")]
    folder = rolled(past, halved.assign(value=halved["planned"] / 2), tmp_path)
    missing = halved.loc[halved["kind"] == "delivered", "planned"].sum() / 2
    due = cell(folder, "deliveries", "kunit", generation_id="gb300_nvl72", month=TO)
    was = pd.read_csv(run / "inputs" / "deliveries.csv").set_index(["generation_id", "month"])["kunit"]["gb300_nvl72", TO]
    assert due[0] == pytest.approx(was + missing)
    assert "late, actual 2027-03" in due[1]
    stocks = taken(folder)
    assert stocks["late"]["dark", "*", "gb300_nvl72"] == pytest.approx(missing)
    deployed = halved.loc[halved["kind"] == "deployed", "planned"].sum() / 2
    assert stocks["closing"]["dark", "*", "gb300_nvl72"] == pytest.approx(4 + missing - deployed)


def test_what_was_counted_is_there_and_the_difference_is_named(past: Past, amounts: pd.Series[float], tmp_path: Path) -> None:
    """Halls flooded in Paris, chips missing in Iowa, more asked in the east: each has its source."""
    iowa = amounts["2027-03", "installed", "us_miso_iowa", "h100_sxm"]
    asked = amounts["2027-03", "demand", "us_east", "training"]
    folder = rolled(
        past,
        actual(
            ("2027-03", "installed", "us_miso_iowa", "h100_sxm", iowa - 2),
            ("2027-03", "retired", "fr_paris", "halls", 7),
            ("2027-03", "demand", "us_east", "training", 1.2 * asked),
        ),
        tmp_path,
    )
    stocks = taken(folder)
    assert stocks["unexplained"].dropna().to_dict() == {("chips", "us_miso_iowa", "h100_sxm"): pytest.approx(-2)}
    fleet = pd.read_csv(folder / "tables" / "fleet.csv")
    there = fleet[(fleet["region_id"] == "us_miso_iowa") & (fleet["generation_id"] == "h100_sxm")]
    assert there["kunit"].sum() == pytest.approx(iowa - 2)
    assert there["source"].str.endswith("actual 2027-03").all()
    assert stocks["retired"]["halls", "fr_paris", "halls"] == pytest.approx(-7)
    plain = roll_past(past).tables["demand"].set_index(["zone_id", "class_id"])["start_kh100e"]
    demand = cell(folder, "demand", "start_kh100e", zone_id="us_east", class_id="training")
    assert demand[0] == pytest.approx(1.2 * plain["us_east", "training"])
    assert "actual 2027-03" in demand[1]
    verdict = api.verify(write_run(api.solve(api.load(folder / "plan.yaml")), tmp_path / "run", workbook=False))
    assert verdict.ok, verdict.lines()


def test_months_that_are_frozen_are_ordered_as_published(past: Past, tmp_path: Path) -> None:
    """Two months of what the plan builds; a later month is open."""
    frozen = roll_past(with_freeze(past, 2))
    assert frozen.settings["freeze_months"] == 2
    plain, book = roll_past(past).tables["commitments"], frozen.tables["commitments"]
    added = book[book["source"] == "frozen, planned 2027-03"]
    built = pd.read_csv(past.run.folder / "tables" / "power.csv").set_index(["region_id", "option_id", "month"])["build_mw"]
    assert len(book) == len(plain) + len(added) > len(plain)
    assert set(added["month"]) <= {"2027-04", "2027-05"}
    assert set(added["status"]) == {"confirmed"}
    for r, p, month, mw in added[["region_id", "option_id", "month", "build_mw"]].itertuples(index=False, name=None):
        assert mw == pytest.approx(built[r, p, month])
    write_rolled(tmp_path / "april", frozen)
    write_rolled(tmp_path / "plain", roll_past(past))
    april, free = (api.load(tmp_path / name / "plan.yaml") for name in ("april", "plain"))
    assert not [notice for notice in api.check(april) if notice.impossible]
    for name in ("step_mw", "shell_step_mw"):  # an order that fills the pace does not come on top of it
        pace, before = getattr(prepare(april), name), getattr(prepare(free), name)
        assert {key: pace[key] for key in before} == pytest.approx(before)


def test_an_actual_far_from_the_plan_is_warned_of(past: Past, amounts: pd.Series[float], tmp_path: Path) -> None:
    asked = amounts["2027-01", "demand", "us_east", "training"]
    far = actual(("2027-01", "demand", "us_east", "training", 10.5 * asked), ("2027-01", "failed", "us_ohio", "h100_sxm", 0.0))
    far.to_csv(tmp_path / "actuals.csv", index=False)
    (warning,) = roll_past(past, tmp_path / "actuals.csv").notices
    assert warning.endswith("check its unit and decimal point [W-ACTUAL-FAR]")
    assert "actuals.csv:2:5: warning: " in warning
    settings = past.run.plan.settings.model_copy(update={"allow": ("W-ACTUAL-FAR",)})
    plan = dataclasses.replace(past.run.plan, settings=settings)
    planned = Planned(plan, past.run.solution, past.calendar, past.planned._written)
    allowed = dataclasses.replace(past, planned=planned)
    assert roll_past(allowed, tmp_path / "actuals.csv").notices == ()
    near = actual(("2027-01", "demand", "us_east", "training", 9.5 * asked))
    near.to_csv(tmp_path / "near.csv", index=False)
    assert roll_past(past, tmp_path / "near.csv").notices == ()


def test_what_cannot_have_happened_is_refused_by_cell_and_all_at_once(past: Past, tmp_path: Path) -> None:
    wrong = actual(
        ("2027-05", "started", "us_ohio", "grid", 1),
        ("2027-02", "started", "us_ohoi", "grid", 1),
        ("2027-02", "began", "us_ohio", "grid", 1),
        ("2027-02", "started", "in_mumbai", "fuel_cell", 1),
        ("2027-02", "served", "us_east", "training", -1),
    )
    with pytest.raises(InputError) as refused:
        rolled(past, wrong, tmp_path)
    told = [str(each).partition("actuals.csv:")[2] for each in refused.value.findings]
    regions = "expected a name of table regions, for what is started"
    assert told == [
        "2:1: month = 2027-05: expected a month from 2027-01 to 2027-03, before the start of the new plan [E-ACTUAL]",
        f"3:3: place_id = us_ohoi: {regions} (did you mean us_ohio?) [E-NAME-UNKNOWN]",
        *[line for line in told if line.startswith("4:2: kind = began: expected one of delivered")],
        "5:4: item_id = fuel_cell: expected an option that in_mumbai has in table power [E-ACTUAL]",
        "6:5: value = -1: expected a number >= 0 [E-CELL-VALUE]",
    ]
    units = actual(("2027-02", "installed", "us_ohio", "h100_sxm", 60_000)).assign(unit="units")
    with pytest.raises(InputError, match=r"actuals.csv:2:\d: unit = units: expected kunit, for what is installed of h100_sxm"):
        rolled(past, units, tmp_path)
    with pytest.raises(
        InputError, match=r"actuals.csv:2:5: gb300_nvl72: by the end of 2027-01, .* state what was deployed"
    ) as found:
        rolled(past, actual(("2027-01", "delivered", "*", "gb300_nvl72", 0)), tmp_path)
    (text,) = map(str, found.value.findings)
    parts = re.findall(r"(\w+) ([\d.]+) as planned", text)
    due = {x: n for (x, g, t), n in past.run.solution.values["deploy"].items() if (g, t) == ("gb300_nvl72", 1) and n > 1e-6}
    assert {x: float(n) for x, n in parts} == pytest.approx(due, rel=1e-5)
    assert "a cell that is left empty counts as planned" in text
    assert not (tmp_path / "april").exists()


def test_power_that_cannot_have_closed_is_refused_for_every_site_at_once(past: Past, tmp_path: Path) -> None:
    wrong = actual(*(("2027-01", "retired", region, "grid", 9_000) for region in ("us_ohio", "fr_paris", "us_ercot_texas")))
    with pytest.raises(InputError) as refused:
        rolled(past, wrong, tmp_path)
    told = [str(each).partition("actuals.csv:")[2] for each in refused.value.findings]
    names = [f"{row}:5: {region} / grid" for row, region in ((2, "us_ohio"), (3, "fr_paris"), (4, "us_ercot_texas"))]
    assert [line.partition(": ")[0] + ": " + line.split(": ")[1] for line in told] == names


def test_a_price_in_another_currency_needs_the_rate_of_the_plan(past: Past, amounts: pd.Series[float], tmp_path: Path) -> None:
    """50 EUR at 1.1 USD each are 55 USD; without that rate the way out is named."""
    price = actual(("2027-01", "price", "fr_paris", "grid", 50.0)).assign(unit="EUR/MWh")
    with pytest.raises(InputError, match=r"unit = EUR/MWh: expected USD/MWh, .* state money.currency: EUR and money.usd_per"):
        rolled(past, price, tmp_path)
    other = actual(("2027-01", "energy", "fr_paris", "grid", 50.0)).assign(unit="EUR/kg")
    with pytest.raises(InputError, match=r"unit = EUR/kg: expected MWh, for what is energy of grid \["):
        rolled(past, other, tmp_path)
    money = past.run.plan.settings.money.model_copy(update={"currency": "EUR", "usd_per_currency": 1.1})
    plan = dataclasses.replace(past.run.plan, settings=past.run.plan.settings.model_copy(update={"money": money}))
    planned = Planned(plan, past.run.solution, past.calendar, past.planned._written)
    price.to_csv(tmp_path / "price.csv", index=False)
    (read,) = read_actuals(tmp_path / "price.csv", planned, past.k, Findings(), [])
    assert read.value == pytest.approx(55.0)


def test_a_workbook_without_any_value_is_taken_as_planned(run: Path, tmp_path: Path) -> None:
    book = api.blank_actuals(run, TO, tmp_path / "actuals.xlsx")
    said = " ".join(rolled_lines(api.roll(run, TO, tmp_path / "april", actuals=book)))
    assert "0 actuals read" in said
    assert "without a value, taken as planned: " in said


def test_a_blank_workbook_names_each_cell_that_is_left_open(
    run: Path, planned: pd.DataFrame, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    book = tmp_path / "actuals.xlsx"
    assert command_line(["roll", str(run), "--to", TO, "--blank-actuals", str(book)]) == 0
    assert "--actuals" in capsys.readouterr().out
    opened = openpyxl.load_workbook(book)
    sheet = opened["actuals"]
    head = [one.value for one in sheet[1]]
    assert sheet.max_row == len(planned) + 1
    assert all(row[head.index("value")].value is None for row in sheet.iter_rows(min_row=2))
    for row in sheet.iter_rows(min_row=3):
        row[head.index("value")].value = row[head.index("planned")].value
    opened.save(book)
    found = api.roll(run, TO, tmp_path / "april", actuals=book)
    (missing,) = found.missing
    assert missing.startswith(f"{book}:actuals!F2: no value of delivered * ")
    assert "1 row without a value, taken as planned: 1 delivered" in " ".join(rolled_lines(found))
    with pytest.raises(UsageError, match="exists: give the name of a new workbook"):
        api.blank_actuals(run, TO, book)
    assert command_line(["roll", str(run), "--to", TO]) == 2
    capsys.readouterr()
    assert command_line(["roll", str(run), "--to", TO, "--out", str(tmp_path / "again"), "--json"]) == 0
    stocks = json.loads(capsys.readouterr().out)["stock_take"]
    (ohio,) = (each for each in stocks if (each["stock"], each["place_id"], each["item_id"]) == ("power", "us_ohio", "grid"))
    assert ohio["closing"] == pytest.approx(ohio["opening"] + ohio["started"])


def happened(planned: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Deliveries that slip, halls that fail, chips that die, more demand, some counts, and rows that are left open."""
    rng = random.Random(seed)
    part = {g: rng.choice([1.0, 1.0, 0.5, 0.0]) for g in sorted(set(planned["item_id"]))}

    def value(kind: str, item: str, was: float) -> float | None:
        if kind in COUNTED:
            return was * rng.choice([1.0, 0.98, 1.01]) if rng.random() < 0.1 else None
        if kind in ("delivered", "deployed"):
            return was * part[item]
        if kind == "started":
            return was * rng.choice([1.0, 0.0, 0.5, 1.1])
        if kind in ("retired", "failed"):
            return was * rng.choice([1.0, 0.0, 3.0]) if part.get(item) == 1.0 else None
        return was * rng.uniform(0.8, 1.3)

    columns = planned[["kind", "item_id", "planned"]].itertuples(index=False, name=None)
    frame = planned.assign(value=[value(*row) for row in columns])
    flood = actual(("2027-02", "retired", rng.choice(["us_ohio", "fr_paris"]), "halls", rng.uniform(0, 20)))
    return pd.concat([frame[ROWS], flood], ignore_index=True)


@pytest.mark.parametrize("seed", range(20))
def test_nothing_vanishes_whatever_happened(past: Past, planned: pd.DataFrame, tmp_path: Path, seed: int) -> None:
    stated = happened(planned, seed)
    stated.to_csv(tmp_path / "actuals.csv", index=False)
    found = roll_past(past, tmp_path / "actuals.csv")
    stocks = found.tables["stock_take"].set_index(["stock", "place_id", "item_id"])
    flows = stocks[[name for name in (*FLOWS, "unexplained") if name in stocks]].astype(float).fillna(0.0).sum(axis=1)
    assert (stocks["opening"] + flows - stocks["closing"]).abs().max() < 2e-6
    counted = stated[stated["kind"].isin(COUNTED) & stated["value"].notna()]
    if "unexplained" in stocks:
        named = {key[1:] for key in stocks["unexplained"].dropna().index}
        assert named <= set(counted[["place_id", "item_id"]].itertuples(index=False, name=None))
    for stock, table in (("chips", "fleet"), ("under_way", "arrivals")):
        held = found.tables[table].groupby(["region_id", "generation_id"])["kunit"].sum()
        closing = stocks["closing"].xs(stock)
        assert held.reindex(closing.index).fillna(0.0).astype(float).to_numpy() == pytest.approx(
            closing.to_numpy(dtype=float), abs=1e-6
        )
    if seed < 4:
        write_rolled(tmp_path / "april", found)
        api.load(tmp_path / "april" / "plan.yaml")
