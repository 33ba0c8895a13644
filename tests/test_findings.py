"""Every finding has a code, every code is in use, and the page of the codes is current."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path

import pytest

from docs.findings import PAGE, page
from planner.api import STARTING_PLAN
from planner.check.checks import check
from planner.cli.entry import main
from planner.codes import EVERY_CODE, AnyCode
from planner.read.load import load
from tests.house import MODULES, parsed
from tests.read.refusals import refused
from tests.read.toy import edit, write_plan


def test_every_code_is_in_use() -> None:
    """That errors refuse and warnings do not, is held by the types of `Finding` and `Notice`."""
    source = "".join(ast.unparse(parsed(path)) for module, path in MODULES.items() if not module.startswith("planner.codes"))
    assert [str(code) for code in EVERY_CODE if not re.search(rf"{type(code).__name__}\.{code.name}\b", source)] == []


@pytest.mark.parametrize("code", EVERY_CODE, ids=str)
def test_a_code_says_what_it_means_and_what_to_do(code: AnyCode) -> None:
    for text in (code.means, code.cause, code.way_out):
        assert text.endswith("."), text


def test_the_page_of_the_codes_is_current() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run `python -m docs.findings`"


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("W-VALUE-IMPLAUSABLE", "the code of a warning or a note (did you mean W-VALUE-IMPLAUSIBLE?)"),
        ("w-value-implausible", "the code of a warning or a note (did you mean W-VALUE-IMPLAUSIBLE?)"),
        ("E-CELL-VALUE", "the code of a warning or a note: an error cannot be allowed"),
    ],
)
def test_only_a_known_warning_can_be_allowed(
    code: str, expected: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for command in ("check", "run"):
        assert main([command, str(STARTING_PLAN), "--allow", code]) == 3
        assert capsys.readouterr().err.splitlines()[0] == f"--allow {code}: expected {expected} [E-KEY-VALUE]"
    (finding,) = refused(tmp_path, plan={"allow": [code]})
    assert f"allow.0 = {code}: expected {expected}" in finding


def test_what_is_allowed_is_neither_printed_nor_counted_and_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = str(write_plan(tmp_path, accelerators=edit({"generation_id": "alpha"}, kw_per_unit=1200)))
    assert main(["check", path]) == 0
    before = capsys.readouterr().out.splitlines()
    found = [line for line in before if "[W-VALUE-IMPLAUSIBLE]" in line]
    assert found
    assert "wrong" in before[-1]
    allow = ["--allow", "W-VALUE-IMPLAUSIBLE", "--allow", "W-PROPORTION", "--allow", "W-VALUE-APART"]
    assert main(["check", path, *allow]) == 0
    after = capsys.readouterr().out.splitlines()
    assert set(after[:-1]) == {line for line in before[:-1] if not any(f"[{code}]" in line for code in allow[1::2])}
    assert "sound" in after[-1]
    assert after[-1].endswith(f"; allowed: {', '.join(allow[1::2])}")
    assert main(["check", path, "--json", *allow]) == 0
    record = json.loads(capsys.readouterr().out)
    assert (record["doubts"], record["allowed"]) == ([], allow[1::2])
    assert {notice["code"] for notice in record["notices"]}.isdisjoint(allow)


def test_a_plan_and_the_command_line_allow_together(tmp_path: Path) -> None:
    path = write_plan(tmp_path, plan={"allow": ["N-CHIPS"]})
    plan = load(path, allow=["N-START", "N-CHIPS"])
    assert plan.settings.allow == ("N-CHIPS", "N-START")
    assert plan.to_mapping()["allow"] == ["N-CHIPS", "N-START"]
    assert "allow" not in load(write_plan(tmp_path / "other")).to_mapping()
    assert {str(one.code) for one in check(plan)}.isdisjoint(plan.settings.allow)
    assert {"N-CHIPS", "N-START"} <= {str(one.code) for one in check(load(write_plan(tmp_path / "third")))}


def test_what_no_plan_can_meet_is_said_all_the_same(tmp_path: Path) -> None:
    closing = {"region_id": "bavaria", "option_id": "halls", "month": "2028-02", "close_mw": 50}
    orders = [{**closing, "source": "toy", "quality": "estimate"}]
    path = write_plan(tmp_path, commitments=orders, plan={"allow": ["W-COMMITMENT-IMPOSSIBLE"]})
    assert "W-COMMITMENT-IMPOSSIBLE" in {str(one.code) for one in check(load(path))}


def test_a_run_names_what_was_allowed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out"
    assert main(["run", str(write_plan(tmp_path)), "--out", str(out), "--allow", "N-CHIPS"]) == 0
    printed = capsys.readouterr()
    assert "allowed: N-CHIPS" in printed.out.splitlines()
    assert "[N-CHIPS]" not in printed.err
    assert json.loads((out / "manifest.json").read_text(encoding="utf-8"))["allowed"] == ["N-CHIPS"]
    assert load(out / "inputs" / "plan.yaml").settings.allow == ("N-CHIPS",)
