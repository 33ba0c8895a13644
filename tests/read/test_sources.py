"""The table of sources: what is refused, and where it is told: headlines, report, workbook. The program does not feel it."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import openpyxl
import pytest

from planner import api
from planner.api import load
from planner.plan.estimates import value_of_compute
from planner.prepare.plan_data import prepare
from planner.result import Run
from tests.read.refusals import refused
from tests.read.toy import Rows, edit, write_plan

ROOT = Path(__file__).parents[2]
FROM = {"source": "toy", "quality": "estimate"}
PAPER = {
    "source_id": "iea",
    "kind": "publication",
    "cited_as": "IEA, 2026",
    "url": "https://www.iea.org/reports/x",
    "effect_musd": 420,
    **FROM,
}


def judgement(name: str, stated: str = "", low: float | str = "", high: float | str = "") -> dict[str, object]:
    return {"source_id": name, "kind": "judgement", "input": stated, "low": low, "high": high, **FROM}


SOURCES: Rows = [
    PAPER,
    judgement("nameplate_frac", "regions.nameplate_frac", 0.75, 1),
    judgement("growth", "demand.doubling_months", 8, 20),
]

REFUSED = {
    "ends in the wrong order": (
        [judgement("pue", "regions.pue", 1.5, 1.1)],
        "tables/sources.csv:2:4: low = 1.5: expected at most high, which is 1.1",
    ),
    "one end alone": (
        [judgement("pue", "regions.pue", 1.1)],
        "high = (empty): expected a number (an estimate has two ends",
    ),
    "a column that no table has": (
        [judgement("pue", "regions.puee")],
        "tables/sources.csv:2:3: input = regions.puee: expected table.column of a number, such as regions.pue, or a key",
    ),
    "a key that no plan has": ([judgement("growth", "demand.doubling")], "input = demand.doubling: expected table.column"),
    "a text": ([judgement("name", "regions.name")], "input = regions.name: expected table.column of a number"),
    "another kind": ([PAPER | {"kind": "hearsay"}], "kind = hearsay: expected one of publication, judgement"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused(name: str, tmp_path: Path) -> None:
    rows, words = REFUSED[name]
    assert any(words in each for each in refused(tmp_path, sources=rows))


def test_the_program_does_not_feel_it(tmp_path: Path) -> None:
    assert prepare(load(write_plan(tmp_path / "a", sources=SOURCES))) == prepare(load(write_plan(tmp_path / "b")))


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder = tmp_path_factory.mktemp("sources")
    cited = edit({"option_id": "grid"}, source="IEA, 2026 (power.csv); judgements: nameplate_frac")
    path = write_plan(
        folder / "plan", months=2, orbit=False, plan={"demand": {"doubling_months": 12}}, sources=SOURCES, power=cited
    )
    sets = ["demand.start_kh100e*=100", "classes.doubling_months=", "deliveries.kunit=100"]
    return api.run(load(path, sets), folder / "run")


def test_headlines_name_the_range_of_what_they_rest_on(done: Run) -> None:
    told = {line.key: line.text for line in done.summary}
    assert "of chips needs firm power, estimated at 75.0 to 100 %, though they draw" in told["nameplate_cover"]
    assert "in the first (it doubles in 12.0 months, estimated at 8.00 to 20.0 months); 9" in told["served_share"]


def test_the_report_shows_links_and_ranges(done: Run) -> None:
    page = (done.folder / "report.html").read_text(encoding="utf-8")
    assert '<a href="https://www.iea.org/reports/x" rel="noreferrer">www.iea.org</a>' in page
    row = page[page.index(">publication</th><td>IEA, 2026<") :]
    assert "420 million USD" in row[: row.index("</tr>")]
    row = page[page.index(">judgement</th><td>nameplate_frac<") :]
    assert row[: row.index("</tr>")].count("0.75 to 1") == 1
    assert "estimated at 75.0 to 100 %" in page


def test_the_workbook_has_the_sheet(done: Run) -> None:
    sheet = openpyxl.load_workbook(done.folder / "plan.xlsx", read_only=True)["in_sources"]
    cells = [row for row in sheet.iter_rows(values_only=True) if row and "nameplate_frac" in row]
    assert len(cells) == 1
    assert {0.75, 1, "regions.nameplate_frac"} <= set(cells[0])


def test_the_example_of_the_page_is_read(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "sources.md").read_text(encoding="utf-8")
    lines = [line.strip("|").split("|") for line in page.splitlines() if line.startswith("| ")]
    head, *rows = [[cell.strip() for cell in line] for line in lines]
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([head, *rows])
    plan = load(write_plan(tmp_path, sources=text.getvalue()))
    assert plan.tables["sources"].column("high") == [None, 1.0]


def test_the_value_of_compute_is_estimated_by_the_source_that_all_classes_name() -> None:
    found = value_of_compute(load(ROOT / "inputs" / "reference.yaml"))
    assert found == (0.75, 3.0)
    assert value_of_compute(load(ROOT / "planner" / "new" / "plan.yaml")) is None


def test_every_source_of_the_reference_is_listed() -> None:
    """Each publication and judgement that a row names is a row of the table, families of judgements by each of theirs."""
    from planner.plan.citations import cited, listed_publications

    plan = load(ROOT / "inputs" / "reference.yaml")
    table = plan.tables["sources"]
    publications = listed_publications(table.columns)
    listed = {(kind, cited_as or name) for kind, cited_as, name in table.select("kind", "cited_as", "source_id")}
    named = {
        each
        for name, one in plan.tables.items()
        if name != "sources"
        for source in one.column("source")
        for each in cited(str(source), publications).kinds
    }
    assert len(named) > 150
    assert named - listed == set()
    effects = [musd or 0.0 for musd in table.column("effect_musd")]
    assert effects == sorted(effects, reverse=True)
