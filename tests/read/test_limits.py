"""A small file costs little: what no table and no workbook has is refused soon, with its limit."""

from __future__ import annotations

import io
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from planner import load
from planner.api import STARTING_PLAN, write_workbook
from planner.cli.entry import main
from planner.codes import Code
from planner.errors import InputError, UsageError, is_harmless
from planner.findings import MOST_COMPARED, Findings
from planner.read.files import workbook_cells
from planner.read.files.workbook_cells import read_strings
from planner.studies.cases import cases_of, read_axis
from tests.read.toy import write_plan

HEADER = "generation_id,kunit,source,quality\n"


def refused(path: Path) -> list[str]:
    with pytest.raises(InputError) as refusal:
        load(path)
    return [f"{each.file.rsplit('/')[-1]}:{each.line}: {each.message}" for each in refusal.value.findings]


@pytest.mark.sampled(1)
@pytest.mark.parametrize(
    ("text", "line"),
    [
        (HEADER + "a,1,toy,estimate\n" * 250_001, 250_001),
        (",".join(f"c{number}" for number in range(501)) + "\n", 1),
        (",".join(f"c{number}" for number in range(100_000)) + "\n", 1),
        (HEADER + "\n" * 2_500_001, 2_500_001),
    ],
    ids=["rows", "columns", "a line that is never split", "empty lines"],
)
def test_a_csv_larger_than_a_table(text: str, line: int, tmp_path: Path) -> None:
    path = write_plan(tmp_path)
    (tmp_path / "tables" / "dark.csv").write_text(text)
    assert refused(path) == [f"dark.csv:{line}: larger than a table: expected at most 500 columns and 250000 rows"]


def rewritten(path: Path, change: Callable[[str, bytes], bytes]) -> None:
    """The parts of a workbook, each changed."""
    with zipfile.ZipFile(path) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        for name, data in parts.items():
            book.writestr(name, change(name, data))


MANY = 200_001
BESIDE = "more than 200000 elements beside cells in {part}: remove formats, names and merged ranges"


@pytest.mark.parametrize(
    ("part", "at", "more", "words"),
    [
        ("xl/worksheets/sheet6.xml", b"<sheetData", b'<mergeCell ref="A1:B2"/>' * MANY, BESIDE),
        ("xl/worksheets/sheet6.xml", b"<sheetData", b'<col min="1" max="16384" hidden="1"/>' * MANY, BESIDE),
        ("xl/worksheets/sheet6.xml", b"<sheetData", b'<x:hyperlink ref="A1"/>' * MANY, BESIDE),
        ("xl/styles.xml", b"</cellXfs>", b'<xf numFmtId="0"/>' * MANY, BESIDE),
        ("xl/workbook.xml", b"</workbook>", b'<definedName name="a"/>' * MANY, BESIDE),
        (
            "xl/worksheets/sheet6.xml",
            b"<sheetData",
            b"<is><t>" + b"x" * 3_000_000 + b"</t></is>",
            "a text of more than 400000 bytes in {part}: expected cells of at most 32,767 letters",
        ),
    ],
    ids=["merges", "columns", "links", "styles", "names", "letters"],
)
def test_a_small_workbook_that_would_fill_the_memory(part: str, at: bytes, more: bytes, words: str, tmp_path: Path) -> None:
    book = write_workbook(tmp_path / "book.xlsx", load(write_plan(tmp_path / "plan")))
    rewritten(book, lambda name, data: data.replace(at, more + at, 1) if name == part else data)
    assert refused(book) == [f"book.xlsx:0: {words.format(part=part)}"]


def test_the_nearest_name_is_sought_for_the_first_names_only() -> None:
    findings, valid = Findings(), [f"region_{number:05d}" for number in range(1_000)]
    hints = [findings.nearest(f"regoin_{number:05d}", valid) for number in range(40)]
    assert [bool(hint) for hint in hints] == [number <= MOST_COMPARED // len(valid) for number in range(40)]
    assert hints[7] == "did you mean region_00007?"


def test_points_are_counted_before_they_are_made(tmp_path: Path) -> None:
    plan = load(write_plan(tmp_path))
    axes = [read_axis("demand.doubling_months=1..9:10000"), read_axis("discount_frac_per_year=0..1:10000")]
    with pytest.raises(UsageError, match="100,000,000 points, expected at most 10,000"):
        cases_of([plan], axes)


@pytest.mark.parametrize("text", ["a\u00a0b", "東\u3000京", "क्\u200dष", "می\u200cخواهم"])
def test_spaces_and_joiners_of_any_script_are_text(text: str, tmp_path: Path) -> None:
    path = write_plan(tmp_path)
    table = tmp_path / "tables" / "zones.csv"
    lines = table.read_text().splitlines()
    position = lines[0].split(",").index("source")
    cells = lines[1].split(",")
    cells[position] = text
    table.write_text("\n".join([lines[0], ",".join(cells), *lines[2:]]) + "\n")
    assert load(path).tables["zones"].column("source")[0] == text


@pytest.mark.parametrize("letter", ["\u202e", "\u2066", "\x1b", "\x00", "\x85", "\ufeff", "\u200f"])
def test_what_moves_a_cursor_or_turns_the_writing_is_not(letter: str) -> None:
    assert not is_harmless(letter)


def test_the_folder_of_a_plan_moves_no_cursor_either(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A plan of a stranger comes in folders that he named."""
    folder = tmp_path / "a\x1b[2J\u202eb\nc"
    folder.mkdir()
    (folder / "plan.yaml").write_text("foo: 1\n")
    assert main(["check", str(folder / "plan.yaml")]) == 3
    assert main(["verify", str(folder)]) in (2, 7)
    assert main(["explain", str(folder)]) == 2
    said = capsys.readouterr()
    assert "a\\x1b[2J\\u202eb\\nc/plan.yaml:1:1: unknown key foo" in said.err
    assert not {"\x1b", "\u202e"} & set(said.err)


SHARED = b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">%s</sst>'


def test_shared_texts_by_the_hundred_thousand_are_read_or_refused() -> None:
    assert read_strings(io.BytesIO(SHARED % (b"<si><t>a</t></si><si><t/></si>" * 20_000))) == ["a", ""] * 20_000
    assert read_strings(io.BytesIO(SHARED % b"<si><r><t>a</t></r><r><t>b</t></r></si><si><t>_x0041_</t></si>")) == ["ab", "A"]
    with pytest.raises(ValueError, match="more than 250000 elements in a row or text"):
        read_strings(io.BytesIO(SHARED % (b"<si>" + b"<r><t>a</t></r>" * 150_000 + b"</si>")))


def test_more_shared_texts_than_cells_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook_cells, "MOST_CELLS", 1_000)
    with pytest.raises(ValueError, match="more than 1000 shared texts"):
        read_strings(io.BytesIO(SHARED % (b"<si><t>a</t></si>" * 1_001)))


def test_contracts_by_the_thousand_are_all_checked(tmp_path: Path) -> None:
    """Each has an option and a power of its own, and none of the many names that are unknown is compared with all of them."""
    shutil.copytree(STARTING_PLAN.parent, tmp_path / "plan")
    tables = tmp_path / "plan" / "tables"
    titles = "region_id,option_id,month,build_mw,close_mw,status,until_month,contract_of,energy_usd_per_mwh,source,quality"
    contracts = [f"fi_hamina,ppa{number},2027-03,2,0,confirmed,2027-09,grid,70,x,estimate" for number in range(5_000)]
    (tables / "commitments.csv").write_text("\n".join([titles, *contracts, ""]), encoding="utf-8")
    power = (tables / "power.csv").read_text(encoding="utf-8").splitlines()
    unknown = [power[1].replace(",grid,", f",grid{number},", 1) for number in range(5_000)]
    (tables / "power.csv").write_text("\n".join([*power, *unknown, ""]), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load(tmp_path / "plan" / "plan.yaml")
    assert len(caught.value.findings) == 5_000
    assert {finding.code for finding in caught.value.findings} == {Code.E_NAME_UNKNOWN}
