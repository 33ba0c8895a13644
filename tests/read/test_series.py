"""Series by month: rows that hold from a month on, months across as columns, and `--set` with a month."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from models.data import PlanData
from planner.check.checks import check
from planner.prepare.plan_data import prepare
from planner.read.load import load
from planner.write.xlsx.plan_workbook import write_plan_workbook
from tests.read.refusals import refused, refused_plan
from tests.read.toy import Rows, edit, toy_tables, write_plan
from tests.read.workbooks import write_book

Change = Callable[[Rows], Rows]


def prepared(folder: Path, *overrides: str, **changes: Any) -> PlanData:
    return prepare(load(write_plan(folder, **changes), overrides))


def later(**cells: Any) -> Change:
    """The table with one more row: the first one's names, and these cells."""

    def change(rows: Rows) -> Rows:
        names = {key: value for key, value in rows[0].items() if key.endswith("_id") or key in ("source", "quality")}
        return [*rows, {**dict.fromkeys(rows[0], ""), **names, **cells}]

    return change


def chat(data: PlanData, zone: str = "new_york") -> list[float]:
    return [data.demand_kh100e[zone, "chat", t] for t in range(1, len(data.months) + 1)]


def price(data: PlanData) -> list[float]:
    return [data.energy_usd_per_mwh["ohio", "grid", t, 1] for t in range(1, len(data.months) + 1)]


def test_a_customer_starts_and_ends(tmp_path: Path) -> None:
    """25 until February, 60 from March, doubling every six months from there, nothing from the next January on."""
    data = prepared(tmp_path, months=14, demand=later(from_month="2028-03", until_month="2028-12", start_kh100e=60))
    grown = [25 * 2 ** (t / 6) for t in (0, 1)] + [60 * 2 ** (t / 6) for t in range(10)]
    assert chat(data) == pytest.approx([*grown, 0, 0])
    assert chat(data, "munich")[-1] == pytest.approx(12 * 2 ** (13 / 6))


def test_a_first_row_may_begin_and_end_within_the_plan(tmp_path: Path) -> None:
    data = prepared(tmp_path, demand=edit({"zone_id": "munich"}, from_month="2028-02", until_month="2028-02"))
    assert chat(data, "munich") == [0, 12, 0, 0]
    assert [data.demand_kh100e["europe", "batch", t] for t in (1, 2, 3, 4)] == [0, 8, 0, 0]


def test_a_row_of_before_the_plan_has_grown_since(tmp_path: Path) -> None:
    data = prepared(tmp_path, demand=edit({"class_id": "chat"}, from_month="2027-07"))
    assert chat(data) == pytest.approx([50 * 2 ** (t / 6) for t in range(4)])


def test_a_price_steps_and_grows_from_there(tmp_path: Path) -> None:
    change = later(from_month="2028-03", energy_usd_per_mwh=80, energy_growth_frac_per_year=0.5)
    base = edit({"option_id": "grid"}, energy_growth_frac_per_year=0)
    data = prepared(tmp_path, power=lambda rows: change(base(rows)))
    assert price(data) == pytest.approx([65, 65, 80, 80 * 1.5 ** (1 / 12)])
    assert data.step_mw["ohio", "grid", 4] == pytest.approx(10 * 1.1 ** (3 / 12))  # what the row leaves empty goes on


def test_a_step_that_ends_is_zero(tmp_path: Path) -> None:
    data = prepared(tmp_path, power=later(from_month="2028-02", until_month="2028-03", step_mw_per_month=40))
    assert [data.step_mw["ohio", "grid", t] for t in (1, 3, 4)] == pytest.approx([10, 40 * 1.1 ** (1 / 12), 0])


def test_halls_and_links_step_as_power_does(tmp_path: Path) -> None:
    halls = later(from_month="2028-03", shell_step_mw_per_month=30, shell_step_growth_frac_per_year=0)
    links = later(from_month="2028-04", gbit_s=900)
    data = prepared(tmp_path, regions=halls, links=links)
    assert [data.shell_step_mw["ohio", t] for t in (1, 3, 4)] == [10, 30, 30]
    assert data.link_gbit_s["bavaria", 4] == 900


def across(**months: float) -> Change:
    """Months as columns, and no other number: `m2028_01=3`."""

    def change(rows: Rows) -> Rows:
        kept = [{key: value for key, value in row.items() if not key.startswith(("usd", "start"))} for row in rows]
        return [{**row, **{name[1:].replace("_", "-"): value for name, value in months.items()}} for row in kept]

    return change


def test_a_forward_curve_across_columns(tmp_path: Path) -> None:
    """8 mmBtu a MWh at 4, 5, 5 and 6 USD: an empty month goes on as before."""
    data = prepared(tmp_path, fuels=across(m2028_01=4, m2028_02=5, m2028_04=6))
    assert [data.fuel_usd_per_mwh["ohio", "gas_engine", t] for t in (1, 2, 3, 4)] == [32, 40, 40, 48]


def test_months_across_where_a_table_has_several_series(tmp_path: Path) -> None:
    """The title names the series too; demand of before its first month is zero."""
    data = prepared(
        tmp_path,
        power=edit({"region_id": "ohio", "option_id": "grid"}, **{"energy_usd_per_mwh 2028-02": 90}),
        demand=across(m2028_02=7, m2028_03=8, m2028_04=9),
    )
    assert price(data)[1] == 90
    assert chat(data) == [0, 7, 8, 9]


def test_a_workbook_has_months_as_dates(tmp_path: Path) -> None:
    """A date in the header is its month, as a spreadsheet writes it; from_month too."""
    tables = toy_tables()
    tables["fuels"] = across(m2028_01=4)(tables["fuels"])
    tables["demand"] = later(from_month="2028-03", start_kh100e=60)(tables["demand"])

    def spoil(book: Any) -> None:
        sheet = book["fuels"]
        title = next(cell for cell in sheet[1] if cell.value == "2028-01")
        title.value, title.number_format = date(2028, 1, 1), "mmm yy"

    data = prepare(load(write_book(tmp_path / "toy.xlsx", spoil, tables)))
    assert data.fuel_usd_per_mwh["ohio", "gas_engine", 4] == 32
    assert chat(data)[2] == 60


def test_a_series_returns_from_the_workbook_of_its_plan(tmp_path: Path) -> None:
    plan = load(write_plan(tmp_path, demand=later(from_month="2028-03", start_kh100e=60), orbit=False))
    path = tmp_path / "again.xlsx"
    write_plan_workbook(path, plan)
    assert prepare(load(path)).demand_kh100e == prepare(plan).demand_kh100e
    titles = [cell.value for cell in openpyxl.load_workbook(path)["demand"][1]]
    assert {"from_month", "until_month", "start_kh100e 2028-03"} <= set(titles)


def test_the_command_line_sets_and_scales_months(tmp_path: Path) -> None:
    """With a month behind the key from that month on; without one in all months."""
    assert chat(prepared(tmp_path, "demand[new_york,chat,2028-03].start_kh100e=3"))[2:] == pytest.approx([3, 3 * 2 ** (1 / 6)])
    orders = ["demand[*,chat,2028-03].start_kh100e=3", "demand.start_kh100e*=2"]
    assert chat(prepared(tmp_path, *orders))[::2] == [50, 6]
    orders = ["demand[*,chat,2028-03].start_kh100e=3", "demand[new_york,chat].start_kh100e=1"]
    assert chat(prepared(tmp_path, *orders)) == pytest.approx([2 ** (t / 6) for t in range(4)])


def test_adjust_adds_rows_with_a_month(tmp_path: Path) -> None:
    (tmp_path / "more.csv").write_text("zone_id,class_id,from_month,start_kh100e\nnew_york,chat,2028-03,60\n", encoding="utf-8")
    plan = {"adjust": [{"table": "demand", "rows": "more.csv"}]}
    assert chat(prepared(tmp_path, plan=plan))[::2] == [25, 60]


def test_a_plan_of_one_month_in_unicode(tmp_path: Path) -> None:
    """The row of the month itself holds; of later ones nothing is used, and check says so."""

    def named(rows: Rows) -> Rows:
        return [{**row, "zone_id": "münchen"} if row.get("zone_id") == "munich" else row for row in rows]

    rows = [
        {"zone_id": "munich", "class_id": "chat", "from_month": month, "start_kh100e": kh100e}
        for month, kh100e in (("2028-01", 3), ("2028-02", 4))
    ]
    made = {"source": "toy", "quality": "estimate"}
    plan = load(
        write_plan(
            tmp_path,
            months=1,
            zones=named,
            demand=lambda old: named([*(row for row in old if row["zone_id"] != "munich"), *({**row, **made} for row in rows)]),
        )
    )
    assert prepare(plan).demand_kh100e["münchen", "chat", 1] == 3
    (note,) = [one.text for one in check(plan) if "without effect in any month" in one.text]
    assert note == "demand: 1 value from 2028-02 on, without effect in any month of the plan"


def test_the_look_ahead_holds_the_last_value_and_takes_later_ones(tmp_path: Path) -> None:
    rows = later(from_month="2028-03", start_kh100e=60)
    data = prepared(
        tmp_path, plan={"look_ahead_months": 3}, demand=lambda old: later(from_month="2028-06", start_kh100e=5)(rows(old))
    )
    assert chat(data)[3:] == pytest.approx([60 * 2 ** (1 / 6)] * 2 + [5, 5])


ONE_IN_MARCH = later(from_month="2028-03", start_kh100e=1)

REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "two rows of a month": (
        {"demand": lambda rows: ONE_IN_MARCH(ONE_IN_MARCH(rows))},
        ("tables/demand.csv:7:6: new_york, chat: from_month = 2028-03: duplicate row, first in tables/demand.csv:6"),
    ),
    "two rows without a month": (
        {"demand": lambda rows: [{**row, "from_month": ""} for row in [*rows, rows[0]]]},
        ("tables/demand.csv:6:6: new_york, chat: no from_month: duplicate row, first in tables/demand.csv:2"),
    ),
    "a row that reaches into the next": (
        {
            "demand": lambda rows: later(from_month="2028-03", start_kh100e=1)(
                [{**rows[0], "until_month": "2028-04"}, *rows[1:]]
            )
        },
        (
            "tables/demand.csv:6:7: new_york, chat: from_month = 2028-03: the row in tables/demand.csv:2 holds until 2028-04:"
            " expected from_month = 2028-05 here, or until_month = 2028-02 there"
        ),
    ),
    "an end before the start": (
        {"demand": later(from_month="2028-03", until_month="2028-02", start_kh100e=1)},
        "tables/demand.csv:6:7: until_month = 2028-02: expected a month from 2028-03 on",
    ),
    "a price that ends": (
        {"fuels": edit({}, until_month="2028-02")},
        (
            "tables/fuels.csv:2:6: until_month = 2028-02: expected a row of ohio, gas with from_month = 2028-03,"
            " as usd_per_mmbtu must hold in every month"
        ),
    ),
    "a price that begins late": (
        {"fuels": across(m2028_02=4)},
        (
            "tables/fuels.csv:2: ohio gas: usd_per_mmbtu: expected a value for 2028-01, the start of the plan,"
            " and for every month after"
        ),
    ),
    "what does not change with the month": (
        {"power": later(from_month="2028-03", start_mw=4)},
        (
            "tables/power.csv:5:3: start_mw = 4: expected an empty cell (it does not change with the month; a row with"
            " from_month states step_mw_per_month, availability_frac, energy_usd_per_mwh)"
        ),
    ),
    "a growth of nothing": (
        {"power": later(from_month="2028-03", step_growth_frac_per_year=0.2)},
        "tables/power.csv:5:5: step_growth_frac_per_year = 0.2: expected an empty cell, as step_mw_per_month is empty too",
    ),
    "no row from the start": (
        {"power": edit({"region_id": "bavaria"}, from_month="2028-02")},
        "tables/power.csv:4:16: bavaria, grid: expected a row without from_month, which states the other columns",
    ),
    "no month": (
        {"demand": later(from_month="March", start_kh100e=1)},
        (
            "tables/demand.csv:6:6: from_month = March: expected a month as YYYY-MM"
            " (write the year with four digits and the month with two)"
        ),
    ),
    "a month behind what does not change": (
        {"power": edit({}, **{"lead_months 2028-02": 1})},
        (
            "tables/power.csv:1:16: unknown column lead_months 2028-02 in table power (lead_months does not change with the"
            " month; write step_mw_per_month 2028-02, availability_frac 2028-02 or energy_usd_per_mwh 2028-02)"
        ),
    ),
    "a bare month where several numbers change": (
        {"power": edit({}, **{"2028-02": 90})},
        (
            "tables/power.csv:1:16: unknown column 2028-02 in table power"
            " (write step_mw_per_month 2028-02, availability_frac 2028-02 or energy_usd_per_mwh 2028-02)"
        ),
    ),
    "a month that no year has": (
        {"power": edit({}, **{"energy_usd_per_mwh 2028-13": 90})},
        (
            "tables/power.csv:1:16: unknown column energy_usd_per_mwh 2028-13 in table power"
            " (2028-13 is no month: expected a month as YYYY-MM, such as energy_usd_per_mwh 2028-01)"
        ),
    ),
    "a month written otherwise": (
        {"power": edit({}, **{"energy_usd_per_mwh_2028-2": 90})},
        "tables/power.csv:1:16: unknown column energy_usd_per_mwh_2028-2 in table power (write energy_usd_per_mwh 2028-02)",
    ),
    "a month where nothing changes": (
        {"options": edit({}, **{"2028-02": 90})},
        "tables/options.csv:1:13: unknown column 2028-02 in table options (no number of table options changes with the month)",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused(name: str, tmp_path: Path) -> None:
    changes, expected = REFUSED[name]
    assert expected in refused(tmp_path, **changes)


def test_pue_availability_and_value_change_with_the_month(tmp_path: Path) -> None:
    """Rows, columns and --set alike; a core has the value of the rest until it states its own."""
    steps = {"pue 2028-02": 1.1, "availability_frac 2028-03": 0.5}
    data = prepared(
        tmp_path,
        "classes[chat,2028-04].value_usd_per_h100e_h=4",
        regions=edit({"region_id": "ohio"}, **steps),
        power=edit({"region_id": "ohio", "option_id": "grid"}, **{"availability_frac 2028-04": 0.25}),
        classes=lambda rows: later(from_month="2028-03", core_value_usd_per_h100e_h=5)(
            [{**row, "core_frac": 0.2} for row in rows]
        ),
    )
    months = (1, 2, 3, 4)
    assert [data.pue["ohio", t] for t in months] == [1.2, 1.1, 1.1, 1.1]
    assert {data.pue["bavaria", t] for t in months} == {1.25}
    assert [data.availability_frac["ohio", t] for t in months] == [0.95, 0.95, 0.5, 0.5]
    assert data.power_availability_frac["ohio", "grid", 4, 1] == 0.25
    assert [data.value_usd_per_h100e_h["chat", t] for t in months] == [2, 2, 2, 4]
    assert [data.core_value_usd_per_h100e_h["chat", t] for t in months] == [2, 2, 5, 5]


SET_REFUSED = {
    "options[grid,2028-03].capex_usd_per_kw=5": (
        "2 key(s): expected options[option_id] (no number of table options changes with the month)"
    ),
    "options[grid,solar].capex_usd_per_kw=5": "2 key(s): expected options[option_id]",
    "power[ohio,grid,2028-13].energy_usd_per_mwh=52": "2028-13 is no month: expected power[region_id,option_id,YYYY-MM]",
    "power[ohio,grid,2028-03-15].energy_usd_per_mwh=52": (
        "2028-03-15 is no month: expected power[region_id,option_id,YYYY-MM] (write 2028-03)"
    ),
    "power[ohio,grid,2028-03].start_mw=52": (
        "unknown column start_mw 2028-03 of table power (start_mw does not change with the month;"
        " write step_mw_per_month 2028-03, availability_frac 2028-03 or energy_usd_per_mwh 2028-03)"
    ),
}


@pytest.mark.parametrize("argument", SET_REFUSED)
def test_refused_on_the_command_line(argument: str, tmp_path: Path) -> None:
    assert refused(tmp_path, [argument]) == [f"--set {argument}: {SET_REFUSED[argument]}"]


FORECAST = [
    {"zone_id": "munich", "class_id": "chat", "month": month, "kh100e": kh100e, "source": "toy", "quality": "estimate"}
    for month, kh100e in (("2028-01", 3), ("2028-02", 4), ("2028-03", 9))
]
FORECAST += [{**row, "zone_id": "new_york"} for row in FORECAST]
RENAME = (
    "month and kh100e: table demand by month has the columns from_month and start_kh100e:"
    " rename month to from_month and kh100e to start_kh100e"
)


def test_a_forecast_with_other_titles_is_refused_once_and_read_once_they_are_renamed(tmp_path: Path) -> None:
    """One finding for the two titles, from a file or a sheet in which the months are dates, and what it asks for works."""
    assert refused(tmp_path / "csv", demand=FORECAST) == [f"tables/demand.csv:1:3: {RENAME}"]
    days = [{**row, "month": date(2028, int(str(row["month"])[-2:]), 1)} for row in FORECAST]
    found = refused_plan(write_book(tmp_path / "toy.xlsx", tables={**toy_tables(), "demand": days}))
    assert found == [f"toy.xlsx:demand!C1: {RENAME}"]
    names = {"month": "from_month", "kh100e": "start_kh100e"}
    renamed = [{names.get(name, name): cell for name, cell in row.items()} for row in FORECAST]
    assert chat(prepared(tmp_path / "again", demand=renamed), "munich")[:3] == [3, 4, 9]


def test_a_contract_keeps_its_price_beside_a_forward_curve(tmp_path: Path) -> None:
    """The option that it is a contract of changes with the month; what the contract states does not, and it has no pace."""
    later_months = {"energy_usd_per_mwh 2028-02": 90, "energy_growth_frac_per_year 2028-02": 1, "step_mw_per_month 2028-03": 7}
    contract = {"region_id": "ohio", "option_id": "ppa", "contract_of": "grid", "month": "2028-01", "build_mw": 3}
    data = prepared(
        tmp_path,
        power=edit({"region_id": "ohio", "option_id": "grid"}, **later_months),
        commitments=[{**contract, "energy_usd_per_mwh": 44, "source": "toy", "quality": "estimate"}],
    )
    assert [data.energy_usd_per_mwh["ohio", "ppa", t, 1] for t in (1, 2, 4)] == [44, 44, 44]
    assert [data.step_mw["ohio", "ppa", t] for t in (1, 3)] == [3, 0]
    assert price(data)[1] == 90
