"""`planner new --workbook`: a workbook that is filled in, in a spreadsheet, is the plan that CSV files are."""

from __future__ import annotations

import gc
import json
import os
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from planner import api, cli
from planner.errors import UsageError
from planner.prepare.plan_data import prepare
from planner.schema.fields import cell_text
from planner.schema.tables import pointers, tables
from planner.write.folder.replace import OutputError
from planner.write.xlsx.plan_sheet import settings, values_of
from tests.read.toy import write_plan

NEW = api.STARTING_PLAN


@pytest.fixture(scope="module")
def blank(tmp_path_factory: pytest.TempPathFactory) -> Any:
    path = api.write_workbook(tmp_path_factory.mktemp("blank") / "plan.xlsx")
    return openpyxl.load_workbook(path)


def test_a_sheet_a_table_a_comment_a_header(blank: Any) -> None:
    assert blank.sheetnames == ["read_me", "plan", *tables()]
    for name, schema in tables().items():
        heads = {cell.value: cell.comment.text for cell in blank[name][1]}
        assert list(heads) == [one.name for one in schema.offered]
        for one in schema.offered:
            assert one.doc in heads[one.name]
            assert one.expected in heads[one.name]
        assert blank[name].freeze_panes is not None
        assert {cell.style for row in blank[name].iter_rows(min_row=2) for cell in row if cell.value is not None} <= {"Input"}
        table = blank[name].tables[f"in_{name}"]
        assert [column.name for column in table.tableColumns] == list(heads)
        assert table.autoFilter is not None


def test_a_new_workbook_is_a_sound_example_of_one_site(tmp_path: Path) -> None:
    plan = api.load(api.write_workbook(tmp_path / "plan.xlsx"))
    assert not [notice for notice in [*plan.notices, *api.check(plan)] if not str(notice.code).startswith("N-")]
    assert [len(plan.tables[name]) for name in ("regions", "zones", "options", "classes", "accelerators")] == [1, 1, 4, 4, 5]
    assert all(len(plan.tables[name]) for name, schema in tables().items() if schema.rows_required and schema.required)


def test_the_plan_sheet_has_every_key_with_its_default(blank: Any) -> None:
    rows = {row[0].value: row[1].value for row in blank["plan"].iter_rows(min_row=2)}
    keys = [one.key for one in settings()]
    assert set(keys) - set(rows) == {"days", "carbon.cap_mtco2_per_year", "budget.capital_musd_per_year"}
    defaults = {one.key: one.default for one in settings() if one.default not in (None, "")}
    assert {key: value for key, value in rows.items() if key in defaults} == defaults
    assert defaults == {
        "boundary": "facility",
        "objective": "value",
        "unserved": "allowed",
        "slices": 1,
        "longest_outage_h": 0,
        "look_ahead_months": 0,
        "freeze_months": 0,
        "change_usd_per_mw": 0,
        "carbon.usd_per_tco2": 0,
        "budget.chips": "left_out",
        "money.inflation_frac_per_year": 0,
        "owners.power": "shared",
        "owners.trade_usd_per_mw_month": 0,
    }


def rules(sheet: Any, cell: str) -> list[Any]:
    return [rule for rule in sheet.data_validations.dataValidation if cell in rule.sqref]


def test_cells_offer_and_bound_what_may_stand_in_them(blank: Any) -> None:
    pointing = [one for one in pointers() if one.checked and one.field.kind == "name" and not one.field.any_allowed]
    pointing = [one for one in pointing if len(one.targets) == 1]
    assert len(pointing) > 10
    for one in pointing:
        names = [each.name for each in tables()[one.table].columns]
        (rule,) = rules(blank[one.table], openpyxl.utils.get_column_letter(names.index(one.field.name) + 1) + "2")
        assert rule.type == "list"
        assert f"({one.targets[0][0]}!$A$2," in rule.formula1
    (rule,) = rules(blank["classes"], "H2")
    assert (rule.type, rule.formula1) == ("list", '"yes,no"')
    pue = [one.name for one in tables()["regions"].columns].index("pue")
    (rule,) = rules(blank["regions"], openpyxl.utils.get_column_letter(pue + 1) + "2")
    assert (rule.type, float(rule.formula1), float(rule.formula2)) == ("decimal", 1, 3)
    boundary = [row[0].value for row in blank["plan"].iter_rows()].index("boundary")
    (rule,) = rules(blank["plan"], f"B{boundary + 1}")
    assert rule.formula1 == '"energy,facility"'


def test_filled_in_by_hand_it_is_the_plan_of_the_files(tmp_path: Path) -> None:
    """What openpyxl keeps of a template is more than a spreadsheet program needs: the cells."""
    path = api.write_workbook(tmp_path / "mine.xlsx")
    plan = api.load(NEW)
    book = openpyxl.load_workbook(path)
    stated = values_of(plan.to_mapping())
    for row in book["plan"].iter_rows(min_row=2):
        row[1].value = stated.get(row[0].value)
    for name, table in plan.tables.items():
        for column, one in enumerate(table.schema.columns, start=1):
            for row, value in enumerate(table.columns[one.name], start=2):
                cell = book[name].cell(row, column)
                cell.value = value if isinstance(value, int | float) else cell_text(value) or None
    book.save(path)
    assert prepare(api.load(path)) == prepare(plan)


@pytest.mark.parametrize("overrides", [[], ["demand.doubling_months=9.000000000000002"], ["power.start_mw*=1.1"]])
def test_any_plan_as_a_workbook_is_the_same_plan(tmp_path: Path, overrides: list[str]) -> None:
    carbon = {"usd_per_tco2": 0, "cap_mtco2_per_year": {"2028": 3.5, "2029": 1}}
    plan = api.load(write_plan(tmp_path, plan={"carbon": carbon}, links=None, shares=SHARES), overrides)
    again = api.load(api.write_workbook(tmp_path / "again.xlsx", plan))
    assert prepare(again) == prepare(plan)
    assert again.settings.model_dump(exclude={"tables"}) == plan.settings.model_dump(exclude={"tables"})
    for name, table in plan.tables.items():
        assert again.tables[name].columns == table.columns, name
    assert not again.notices


SHARES = [{"share_id": "a", "to": "us;europe", "min_frac": 0.1, "source": "_x0041_ =1+1 'x'", "quality": "estimate"}]


def test_the_same_plan_gives_the_same_bytes(tmp_path: Path) -> None:
    plan = api.load(NEW)
    first, second = (api.write_workbook(tmp_path / f"{name}.xlsx", plan) for name in "ab")
    with zipfile.ZipFile(first) as one, zipfile.ZipFile(second) as other:
        assert {name: one.read(name) for name in one.namelist()} == {name: other.read(name) for name in other.namelist()}


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    (tmp_path / "mine.xlsx").write_text("mine")
    with pytest.raises(UsageError, match="exists: give the name of a new workbook"):
        api.write_workbook(tmp_path / "mine.xlsx")
    with pytest.raises(UsageError, match=r"expected a name that ends in \.xlsx"):
        api.write_workbook(tmp_path / "mine.csv")
    with pytest.raises(OutputError, match="cannot write"):
        api.write_workbook(tmp_path / "mine.xlsx" / "below.xlsx")
    assert [path.name for path in tmp_path.iterdir()] == ["mine.xlsx"]


def test_on_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "my plan.xlsx"
    assert cli.main(["new", "--workbook", str(path)]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == f"Next: planner check '{path}'"
    assert cli.main(["check", str(path), "--json"]) == 0
    notices = json.loads(capsys.readouterr().out)["notices"]
    assert [notice["sheet"] for notice in notices] == ["regions", "deliveries", "deliveries"]
    assert cli.main(["new", "--workbook", str(tmp_path / "b.xlsx"), "--from", str(NEW), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["plan"] == str(tmp_path / "b.xlsx")
    assert cli.main(["check", str(tmp_path / "b.xlsx"), "--quiet"]) == 0
    for wrong in ([], ["a", "--workbook", "b.xlsx"]):
        assert cli.main(["new", *wrong]) == 2


@pytest.mark.slow
def test_a_workbook_runs_and_so_does_the_workbook_of_that_run(tmp_path: Path) -> None:
    first = api.run(api.load(api.write_workbook(tmp_path / "toy.xlsx", api.load(write_plan(tmp_path)))), tmp_path / "first")
    second = api.run(api.load(first.folder / "plan.xlsx"), tmp_path / "second")
    assert first.verdict.ok
    for path in sorted((first.folder / "tables").iterdir()):
        assert path.read_bytes() == (second.folder / "tables" / path.name).read_bytes(), path.name
    sources = [json.loads((each.folder / "manifest.json").read_text())["sources"] for each in (first, second)]
    assert [list(one) for one in sources] == [["toy.xlsx"], ["plan.xlsx"]]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a disk that is always full")
def test_a_full_disk_is_complained_of_once(tmp_path: Path) -> None:
    """An archive that is still open would complain again when it is collected, past every handler."""
    (tmp_path / f".partial-{os.getpid()}-plan.xlsx").symlink_to("/dev/full")
    with pytest.raises(OutputError, match="No space left"):
        api.write_workbook(tmp_path / "plan.xlsx")
    gc.collect()
    assert not any(tmp_path.iterdir())
