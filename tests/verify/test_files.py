"""What cannot be read is a finding with its place: missing files, columns and rows, strange cells, hashes, the manifest."""

from __future__ import annotations

import json
import os
import shutil
from copy import deepcopy
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from planner import api
from planner.api import report
from planner.errors import UsageError
from planner.runs.read import read_written
from planner.verify.hashes import check_hashes, edited, seal_of
from planner.verify.verify import verify
from tests.read.toy import write_plan
from tests.verify.cells import CELLS, TABLES, failures, rewrite
from tests.verify.given import INPUTS
from tests.verify.toy import write_manifest


@pytest.mark.sampled(5)
@pytest.mark.parametrize("table", sorted(set(TABLES) - {"summary"}))
def test_a_missing_table_is_a_finding(run: Path, table: str) -> None:
    (run / "tables" / f"{table}.csv").unlink()
    verdict = verify(run)
    assert not verdict.ok
    assert any(f"tables/{table}.csv: missing" in line for line in verdict.lines())


@pytest.mark.sampled(6)
@pytest.mark.parametrize(("table", "column"), list(dict(CELLS).items()))
def test_a_missing_column_is_a_finding(run: Path, table: str, column: str) -> None:
    path = run / "tables" / f"{table}.csv"
    pd.read_csv(path, dtype=str, keep_default_na=False).drop(columns=column).to_csv(path, index=False)
    verdict = verify(run)
    assert any(f"tables/{table}.csv: column {column} missing" in line for line in verdict.lines())


@pytest.mark.sampled(5)
@pytest.mark.parametrize(
    ("table", "column", "value", "words"),
    [
        ("fleet", "deploy_kunit", "", "row 2: deploy_kunit must be a number, zero or more, not empty"),
        ("fleet", "deploy_kunit", "nan", "row 2: deploy_kunit must be a number, zero or more, not 'nan'"),
        ("fleet", "deploy_kunit", "inf", "row 2: deploy_kunit must be a number, zero or more, not inf"),
        ("fleet", "deploy_kunit", "-1", "row 2: deploy_kunit must be a number, zero or more, not -1"),
        ("fleet", "deploy_kunit", "many", "row 2: deploy_kunit must be a number, zero or more, not 'many'"),
        ("fleet", "place_id", "atlantis", "row 2: place_id 'atlantis' is not known to the plan"),
        ("power", "option_id", "", "row 2: option_id '' is not known to the plan"),
        ("chips", "month", "2031-01", "row 2: month '2031-01' is not known to the plan"),
        ("chips", "month", "2027-02", "row 3: a second row for old / 2027-02"),
        ("costs", "component", "bribes", "costs holds a component that no one knows: 'bribes'"),
        ("costs", "item_id", "coal", "has no such place or item"),
        ("limits", "where", "texas / coal", "limits holds a row for a limit that the plan does not have"),
        ("limits", "where", "texas", "limits holds a row for a limit that the plan does not have"),
        ("limits", "month", "", "limits holds a row for a limit that the plan does not have"),
        ("limits", "constraint", "gravity", "limits holds a row for a limit that the plan does not have"),
        ("limits", "month", "2027-03", "a limit with a price binds, but"),
        ("entry", "boundary", "energy", "entry names the boundary 'energy', the plan 'facility'"),
        ("entry", "generation_id", "next", "entry names a generation that is not known: 'next'"),
    ],
)
def test_a_strange_cell_is_named(run: Path, table: str, column: str, value: str, words: str) -> None:
    rewrite(run / "tables" / f"{table}.csv", 0, column, value)
    assert any(words in line for line in verify(run).lines()), verify(run).lines()


def test_hashes(run: Path) -> None:
    path = run / "tables" / "summary.csv"
    path.write_text(path.read_text().replace("in words", "in other words"))
    assert failures(verify(run)) == {"hashes.outputs"}
    assert verify(run, hashes=False).ok
    (run / "inputs" / "dark.csv").write_text(INPUTS["dark"].replace("0.5", "0.50"))
    (run / "tables" / "more.csv").write_text("a\n1\n")
    (run / "inputs" / "launch.csv").rename(run / "inputs" / "launches.csv")
    sentences = {check.name: check.sentence for check in verify(run).failed}
    assert "tables/more.csv is not in the manifest" in sentences["hashes.outputs"]
    assert sentences["hashes.inputs"] == (
        "launches.csv is not in the manifest; dark.csv was changed after it was written; launch.csv is missing"
    )


def test_what_stands_in_the_place_of_the_report_and_is_no_file_is_seen(run: Path) -> None:
    manifest = json.loads((run / "manifest.json").read_text())
    manifest["outputs"]["report.html"] = "0" * 64
    (run / "manifest.json").write_text(json.dumps(manifest | {"sha256": seal_of(manifest)}))
    assert verify(run).ok  # it may be missing, and is written again from what is verified
    (run / "report.html").symlink_to("/dev/null")
    assert [check.sentence for check in verify(run).failed] == ["report.html is not a file"]


def test_without_hashes_in_the_manifest_or_without_a_manifest(run: Path) -> None:
    path = run / "manifest.json"
    manifest = json.loads(path.read_text())
    path.write_text(json.dumps({"solver": manifest["solver"]}))
    assert failures(verify(run)) == {"hashes.outputs", "hashes.inputs", "hashes.manifest", "manifest.plan", "manifest.boundary"}
    path.write_text("{")
    assert failures(verify(run)) == {"manifest.json"}
    path.write_text("[]")
    assert failures(verify(run)) == {"manifest.json"}
    path.unlink()
    assert failures(verify(run)) == {"manifest.json"}


def leaves(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Where the values of a manifest stand, each part that holds several included."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path] * bool(path) + [leaf for key, each in inside for leaf in leaves(each, (*path, key))]


def test_every_edit_of_the_manifest_is_seen(solved: Path, tmp_path: Path) -> None:
    """Each value changed, and each removed; what follows from the plan or the objectives even with the hash forged."""
    run = Path(shutil.copytree(solved, tmp_path / "run"))
    manifest = json.loads((run / "manifest.json").read_text(encoding="utf-8"))
    found = leaves(manifest)
    assert len(found) > 60
    for path in found:
        for remove in (False, True):
            spoilt = deepcopy(manifest)
            *parents, last = path
            inside: Any = spoilt
            for key in parents:
                inside = inside[key]
            if remove:
                inside.pop(last)
            else:
                inside[last] = "another"
            assert not check_hashes(run, spoilt)[-1].ok, path
    for path, value in {("plan",): "b", ("boundary",): "energy", ("solver", "relative_gap"): 0.5}.items():
        spoilt = deepcopy(manifest)
        (spoilt[path[0]] if path[1:] else spoilt)[path[-1]] = value
        write_manifest(run, spoilt)
        assert failures(verify(run)) == {f"manifest.{path[-1]}"}


@pytest.mark.slow
def test_a_report_is_the_one_that_was_written(solved: Path, tmp_path: Path) -> None:
    run = Path(shutil.copytree(solved, tmp_path / "run"))
    assert verify(run).ok  # a report is no part of the result
    report([run])
    assert verify(run).ok
    with (run / "report.html").open("a") as file:
        file.write("<p>Everything is free")
    assert failures(verify(run)) == {"hashes.outputs"}
    assert report([run]).verdicts[0].ok
    assert verify(run).ok
    with (run / "report.html").open("a") as file:
        file.write("<p>Everything is free")
    restated = json.loads((run / "manifest.json").read_text(encoding="utf-8")) | {"plan": "another"}
    (run / "manifest.json").write_text(json.dumps(restated), encoding="utf-8")
    report([run])  # of an edited run: it says so, and the manifest stays edited
    assert failures(verify(run)) == {"hashes.outputs", "hashes.manifest", "manifest.plan"}


@pytest.mark.parametrize(
    ("file", "text", "words"),
    [
        ("manifest.json", "[" * 200_000, "nested too deeply"),
        ("inputs/plan.yaml", "[" * 20_000, "nested too deeply"),
        ("inputs/plan.yaml", "start: !!timestamp x\n", "a tag, which a resolved plan never has"),
        ("inputs/plan.yaml", "x: !!int zz\n", "a tag, which a resolved plan never has"),
        ("inputs/plan.yaml", "start: 2027-02-31\n", "day is out of range for month"),
    ],
)
def test_a_file_that_is_not_well_formed(run: Path, file: str, text: str, words: str) -> None:
    (run / file).write_text(text)
    name = Path(file).name
    assert [check.sentence for check in verify(run).failed] == [f"{name}: is not well formed ({words})"]
    with pytest.raises(UsageError, match=f"{name}: is not well formed: {words}"):
        read_written(run)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
@pytest.mark.parametrize("file", ["manifest.json", "inputs/plan.yaml", "inputs/regions.csv", "tables/fleet.csv", "report.html"])
def test_a_pipe_is_not_waited_for_and_what_never_ends_is_not_read(run: Path, file: str) -> None:
    path = run / file
    path.unlink(missing_ok=True)
    os.mkfifo(path)
    said = [check.sentence for check in verify(run).failed]
    path.unlink()
    path.symlink_to("/dev/zero")
    assert [check.sentence for check in verify(run).failed] == said
    assert said or file == "report.html"  # which `planner report` writes again


def test_two_rows_of_one_name(run: Path) -> None:
    """A name twice is told for what it is, in inputs and results, before anything is counted by it."""
    (run / "tables" / "slices.csv").write_text("slice_id,day_type,utc_hour,length_h\na,typical,0,12\na,typical,12,12\n")
    (run / "inputs" / "regions.csv").write_text(
        (text := (run / "inputs" / "regions.csv").read_text()) + text.splitlines()[1] + "\n"
    )
    assert [check.sentence for check in verify(run).failed] == [
        f"inputs/regions.csv: row {len(text.splitlines()) + 1}: a second row for {text.splitlines()[1].split(',')[0]}",
        "tables/slices.csv: row 3: a second row for a",
    ]


def test_a_slice_is_of_whole_hours(run: Path) -> None:
    (run / "tables" / "slices.csv").write_text("slice_id,day_type,utc_hour,length_h\na,typical,0,12\nb,typical,12,12.12\n")
    assert [check.sentence for check in verify(run).failed] == [
        "tables/slices.csv: row 3: length_h must be a whole hour, not 12.12"
    ]


def test_a_folder_that_is_no_run(tmp_path: Path) -> None:
    verdict = verify(tmp_path)
    assert not verdict.ok
    assert "FAIL plan.yaml: plan.yaml: cannot be read (FileNotFoundError)" in verdict.lines()


def test_all_findings_come_at_once(run: Path) -> None:
    (run / "tables" / "chips.csv").unlink()
    (run / "inputs" / "regions.csv").write_text("region_id,pue\ntexas,much\n")
    (run / "tables" / "halls.csv").write_bytes(b"\xff\xfe\x00")
    lines = "\n".join(verify(run).lines())
    assert "tables/chips.csv: missing" in lines
    assert "inputs/regions.csv: column country_iso2" in lines
    assert "tables/halls.csv: cannot be read as a table" in lines


def test_empty_optional_columns_may_be_absent(run: Path) -> None:
    for table, columns in {"accelerators": ["only_countries"], "shares": ["to_month"]}.items():
        path = run / "inputs" / f"{table}.csv"
        pd.read_csv(path, dtype=str, keep_default_na=False).drop(columns=columns).to_csv(path, index=False)
    path = run / "inputs" / "regions.csv"
    frame = pd.read_csv(path, dtype=str, keep_default_na=False)
    frame[frame["region_id"] == "dublin"].drop(columns="nameplate_frac").to_csv(path, index=False)
    lines = verify(run, hashes=False).lines()
    assert not any("column" in line for line in lines), lines
    assert any("region_id 'texas' is not known to the plan" in line for line in lines)


@pytest.mark.parametrize(("first", "last"), [("2026-13", "2026-12"), ("spring", "2026-12"), ("2026-12", "2026-01")])
def test_strange_ages_are_a_finding(run: Path, first: str, last: str) -> None:
    rewrite(run / "inputs" / "fleet.csv", 0, "delivered_from", first)
    rewrite(run / "inputs" / "fleet.csv", 0, "delivered_to", last)
    assert any("row 2: delivered_from and delivered_to are not two months in order" in line for line in verify(run).lines())


def test_a_plan_without_orbit_needs_no_orbit_tables(run: Path) -> None:
    (run / "inputs" / "designs.csv").unlink()
    for name in ("orbit", "orbit_coefficients", "launch", "entry"):
        (run / "tables" / f"{name}.csv").unlink()
    lines = "\n".join(verify(run, hashes=False).lines())
    assert "missing" not in lines
    assert "place_id 'dawn' is not known to the plan" in lines


def test_slices_are_those_of_the_plan(hourly: Path, tmp_path: Path) -> None:
    run = Path(shutil.copytree(hourly, tmp_path / "run"))
    path = run / "tables" / "slices.csv"
    slices = pd.read_csv(path)
    slices["day_type"] = slices["day_type"].where(slices.index > 0, "weekend")
    slices.to_csv(path, index=False)
    told = {(check.place, check.sentence) for check in verify(run, hashes=False).failed if check.name == "slices"}
    law = "the segments of a day do not follow each other round the clock as the plan says"
    twice = "the plan has 3 day types of 4 segments, tables/slices.csv 12"  # and one of them is another's
    assert told == {("typical", law), ("weekend", law), ("", twice)}
    plan = run / "inputs" / "plan.yaml"
    assert "\nslices: 4\n" in plan.read_text()
    plan.write_text(plan.read_text().replace("\nslices: 4\n", "\nslices: 3\n"))
    assert ("", "the plan has 3 day types of 3 segments, tables/slices.csv 12") in {
        (check.place, check.sentence) for check in verify(run, hashes=False).failed
    }


def test_a_day_of_one_segment_may_start_at_any_hour(tmp_path: Path) -> None:
    plan = api.load(write_plan(tmp_path / "plan", months=2), ["slices=[23]"])
    done = api.run(plan, tmp_path / "run")
    assert done.verdict.ok
    assert "slices" not in done.tables


def test_a_profile_that_is_nowhere_is_a_finding(hourly: Path, tmp_path: Path) -> None:
    run = Path(shutil.copytree(hourly, tmp_path / "run"))
    rewrite(run / "inputs" / "power.csv", 0, "profile_id", "nowhere")
    (told,) = verify(run, hashes=False).failed
    assert told.sentence == "inputs/profiles.csv: no profile 'nowhere', which another table names"


def test_a_folder_without_hashes_says_nothing_of_what_was_edited(run: Path) -> None:
    assert edited(run, json.loads((run / "manifest.json").read_text())) == ""
    assert edited(run, {}).startswith("without the hashes of its files in manifest.json")


@pytest.mark.parametrize(
    ("table", "column", "value", "words"),
    [
        ("regions", "latitude_deg", "1e300", "a number from -90 to 90, not 1e+300"),
        ("zones", "longitude_deg", "-181", "a number from -180 to 180, not -181"),
        ("regions", "commission_months", "1e300", "a number from 0 to 1200, not 1e+300"),
        ("accelerators", "life_years", "12345678", "a number from 0 to 1000, not 1.23457e+07"),
    ],
)
def test_a_number_of_which_months_or_hours_are_counted_is_bounded(
    run: Path, table: str, column: str, value: str, words: str
) -> None:
    rewrite(run / "inputs" / f"{table}.csv", 0, column, value)
    assert [check.sentence for check in verify(run, hashes=False).failed] == [
        f"inputs/{table}.csv: row 2: {column} must be {words}"
    ]
