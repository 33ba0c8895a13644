"""`planner new`: a folder with a plan that loads, is sound, and says where its numbers come from."""

from __future__ import annotations

import csv
import itertools
import json
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest

from planner import api, cli
from planner.errors import UsageError


@pytest.fixture
def folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    assert cli.main(["new", str(tmp_path / "mine")]) == 0
    capsys.readouterr()
    return tmp_path / "mine"


def test_it_says_the_next_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "my plan"
    assert cli.main(["new", str(target)]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == f"Next: planner run '{target / 'plan.yaml'}'"
    assert cli.main(["new", str(tmp_path / "b"), "--quiet"]) == 0
    assert capsys.readouterr().out == f"{tmp_path / 'b' / 'plan.yaml'}\n"
    assert cli.main(["new", str(tmp_path / "c"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["plan"] == str(tmp_path / "c" / "plan.yaml")


def test_a_folder_that_is_not_empty_is_left_alone(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "plan.yaml").write_text("mine")
    assert cli.main(["new", str(folder)]) == 2
    assert "is not empty" in capsys.readouterr().err
    assert (folder / "plan.yaml").read_text() == "mine"


def test_an_empty_folder_is_filled_and_a_file_is_not(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "empty").mkdir()
    assert cli.main(["new", str(tmp_path / "empty")]) == 0
    (tmp_path / "file").touch()
    assert cli.main(["new", str(tmp_path / "file")]) == 2
    assert cli.main(["new", str(tmp_path / "file" / "below")]) == 2
    assert "Traceback" not in capsys.readouterr().err


@pytest.mark.parametrize(("stop", "code"), [(KeyboardInterrupt(), 130), (OSError(28, "No space left on device"), 1)], ids=str)
@pytest.mark.parametrize("given", ["made/for/it", "empty"])
def test_who_stops_it_finds_the_whole_plan_or_nothing(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    stop: BaseException,
    code: int,
    given: str,
) -> None:
    (tmp_path / "empty").mkdir()
    write = Path.write_bytes

    def write_most(path: Path, content: bytes) -> int:
        if path.name == "supply.csv":
            write(path, content[:10])
            raise stop
        return write(path, content)

    monkeypatch.setattr(Path, "write_bytes", write_most)
    assert cli.main(["new", str(tmp_path / given)]) == code
    assert list(tmp_path.rglob("*")) == [tmp_path / "empty"]
    assert "Traceback" not in capsys.readouterr().err


def test_the_copy_is_the_template_under_the_name_of_its_folder(folder: Path) -> None:
    template = files("planner") / "new"
    names = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    names.remove("plan.schema.json")  # generated
    assert "plan.yaml" in names
    assert "tables/regions.csv" in names
    for name in names:
        expected = (template / name).read_bytes()
        if name == "plan.yaml":
            expected = expected.replace(b"name: my-plan", f'name: "{folder.name}"'.encode())
            expected = expected.replace(b"my-plan", folder.name.encode())
        assert (folder / name).read_bytes() == expected
    assert api.load(folder / "plan.yaml").name == folder.name


def test_the_plan_loads_and_nothing_in_it_is_a_warning(folder: Path) -> None:
    plan = api.load(folder / "plan.yaml")
    assert [str(notice) for notice in api.check(plan) if notice.level == "warning"] == []
    assert len(plan.tables["regions"]) == 6
    assert len(plan.tables["designs"]) == 1


def test_every_row_has_a_source_and_a_quality(folder: Path) -> None:
    for path in sorted((folder / "tables").glob("*.csv")):
        with path.open(newline="", encoding="utf-8") as file:
            for row in csv.DictReader(file):
                assert row["source"], path
                assert row["quality"] in ("measured", "published_forecast", "estimate"), path


JUNE = "demand[us_east,interactive,2027-06].start_kh100e=80"


@pytest.mark.parametrize(
    "override",
    ["power[us_ercot_texas,grid].step_mw_per_month*=2", "launch_price.usd_per_kg=200", "demand.doubling_months=9", JUNE],
)
def test_the_overrides_that_its_comments_suggest_work(folder: Path, override: str) -> None:
    assert override in (folder / "plan.yaml").read_text(encoding="utf-8")
    assert api.load(folder / "plan.yaml", [override]).overrides == (override,)


def test_the_scenario_in_its_comments_loads(folder: Path) -> None:
    lines = (folder / "plan.yaml").read_text(encoding="utf-8").splitlines()
    first = lines.index("#   extends: plan.yaml")
    scenario = [line.removeprefix("#   ") for line in itertools.takewhile(lambda line: line.startswith("#   "), lines[first:])]
    (folder / "scenario.yaml").write_text("\n".join(scenario), encoding="utf-8")
    before, after = api.load(folder / "plan.yaml"), api.load(folder / "scenario.yaml")
    assert [len(after.to_mapping()["adjust"]), len(before.tables["residency"]) - len(after.tables["residency"])] == [3, 1]
    assert set(after.tables["launch_price"].column("usd_per_kg")) == {200}
    steps = [np.array(plan.tables["power"].column("step_mw_per_month")) for plan in (before, after)]
    assert sum((steps[1] == 2 * steps[0]) & (steps[0] > 0)) == 2


@pytest.mark.slow
def test_the_plan_runs_to_an_optimum_that_the_judge_confirms(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = folder / "out"
    assert cli.main(["run", str(folder / "plan.yaml"), "--out", str(out), "--json"]) == 0
    record = json.loads(capsys.readouterr().out)
    assert (record["status"], record["folder"]) == ("optimal", str(out))
    assert cli.main(["verify", str(out)]) == 0
    again = ["run", str(out / "inputs" / "plan.yaml"), "--out", str(folder / "again"), "--quiet"]
    assert cli.main(again) == 0
    for path in sorted((out / "tables").iterdir()):
        assert path.read_bytes() == (folder / "again" / "tables" / path.name).read_bytes(), path.name


def test_a_name_that_no_system_takes_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["new", str(tmp_path / ("x" * 300))]) == 2
    assert "File name too long: give the name of a new folder" in capsys.readouterr().err


def test_a_shipped_plan_to_start_from(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Its files as they are, and a plan.yaml that extends it: the same plan under the name of the folder."""
    target = tmp_path / "of ours"
    assert cli.main(["new", str(target), "--from", "no-orbit"]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == f"Next: planner run '{target / 'plan.yaml'}'"
    shipped, copied = api.load("no-orbit"), api.load(target / "plan.yaml")
    assert copied.name == "of ours"
    assert [link.name for link in copied.links[1:]] == ["no-orbit", "reference"]
    for source in shipped.sources:
        assert (target / source.name).read_bytes() == source.data
    names = {path.relative_to(target).as_posix() for path in target.rglob("*") if path.is_file()}
    assert names == {"plan.yaml", "plan.schema.json", *(source.name for source in shipped.sources)}
    resolved = [{**plan.to_mapping(), "name": "", "why": "", "chain": [], "tables": {}} for plan in (shipped, copied)]
    assert resolved[0] == resolved[1]
    assert {name: table.columns for name, table in shipped.tables.items()} == {
        name: table.columns for name, table in copied.tables.items()
    }


def test_a_plan_with_the_name_of_a_start_is_copied_as_it_is(folder: Path, tmp_path: Path) -> None:
    assert cli.main(["new", str(tmp_path / "again"), "--from", str(folder / "plan.yaml")]) == 0
    files = {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    again = tmp_path / "again"
    assert {path.relative_to(again): path.read_bytes() for path in again.rglob("*") if path.is_file()} == files


def test_the_change_that_its_comment_shows_holds(tmp_path: Path) -> None:
    target = tmp_path / 'a "name": # of no folder'
    assert len(api.new(target, api.load("reference"))) == 23
    path = target / "plan.yaml"
    text = path.read_text(encoding="utf-8")
    shown = [line.removeprefix("#   ") for line in text.splitlines() if line.startswith("#   ")]
    path.write_text(text + "\n".join(shown), encoding="utf-8")
    plan = api.load(path)
    assert plan.settings.demand.doubling_months == 9
    assert plan.name == "my-plan"


def test_what_is_more_than_its_files_is_not_copied(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="was changed by months=3: only files can be copied"):
        api.new(tmp_path / "changed", api.load(folder / "plan.yaml", ["months=3"]))
    (folder / "water.py").write_text("raise SystemExit", encoding="utf-8")
    (folder / "plan.yaml").write_text(
        (folder / "plan.yaml").read_text(encoding="utf-8") + "\nown_limits: [{file: water.py}]\n", encoding="utf-8"
    )
    with pytest.raises(UsageError, match="lists limits of its own"):
        api.new(tmp_path / "limited", api.load(folder / "plan.yaml"))
    assert not (tmp_path / "limited").exists()


def test_a_plan_that_is_refused_is_not_copied(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "bad.yaml").write_text("start: 2027-13\n", encoding="utf-8")
    assert cli.main(["new", str(tmp_path / "a"), "--from", str(tmp_path / "bad.yaml")]) == 3
    assert not (tmp_path / "a").exists()
    assert "start = 2027-13" in capsys.readouterr().err
