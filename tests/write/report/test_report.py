"""The report as a file: self-contained, made of the tables alone, the same bytes for the same run, and names are only text."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import shutil
from html.parser import HTMLParser
from pathlib import Path

import pandas as pd
import pytest

from planner import api
from planner.cli import main
from planner.cli.commands.shared import in_browser
from planner.errors import UsageError
from tests.write.report.conftest import FORMULA, SCRIPT, UNICODE

MOST_BYTES = 2_000_000


class Reader(HTMLParser):
    """The elements of a page, its scripts, its figures and its visible text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.scripts: list[tuple[dict[str, str | None], str]] = []
        self.text = ""
        self._script: dict[str, str | None] | None = None
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        if tag == "script":
            self._script = dict(attrs)
            self.scripts.append((self._script, ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "script":
            self._script = None

    def handle_data(self, data: str) -> None:
        if self._script is not None:
            self.scripts[-1] = (self._script, self.scripts[-1][1] + data)
        else:
            self.text += data


@pytest.fixture(scope="module")
def html(run: Path) -> str:
    return (run / "report.html").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def page(html: str) -> Reader:
    return Reader(html)


def test_the_head_names_date_author_and_version(html: str) -> None:
    """The date is that on which the run was written; the plan names nobody."""
    head = html[: html.index("</header>")]
    facts = dict(re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", head))
    assert re.fullmatch(r"\d{1,2} [A-Z][a-z]+ \d{4}", facts["Date"])
    assert facts["Author"] == "not named (key author of the plan)"
    assert facts["Version"].startswith("compute planner ")


def test_what_is_reached_by_when_is_a_table(html: str) -> None:
    part = html[html.index('<section id="reached"') :]
    table = part[: part.index("</section>")]
    assert re.findall(r'<th scope="row">(.*?)</th>', table) == ["1 month", "2 months", "3 months", "4 months"]


def test_one_file_that_asks_for_nothing(html: str, page: Reader) -> None:
    assert len(html.encode()) < MOST_BYTES
    asked = [(tag, name, value) for tag, name, value in page.attributes if name in ("src", "href", "srcset", "data", "action")]
    assert asked
    assert all(value.startswith("#") for _, _, value in asked), asked
    assert "@import" not in html.split("</style>")[0]
    assert not {"link", "iframe", "img", "object"} & set(page.tags)


def test_only_the_scripts_that_the_policy_names_may_run(page: Reader) -> None:
    policy = next(
        value for tag, name, value in page.attributes if tag == "meta" and name == "content" and "default-src" in value
    )
    ran = [text for attributes, text in page.scripts if "type" not in attributes]
    hashes = ["sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in ran]
    assert len(ran) == 2
    assert re.findall(r"'(sha256-[^']+)'", policy) == hashes
    assert "unsafe-eval" not in policy
    assert "default-src 'none'" in policy


def test_names_come_out_as_text(page: Reader) -> None:
    assert len(page.scripts) == 3  # the data, the library, ours
    assert "b" not in page.tags
    for name in (SCRIPT, FORMULA, UNICODE):
        assert name in page.text
    data = next(text for attributes, text in page.scripts if attributes.get("type") == "application/json")
    assert "<" not in data
    assert SCRIPT in json.dumps(json.loads(data), ensure_ascii=False).replace('\\"', '"')


def test_written_again_from_the_tables_it_is_the_same(run: Path, html: str, tmp_path: Path) -> None:
    copy = tmp_path / "elsewhere"
    shutil.copytree(run, copy)
    (copy / "report.html").unlink()
    assert main(["report", str(copy), "--quiet"]) == 0
    assert (copy / "report.html").read_text(encoding="utf-8") == html


def test_every_chart_has_a_drawing_words_and_numbers(html: str) -> None:
    figures = re.findall(r"<figure .*?</figure>", html, flags=re.DOTALL)
    assert {"map", "pile-power", "by-place", "by-option", "components", "league", "mass", "break-even", "limit-1"} <= {
        re.search(r'id="([^"]+)"', figure)[1]  # type: ignore[index]
        for figure in figures
    }
    for figure in figures:
        drawn = figure.split('class="still">')[1].split("</div>")[0]
        assert drawn.count("<path") >= 3, figure[:200]
        assert "NaN" not in drawn
        assert len(re.search(r'role="img" aria-label="([^"]+)"', figure)[1]) > 40  # type: ignore[index]
        assert "<tbody>" in figure


def test_ids_are_unique(page: Reader) -> None:
    ids = [value for _, name, value in page.attributes if name == "id"]
    assert len(ids) == len(set(ids))


def test_numbers_are_those_of_the_tables(run: Path, html: str) -> None:
    data = json.loads(html.split('<script type="application/json" id="charts">')[1].split("</script>")[0])
    chips, units = pd.read_csv(run / "tables" / "chips.csv"), pd.read_csv(run / "inputs" / "accelerators.csv")
    kw = chips["generation_id"].map(units.set_index("generation_id")["kw_per_unit"])
    dark = (chips["dark_kunit"] * kw).groupby(chips["month"]).sum()
    reasons = pd.read_csv(run / "tables" / "dark.csv").filter(like="_kunit")
    kinds = int((reasons.max() > 0).sum())  # they lie on top, GW
    drawn = [1e3 * sum(list(row.values())[-kinds:]) for row in data["pile-power"]["spec"]["data"]["values"]]
    assert dark.iloc[-1] > 1  # MW
    assert drawn == pytest.approx(dark.tolist(), rel=1e-3)
    fleet = pd.read_csv(run / "tables" / "fleet.csv")
    placed = fleet.pivot_table(index="place_id", columns="month", values="it_nameplate_mw", aggfunc="sum")
    sites = {site["n"]: site["mw"] for site in data["map"]["spec"]["layer"][1]["data"]["values"]}
    assert sites[SCRIPT] == pytest.approx(placed.loc["us_ercot_texas"].tolist(), rel=1e-3)


def test_a_changed_table_is_told(run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    copy = tmp_path / "changed"
    shutil.copytree(run, copy)
    path = copy / "tables" / "halls.csv"
    head, first, *rest = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([head, first.rsplit(",", 1)[0] + ",1", *rest, ""]), encoding="utf-8")
    assert main(["report", str(copy)]) == 7
    assert "not verified" in capsys.readouterr().out
    assert "Not verified" in (copy / "report.html").read_text(encoding="utf-8")


def test_side_by_side(run: Path, tmp_path: Path) -> None:
    out = tmp_path / "both.html"
    assert main(["report", str(run), str(run), "--out", str(out), "--quiet"]) == 0
    page = Reader(out.read_text(encoding="utf-8"))
    assert "Comparison of 2 plans" in page.text
    assert "no difference" in page.text


def test_a_file_of_somebody_else_is_never_replaced(run: Path, tmp_path: Path) -> None:
    mine = tmp_path / "mine.html"
    mine.write_text("<p>dear diary</p>", encoding="utf-8")
    with pytest.raises(UsageError, match="is not a report of this planner"):
        api.report([run], mine)
    assert mine.read_text(encoding="utf-8") == "<p>dear diary</p>"
    with pytest.raises(UsageError, match="is a folder"):
        api.report([run], tmp_path)


def test_without_a_browser_pdf_is_refused(
    run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("planner.write.report.pdf.ELSEWHERE", {})
    out = tmp_path / "r.html"
    assert main(["report", str(run), "--pdf", "--out", str(out)]) == 2
    assert "Chromium, Chrome or Edge" in capsys.readouterr().err
    assert not out.exists()


def test_open(run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    opened: list[str] = []
    monkeypatch.setattr("webbrowser.open", lambda uri: opened.append(uri) or len(opened) == 1)
    out = tmp_path / "r.html"
    assert main(["report", str(run), "--out", str(out), "--open"]) == 0
    assert opened == [out.as_uri()]
    assert "no browser" not in capsys.readouterr().out
    assert in_browser(out) == [f"no browser was found: open {out}"]


def test_what_is_no_run_is_refused(tmp_path: Path) -> None:
    assert main(["report", str(tmp_path)]) == 2
