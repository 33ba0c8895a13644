"""A plan may come from anyone: it reads nothing outside its folders, waits for nothing and grows to nothing."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from planner.read.load import load
from tests.fuzz import KINDS, fuzz
from tests.read.refusals import refused, refused_plan
from tests.read.toy import toy_tables, write_plan

TABLES = {name: f"tables/{name}.csv" for name in toy_tables()}
WHY = "why: to see\n"
HEADER = "generation_id,kunit,source,quality\n"


def names(path: str, folder: Path) -> list[str]:
    """What is said of a plan whose table dark is at `path`."""
    return refused_plan(write_plan(folder, plan={"tables": TABLES | {"dark": path}}))


@pytest.mark.parametrize("path", ["/etc/passwd", "/dev/zero", "C:\\dark.csv", "..\\dark.csv"])
def test_a_path_that_is_not_relative(path: str, tmp_path: Path) -> None:
    assert names(path, tmp_path) == [f"plan.yaml:32:9: {path}: expected a path relative to this file, with /"]


@pytest.mark.parametrize("path", ["../dark.csv", "tables/../../dark.csv", "../../../../../../etc/passwd", "~/../../x"])
def test_a_path_that_leaves(path: str, tmp_path: Path) -> None:
    expected = f"expected a path inside {tmp_path.name}/, the folder of the plan"
    assert names(path, tmp_path) == [f"plan.yaml:32:9: {path}: {expected}"]


@pytest.mark.parametrize("target", ["/etc/passwd", "/dev/zero", "..", "../outside.csv"])
def test_a_link_that_leaves(target: str, tmp_path: Path) -> None:
    (tmp_path / "outside.csv").write_text(HEADER)
    here = tmp_path / "here"
    path = write_plan(here, plan={"tables": TABLES | {"dark": "link.csv"}})
    (here / "link.csv").symlink_to(target)
    assert refused_plan(path) == ["plan.yaml:32:9: link.csv: expected a path inside here/, the folder of the plan"]


def test_a_link_that_stays(tmp_path: Path) -> None:
    path = write_plan(tmp_path, plan={"tables": TABLES | {"dark": "link.csv"}})
    (tmp_path / "link.csv").symlink_to("tables/dark.csv")
    assert len(load(path).tables["dark"])


def test_a_folder_that_is_a_link(tmp_path: Path) -> None:
    write_plan(tmp_path / "real")
    (tmp_path / "link").symlink_to("real")
    assert len(load(tmp_path / "link" / "plan.yaml").tables["dark"])


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    path = write_plan(tmp_path, plan={"tables": TABLES | {"dark": "pipe.csv"}})
    os.mkfifo(tmp_path / "pipe.csv")
    os.mkfifo(tmp_path / "pipe.yaml")
    assert refused_plan(path) == ["plan.yaml:32:9: pipe.csv: expected a file, found a device or a pipe"]
    assert refused_plan(tmp_path / "pipe.yaml") == ["pipe.yaml: expected a file, found a device or a pipe"]
    assert refused_plan(Path("/dev/zero")) == ["zero: expected a file, found a device or a pipe"]


@pytest.mark.skipif(not Path("/proc/self/maps").exists(), reason="files of the kernel are those of Linux")
def test_a_file_that_states_no_size() -> None:
    assert refused_plan(Path("/proc/self/maps"))[0].startswith("/proc/self/maps:")


NO_PLAN = {
    "notes.txt": ("start: a secret", "expected a plan: a file that ends in .yaml, .yml, .xlsx"),
    "../../../elsewhere/plan.yaml": ("start: a secret", "expected a plan in the folder of this file, in one of the two above"),
    "link.yaml": ("start: a secret", "expected a plan in the folder of this file, in one of the two above"),
    "words.yaml": ("a secret", "words.yaml: not a plan"),
    "numbers.yaml": ("012: a secret", "numbers.yaml: not a plan"),
    "tag.yml": ("!secret {}", "tag.yml: not a plan"),
    "conf.yaml": ("password: secret", "conf.yaml: not a plan"),
}


@pytest.mark.parametrize("name", NO_PLAN)
def test_extends_opens_plans_alone_and_repeats_nothing_else(name: str, tmp_path: Path) -> None:
    """Nor does the folder of such a file become one from which tables are read."""
    text, words = NO_PLAN[name]
    folder = tmp_path / "work" / "plans" / "mine"
    folder.mkdir(parents=True)
    (tmp_path / "elsewhere").mkdir()
    if name == "link.yaml":
        (tmp_path / "target.yaml").write_text(text)
        (folder / name).symlink_to(tmp_path / "target.yaml")
    else:
        (folder / name).write_text(text)
    (folder / "plan.yaml").write_text(f"extends: {name}\n{WHY}tables: {{regions: ../secret/keys.csv}}\n")
    found = refused_plan(folder / "plan.yaml")
    assert len(found) == 1
    assert words in found[0]
    assert "secret" not in found[0]


def test_a_plan_that_extends_another_reads_from_both_folders_only(tmp_path: Path) -> None:
    write_plan(tmp_path / "base")
    (tmp_path / "dark.csv").write_text(HEADER)
    (tmp_path / "base" / "dark.csv").write_text(HEADER + "beta,7,toy,estimate\n")
    mine = tmp_path / "mine" / "plan.yaml"
    mine.parent.mkdir()
    mine.write_text("extends: ../base/plan.yaml\n" + WHY + "tables: {dark: ../base/dark.csv}\n")
    assert load(mine).tables["dark"].column("kunit") == [7]
    mine.write_text("extends: ../base/plan.yaml\n" + WHY + "tables: {dark: ../dark.csv}\n")
    assert refused_plan(mine) == [
        "plan.yaml:3:16: ../dark.csv: expected a path inside mine/ or base/, the folders of the plan",
    ]


BYTES = {
    "UTF-16 that is cut": (
        (HEADER + "beta,7,toy,estimate\n").encode("utf-16")[:-1],
        "tables/dark.csv:2: byte 0x0a: expected text in UTF-16",
    ),
    "a NUL": (HEADER.replace(",", "\0").encode(), "tables/dark.csv:1: a NUL character: expected a CSV text"),
    "a giant cell": (
        (HEADER + f'beta,7,"{"x" * 100_001}",estimate\n').encode(),
        "tables/dark.csv:2: not valid CSV: field larger than field limit (100000)",
    ),
    "a giant number": (
        (HEADER + f"beta,{'9' * 5_000},toy,estimate\n").encode(),
        f"tables/dark.csv:2:2: kunit = {'9' * 77}...: expected a finite number",
    ),
    "a number with a huge exponent and a unit": (
        (HEADER + "beta,1e999999999 units,toy,estimate\n").encode(),
        "tables/dark.csv:2:2: kunit = 1e999999999 units: expected a finite number",
    ),
    "1e400": ((HEADER + "beta,1e400,toy,estimate\n").encode(), "tables/dark.csv:2:2: kunit = 1e400: expected a finite number"),
    "a column that breaks a line": (
        b'generation_id,"a\nb","a\nb",kunit,source,quality\n',
        "tables/dark.csv:1:3: duplicate column a\\nb: first as column 2",
    ),
}


@pytest.mark.parametrize("name", BYTES)
def test_bytes_of_a_table(name: str, tmp_path: Path) -> None:
    data, finding = BYTES[name]
    path = write_plan(tmp_path)
    (tmp_path / "tables" / "dark.csv").write_bytes(data)
    assert finding in refused_plan(path)


@pytest.mark.parametrize("change", [lambda text: "\ufeff" + text, lambda text: text.replace("\n", "\r\n")], ids=["", "CR"])
def test_a_plan_as_windows_writes_it(change: object, tmp_path: Path) -> None:
    path = write_plan(tmp_path)
    path.write_bytes(change(path.read_text()).encode())  # type: ignore[operator]
    assert load(path).settings.months == 4


def test_a_plan_in_utf_16(tmp_path: Path) -> None:
    path = write_plan(tmp_path)
    path.write_bytes(path.read_text().encode("utf-16"))
    assert refused_plan(path) == ["plan.yaml:1: byte 0xff: expected text in UTF-8"]


@pytest.mark.parametrize(
    ("months", "said"),
    [
        ("9" * 5_000, "expected a finite number"),
        ("1e400", "expected a finite number"),
        ("123456789012345678901234567890", "expected a whole number"),
        ("1e999999999 years", "expected a whole number"),
    ],
)
def test_huge_numbers_in_a_plan(months: str, said: str, tmp_path: Path) -> None:
    path = write_plan(tmp_path)
    path.write_text(path.read_text().replace("months: 4\n", f"months: {months}\n"))
    found = refused_plan(path)
    assert any(said in finding for finding in found)
    assert all(len(finding) < 500 for finding in found)


@pytest.mark.parametrize(
    "text",
    ["a: [" + "1," * 400_000 + "]", "\n".join(f"k{n}: 1" for n in range(90_000)), "a: " + "[" * 900_000, "{a: " * 200_000],
    ids=["a long list", "many keys", "deep lists", "deep mappings"],
)
def test_a_large_plan_is_refused(text: str, tmp_path: Path) -> None:
    path = tmp_path / "plan.yaml"
    path.write_text(text)
    (finding,) = refused_plan(path)
    assert "more than 10000 values" in finding or "nested deeper than 20 levels" in finding


def test_a_key_as_long_as_a_book_is_cut(tmp_path: Path) -> None:
    (finding,) = refused(tmp_path, plan={"x" * 100_000: 1})
    assert finding.startswith("plan.yaml:")
    assert len(finding) < 2_100


@pytest.mark.slow
def test_the_starting_plan_spoilt_at_random(tmp_path: Path) -> None:
    """The same cases on every machine and every day; `python -m tests.fuzz` begins where nobody has been."""
    cases, failed, outcomes = fuzz(tmp_path, 3_600, seed=0, most=200)
    assert not failed, failed
    assert cases == 200
    assert {word.split()[0] for word in outcomes} == set(KINDS)
    assert {word.split()[1] for word in outcomes} >= {"loaded", "refused"}
