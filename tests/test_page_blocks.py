"""Shell and Python of README and docs: each block runs, here on a toy or in the test of its page, or the reason is stated."""

from __future__ import annotations

import io
import re
import shlex
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace

import openpyxl
import pytest

from planner.api import load, solve
from planner.cli import main, make_parser
from planner.studies.cases import cases_of, read_axis
from tests.house import ROOT
from tests.read.toy import write_plan
from tests.test_hours_example import BLOCK

PAGES = {path.stem: path.read_text(encoding="utf-8") for path in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))}
SHELL, PYTHON = (re.compile(rf"^```{language}\n(.*?)^```", re.DOTALL | re.MULTILINE) for language in ("sh", "python"))
ON_A_TOY = {
    "README": "run explain compare",
    "export": "export",
    "questions": "answer",
    "spreadsheets": "new check",
    "cluster": "sweep",
}
"""Commands that run here as their page has them, with a plan of two months in place of the one that it names."""

WITH_FILES = "money orders projects remedies sites targets units".split()
"""Pages whose examples are files for the starting plan: their plans are read here, and solved in tests of their own."""

WHOLE = {
    "alternatives": "test_alternatives_example",
    "tutorial": "test_tutorial",
    "monthly": "test_monthly_example",
    "python": "test_python_page",
}
"""Pages that another test runs from their first block to their last."""

PLANS_ARE_READ = (
    "what-if backtest overturn sensitivity look-ahead nations east-west own-limits ranges speed data-in questions".split()
)
"""Pages about shipped plans, whose solves take minutes: overrides and sweeps are read here; slow tests solve the scenarios."""

NOT_RUN = {"from dask_jobqueue": "needs a cluster", "python3 -m venv": "installs; .ci/run runs those of the README"}
"""The first words of blocks that no test runs, and why."""


def lines(page: str) -> list[list[str]]:
    """The words of the lines of a page that begin with planner, or pipe into it."""
    text = "".join(SHELL.findall(PAGES[page]))
    return [shlex.split(line, comments=True) for line in re.findall(r"(?:^|\| )(planner .*)$", text, flags=re.MULTILINE)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder with a toy that was solved in place of the starting plan, into the workbook of the page on spreadsheets."""
    where = tmp_path_factory.mktemp("pages")
    write_plan(where / "my-plan", months=2, plan={"name": "my-plan"})
    openpyxl.Workbook().save(where / "model.xlsx")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(where)
        (words,) = [words for words in lines("spreadsheets") if "--into" in words]
        assert main([*words[1:], "--quiet"]) == 0
        assert "plan_chips" in openpyxl.load_workbook(where / "model.xlsx", read_only=True).sheetnames
        yield where


@pytest.mark.slow
@pytest.mark.parametrize("page", ON_A_TOY)
def test_commands_of_a_page_run_on_a_toy(page: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    ran = []
    for words in lines(page):
        small = [{"reference": "my-plan/plan.yaml", "--scheduler": ""}.get(word, word) for word in words[1:]]
        small = [re.sub(r":\d+$", ":2", word) if small[0] == "sweep" else word for word in small]
        apart = {"parquet", "", "results/east-data-west-compute"} & set(small) or small[:2] == ["new", "my-plan"]
        if small[0] in ON_A_TOY[page].split() and not apart and small != ["run", "my-plan/plan.yaml"]:
            small = [word for word in small if word not in ("--workers", "2")]
            assert main([*small, "--quiet"]) in (0, 8 if small[0] == "compare" else 0), words
            ran.append(small[0])
    assert set(ran) == set(ON_A_TOY[page].split())


@pytest.fixture(scope="module")
def database(folder: Path) -> Path:
    """The toy as a database."""
    found = folder / "query.sqlite"
    assert main(["export", str(folder / "results" / "my-plan"), "--format", "sqlite", "--out", str(found), "--quiet"]) == 0
    return found


QUERIES = [query.replace("2027-", "2028-") for query in re.findall(r"```sql\n(.*?)```", PAGES["export"], flags=re.DOTALL)]


@pytest.mark.slow
def test_the_query_of_the_page_on_export_finds_the_power_of_each_region(database: Path) -> None:
    with closing(sqlite3.connect(database)) as opened:
        found = opened.execute(QUERIES[0]).fetchall()
    assert {name for name, _, _ in found} == {"Ohio", "Bayern (München)"}
    assert [gwh for *_, gwh in found] == sorted((gwh for *_, gwh in found), reverse=True)


@pytest.mark.slow
def test_the_query_of_the_page_on_export_finds_the_headline_cost(database: Path) -> None:
    """Also where compute is unserved, as in the toy it is not."""
    with closing(sqlite3.connect(database)) as opened:
        opened.execute(
            "insert into costs (place_id, item_id, month, component, discounted_musd) values ('', '', '', 'unserved', 7)"
        )
        ((cost_musd,),) = opened.execute(QUERIES[1]).fetchall()
        ((headline,),) = opened.execute("select value from summary where key = 'cost'").fetchall()
    assert cost_musd == pytest.approx(float(headline), rel=1e-9)


def test_a_plan_from_standard_input_is_the_one_that_its_page_pipes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (piped,) = re.findall(r"^printf '(.*?)' \| planner run - ", PAGES["plan-files"], flags=re.MULTILINE)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("planner.read.files.source._piped", {})
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(piped.replace("\\n", "\n").encode())))
    assert main(["new", "my-plan", "--quiet"]) == 0
    assert load("-").settings.months == 12


@pytest.mark.slow
@pytest.mark.parametrize("page", ["cluster", "commands"])
def test_python_of_a_page_runs_on_a_toy(page: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    (block,) = [text for text in PYTHON.findall(PAGES[page]) if text.startswith("from planner import")]
    small = {
        "inputs/reference.yaml": "my-plan/plan.yaml",
        r"\.\.12:\d+": "..12:2",
        ", workers=2": "",
        "results/demand": "python",
    }
    for stated, instead in small.items():
        block = re.sub(stated, instead, block)
    monkeypatch.setattr("planner.api.run", lambda plan, out: solve(plan))  # without the writing
    names = {"__name__": "__main__"}
    exec(compile(block, page, "exec"), names)
    assert {"load", "sweep"} <= names.keys()


@pytest.mark.parametrize("page", WITH_FILES)
def test_plans_that_a_page_runs_are_read_with_the_files_that_it_shows(
    page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["new", "start", "--quiet"]) == 0
    for name, text in BLOCK.findall(PAGES[page]):
        (tmp_path / "start" / name).write_text(text + "\n", encoding="utf-8")
    assert read_plans(page) >= 1


@pytest.mark.parametrize("page", PLANS_ARE_READ)
def test_overrides_and_sweeps_of_a_page_are_read(page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["new", "my-plan", "--quiet"]) == 0
    for text in re.findall(r"^```csv\n(.*?)^```", PAGES[page], flags=re.DOTALL | re.MULTILINE):
        (tmp_path / "runs.csv").write_text(text, encoding="utf-8")
    read_plans(page, only=lambda args: bool(args.set or getattr(args, "vary", ()) or getattr(args, "runs", None)))


def read_plans(page: str, only: Callable[..., bool] = lambda args: True) -> int:
    """Read each plan that the page runs, and the first and the last point of each sweep; how many."""
    found = 0
    for words in lines(page):
        args = make_parser().parse_args(words[1:])
        stated = vars(args)
        if "set" not in stated or not only(args):
            continue
        named = stated["plan"] if isinstance(stated.get("plan"), list) else [stated.get("plan") or Path("reference")]
        plans = [load(ROOT / path if path.parts[0] == "inputs" else path, args.set) for path in named]
        if args.command == "sweep":
            axes = [read_axis(text) for text in args.vary]
            _, cases = cases_of(plans, axes, args.in_rows, args.runs)
            plans += [case.read() for case in (cases[0], cases[-1])]
        found += len(plans)
    return found


def test_every_block_is_run_somewhere() -> None:
    """A page with a new block is named above, or the block is, with a reason."""
    known = {*ON_A_TOY, *WITH_FILES, *WHOLE, *PLANS_ARE_READ, "commands", "plan-files"}
    blocks = [(page, block) for page, text in PAGES.items() for block in (*SHELL.findall(text), *PYTHON.findall(text))]
    assert [page for page, block in blocks if page not in known and not block.startswith(tuple(NOT_RUN))] == []
    assert {page for page, _ in blocks} >= known
    assert [words for words in NOT_RUN if not any(block.startswith(words) for _, block in blocks)] == []
    assert [name for name in WHOLE.values() if not (ROOT / "tests" / f"{name}.py").is_file()] == []
