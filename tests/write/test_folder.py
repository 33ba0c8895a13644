"""The result folder: whole or not at all, whatever goes wrong and wherever."""

from __future__ import annotations

import errno
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import yaml

import planner.write.folder.result_folder
import planner.write.folder.serialise
import planner.write.xlsx.run_workbook
from planner.errors import UsageError, VerificationError
from planner.write.folder.replace import REFUSAL, OutputError
from planner.write.folder.result_folder import sha256, write_run
from planner.write.folder.study import write_study
from planner.write.folder.targets import require_new, require_result, require_target
from tests.write.toy import FakeResult, make_result


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def write(result: FakeResult, out: Path, **options: Any) -> Path:
    return write_run(result, out, **options)  # type: ignore[arg-type]


def test_everything_is_there(result: FakeResult, tmp_path: Path) -> None:
    out = write(result, tmp_path / "deep" / "er" / "toy")
    assert {path.stem for path in (out / "tables").iterdir()} == {*result.tables, "summary"}
    assert sorted(path.name for path in out.iterdir()) == ["inputs", "manifest.json", "plan.xlsx", "tables"]
    assert list(out.parent.iterdir()) == [out]
    for name, frame in result.tables.items():
        read = pd.read_csv(out / "tables" / f"{name}.csv", keep_default_na=False, na_values={}, dtype=str)
        assert list(read.columns) == list(frame.columns)
        assert len(read) == len(frame)
    summary = pd.read_csv(out / "tables" / "summary.csv")
    assert summary.columns.tolist() == ["key", "value", "unit", "text"]
    assert summary["key"].tolist() == [line.key for line in result.summary]


def test_written_plan_is_resolved_and_keeps_the_word_no(result: FakeResult, tmp_path: Path) -> None:
    result.plan.mapping.update(extends="x.yaml", adjust=[{"table": "regions"}], chain=[{"file": "x"}], set=["months=4"])
    out = write(result, tmp_path / "toy")
    plan = yaml.safe_load((out / "inputs" / "plan.yaml").read_text(encoding="utf-8"))
    assert plan["tables"] == {"regions": "regions.csv", "accelerators": "accelerators.csv"}
    assert plan["country"] == "NO"
    assert not {"extends", "adjust", "chain", "set"} & set(plan)
    regions = pd.read_csv(out / "inputs" / "regions.csv", dtype=str)
    frame = pd.DataFrame(result.plan.tables["regions"].resolved)
    assert [float(cell) for cell in regions["pue"]] == frame["pue"].tolist()
    assert regions["name"].tolist() == frame["name"].tolist()


def test_manifest_hashes_every_file_and_times_every_phase(result: FakeResult, tmp_path: Path) -> None:
    judged: list[Path] = []
    out = write(result, tmp_path / "toy", verify=judged.append)
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["outputs"] == {
        name: sha256(out / name) for name in contents(out) if not name.startswith("inputs") and name != "manifest.json"
    }
    assert manifest["inputs"] == {path.name: sha256(path) for path in sorted((out / "inputs").iterdir())}
    assert manifest["sources"] == {"plans/toy.yaml": "0" * 64}
    assert list(manifest["timings"]) == ["solve", "write_tables", "write_inputs", "write_workbook", "verify"]
    assert manifest["versions"] == {"pyomo": "6.9"}
    assert judged[0] != out


def test_same_run_same_bytes_but_for_the_manifest(tmp_path: Path) -> None:
    one, two = contents(write(make_result(), tmp_path / "one")), contents(write(make_result(), tmp_path / "two"))
    one.pop("manifest.json")
    two.pop("manifest.json")
    assert one == two


def test_a_new_result_replaces_the_old_one_and_keeps_what_is_the_users(result: FakeResult, tmp_path: Path) -> None:
    out = write(result, tmp_path / "toy")
    (out / "notes.txt").write_text("mine")
    (out / "tables" / "stale.csv").write_text("old")
    write(make_result(name="second"), out)
    assert json.loads((out / "manifest.json").read_text())["plan"] == "second"
    assert (out / "notes.txt").read_text() == "mine"
    assert not (out / "tables" / "stale.csv").exists()
    assert list(tmp_path.iterdir()) == [out]


def test_a_link_to_a_result_stays_a_link(result: FakeResult, tmp_path: Path) -> None:
    real = write(result, tmp_path / "real")
    link = tmp_path / "link"
    link.symlink_to(real)
    assert write(make_result(name="second"), link) == real
    assert link.is_symlink()
    assert json.loads((link / "manifest.json").read_text())["plan"] == "second"


def no_space(*_: Any, **__: Any) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "somewhere")


def interrupt(*_: Any, **__: Any) -> None:
    raise KeyboardInterrupt


STEPS: list[tuple[Any, str]] = [
    (planner.write.folder.result_folder, "write_csv"),
    (planner.write.folder.result_folder, "_write_inputs"),
    (planner.write.folder.result_folder, "write_xlsx"),
    (planner.write.folder.result_folder, "write_json"),
    (planner.write.folder.result_folder, "swap"),
    (Path, "mkdir"),
    (Path, "rename"),
]


@pytest.mark.sampled(10)
@pytest.mark.parametrize(("place", "name"), STEPS, ids=[name for _, name in STEPS])
@pytest.mark.parametrize(("failure", "raised"), [(no_space, OutputError), (interrupt, KeyboardInterrupt)])
@pytest.mark.parametrize("before", [True, False], ids=["over a result", "nothing before"])
def test_a_failure_at_any_step_leaves_what_was_there(
    place: Any,
    name: str,
    failure: Callable[..., None],
    raised: type[BaseException],
    before: bool,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    out = tmp_path / "toy"
    if before:
        write(make_result(), out, workbook=False)
        (out / "notes.txt").write_text("mine")
    known = contents(tmp_path)
    monkeypatch.setattr(place, name, failure)
    with pytest.raises(raised) as caught:
        write(make_result(name="second"), out, workbook=name == "write_xlsx")
    monkeypatch.undo()
    assert contents(tmp_path) == known
    assert [path.name for path in tmp_path.iterdir()] == (["toy"] if before else [])
    if raised is OutputError:
        assert "No space left on device" in str(caught.value)
        assert ("the previous result is untouched" in str(caught.value)) == before


@pytest.mark.parametrize("which", [1, 2])
def test_a_failure_between_the_two_renames_brings_the_old_result_back(
    which: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = write(make_result(), tmp_path / "toy")
    known, rename, calls = contents(tmp_path), Path.rename, [0]

    def failing(self: Path, target: Path) -> Path:
        calls[0] += 1
        if calls[0] == which:
            raise KeyboardInterrupt
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", failing)
    with pytest.raises(KeyboardInterrupt):
        write(make_result(name="second"), out)
    assert contents(tmp_path) == known


def test_a_verdict_against_the_plan_keeps_the_previous_result(tmp_path: Path) -> None:
    out = write(make_result(), tmp_path / "toy")
    known = contents(tmp_path)

    def judge(folder: Path) -> None:
        assert (folder / "manifest.json").is_file()
        raise VerificationError("does not add up")

    with pytest.raises(VerificationError, match="does not add up"):
        write(make_result(name="second"), out, verify=judge)
    assert contents(tmp_path) == known


@pytest.mark.parametrize("name", ["x" * 255, "東" * 85])
def test_the_longest_name_that_the_system_takes(name: str, tmp_path: Path) -> None:
    for _ in range(2):
        write(make_result(), tmp_path / name, workbook=False)
    assert [path.name for path in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize("path", ["x" * 256, "x" * 300 + "/toy", "東" * 86, "/".join(["x" * 200] * 21)])
def test_a_name_that_the_system_does_not_take_is_refused_before_any_work(path: str, tmp_path: Path) -> None:
    for check in (require_target, require_new):
        with pytest.raises(UsageError, match="at most"):
            check(tmp_path / path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("failure", "raised"), [(no_space, OutputError), (interrupt, KeyboardInterrupt)])
def test_folders_made_for_a_result_that_fails_are_gone(
    failure: Callable[..., None], raised: type[BaseException], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "mine").mkdir()
    monkeypatch.setattr(planner.write.folder.result_folder, "write_csv", failure)
    monkeypatch.setattr(planner.write.folder.study, "write_csv", failure)
    with pytest.raises(raised):
        write(make_result(), tmp_path / "mine" / "deep" / "er" / "toy")
    with pytest.raises(raised):
        write_study(tmp_path / "mine" / "deep" / "er" / "toy", make_result().tables)
    assert list(tmp_path.rglob("*")) == [tmp_path / "mine"]


def test_tables_alone_go_to_a_new_folder(tmp_path: Path) -> None:
    out = tmp_path / "deep" / "toy"
    names = write_study(out, make_result().tables)
    assert {path.name for path in out.iterdir()} == set(names) == {f"{name}.csv" for name in make_result().tables}
    with pytest.raises(UsageError, match="is not empty"):
        require_new(out)


def test_a_folder_that_is_no_result_is_not_replaced(result: FakeResult, tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / "thesis.tex").write_text("years of work")
    with pytest.raises(UsageError, match="not a result of this planner"):
        write(result, home)
    assert (home / "thesis.tex").read_text() == "years of work"


def test_an_empty_folder_may_be_used(result: FakeResult, tmp_path: Path) -> None:
    (tmp_path / "toy").mkdir()
    assert (write(result, tmp_path / "toy") / "plan.xlsx").is_file()


def test_a_file_in_the_way_is_refused(result: FakeResult, tmp_path: Path) -> None:
    (tmp_path / "toy").write_text("x")
    with pytest.raises(UsageError, match="is a file"):
        write(result, tmp_path / "toy")
    with pytest.raises(UsageError, match="is not a folder"):
        write(result, tmp_path / "toy" / "below")


def test_a_folder_without_permission_is_refused_before_any_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(OutputError, match="cannot be written to"):
        require_target(tmp_path / "results" / "toy")


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may write anywhere")
def test_a_read_only_folder_is_refused(result: FakeResult, tmp_path: Path) -> None:
    locked = tmp_path / "locked"
    locked.mkdir(mode=0o555)
    with pytest.raises(OutputError, match="cannot be written to"):
        write(result, locked / "toy")


def test_the_reasons_why_there_is_no_plan_are_no_run(tmp_path: Path) -> None:
    for name in REFUSAL:
        (tmp_path / name).touch()
    with pytest.raises(UsageError, match="holds no plan, only why it is infeasible"):
        require_result(tmp_path)


def test_names_of_the_world(tmp_path: Path) -> None:
    out = write(make_result(name="plan für 東京 & <b>"), tmp_path / "plan für 東京")
    assert json.loads((out / "manifest.json").read_text(encoding="utf-8"))["plan"] == "plan für 東京 & <b>"
    shutil.rmtree(out)


def test_without_a_workbook(result: FakeResult, tmp_path: Path) -> None:
    assert not (write(result, tmp_path / "toy", workbook=False) / "plan.xlsx").exists()


def test_what_people_open_holds_no_formula(tmp_path: Path) -> None:
    """In the folder of a study; numbers stay numbers, those written as text too."""
    cells = ["=1+1", "+cmd|x", "-2", "-2+3", "@sum", " =A1", "a = b", "", "1e-3"]
    write_study(tmp_path / "study", {"words": pd.DataFrame({"cell": cells, "number": [-1.5] * len(cells)})})
    lines = (tmp_path / "study" / "words.csv").read_text().splitlines()[1:]
    assert [line.rsplit(",", 1)[0].strip('"') for line in lines] == [
        "'=1+1", "'+cmd|x", "-2", "'-2+3", "'@sum", "' =A1", "a = b", "", "1e-3",
    ]  # fmt: skip
    assert {line.rsplit(",", 1)[1] for line in lines} == {"-1.5"}
