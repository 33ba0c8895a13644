"""YAML as version 1.2 reads it, with places, and without what a stranger's file could do."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from planner.findings import Findings, SourceFile
from planner.plan.plan import Entry
from planner.read.files.yaml import read_yaml


def read(text: str | bytes) -> tuple[Entry | None, list[str]]:
    findings = Findings()
    source = SourceFile(Path("plan.yaml"), "plan.yaml", text if isinstance(text, bytes) else text.encode())
    return read_yaml(source, findings), [f"{finding.place}: {finding.message}" for finding in findings.items]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("no", "no"),
        ("yes", "yes"),
        ("on", "on"),
        ("NO", "NO"),
        ("12:30", "12:30"),
        ("1e3", 1000.0),
        ("1E-3", 0.001),
        (".5", 0.5),
        ("-2", -2),
        ("+2", 2),
        ("2027-01", "2027-01"),
        ("2027-01-01", "2027-01-01"),
        ("1_000", "1_000"),
        ("0x10", "0x10"),
        ("0b1", "0b1"),
        ("'12'", "12"),
        ("true", True),
        ("False", False),
        ("~", None),
        ("", None),
        ("12345678901234567890", 12345678901234567890.0),
        ("[1, a, 'b']", [1, "a", "b"]),
    ],
)
def test_scalars(text: str, value: Any) -> None:
    entry, findings = read(f"key: {text}\n")
    assert findings == []
    assert entry is not None
    assert entry.plain() == {"key": value}
    assert type(entry.plain()["key"]) is type(value)


YAML_REFUSED = [
    ("a: 1\nb: 2\na: 3\n", "plan.yaml:3:1: duplicate key a: first in line 1"),
    ("a: 007\n", "plan.yaml:1:4: 007: expected a number without leading zeros, or a text in quotes"),
    ("a: .nan\n", "plan.yaml:1:4: .nan: expected a finite number"),
    ("a: -.inf\n", "plan.yaml:1:4: -.inf: expected a finite number"),
    ("a: 1e999\n", "plan.yaml:1:4: 1e999: expected a finite number"),
    ("? [1]\n: 2\n", "plan.yaml:1:3: expected a key that is a text"),
    ("a: !!str 1\n", "plan.yaml:1:4: the tag tag:yaml.org,2002:str is refused: expected a plain value"),
    ("a: !x 1\n", "plan.yaml:1:4: the tag !x is refused: expected a plain value"),
    (
        "a: !!python/object/apply:os.system ['true']\n",
        "plan.yaml:1:4: the tag tag:yaml.org,2002:python/object/apply:os.system is refused: expected a plain value",
    ),
    ("a: &a [*a]\n", "plan.yaml:1:4: an alias that contains itself"),
    ("- 1\n", "plan.yaml:1:1: expected a mapping of keys to values, such as `months: 36`"),
    ("", "plan.yaml:1:1: the file is empty: expected a mapping of keys to values"),
    ("# only a comment\n", "plan.yaml:1:1: the file is empty: expected a mapping of keys to values"),
    (
        "a: 1\n---\nb: 2\n",
        "plan.yaml:2:1: not valid YAML: expected a single document in the stream but found another document",
    ),
    ("a: [1\n", "plan.yaml:2:1: not valid YAML: while parsing a flow sequence expected ',' or ']', but got '<stream end>'"),
    ("a: *b\n", "plan.yaml:1:4: not valid YAML: found undefined alias 'b'"),
    ("a: \x07\n", "plan.yaml:1:4: not valid YAML: the character 7 is not allowed"),
    ("a: " + "[" * 100, "plan.yaml:1:23: not valid YAML: nested deeper than 20 levels"),
    (b"a: 1\nb: \xff\n", "plan.yaml:2: byte 0xff: expected text in UTF-8"),
]


@pytest.mark.parametrize(("text", "finding"), YAML_REFUSED)
def test_refused(text: str | bytes, finding: str) -> None:
    assert read(text)[1] == [finding]


def test_aliases_must_not_multiply() -> None:
    lines = ["a0: &a0 [" + ", ".join("1" * 10) + "]"]
    lines += [f"a{n}: &a{n} [" + ", ".join([f"*a{n - 1}"] * 10) + "]" for n in range(1, 9)]
    findings = read("\n".join(lines))[1]
    assert findings == ["plan.yaml:1:34: more than 10000 values: aliases must not multiply"]


def test_an_alias_is_a_value() -> None:
    entry, findings = read("a: &x {b: 1}\nc: *x\n")
    assert findings == []
    assert entry is not None
    assert entry.plain() == {"a": {"b": 1}, "c": {"b": 1}}


def test_places() -> None:
    entry, _ = read("a: 1\nb:\n  c:   two\n  d: [3, 4]\n")
    assert entry is not None
    c = entry.value["b"].value["c"]
    assert (c.place.line, c.place.column, c.key_place.column) == (3, 8, 3)
    four = entry.below(["b", "d", 1])
    assert (four.value, four.place.line, four.place.column) == (4, 4, 10)


def test_larger_than_a_plan() -> None:
    assert read(b"#" * 1_000_001)[1] == ["plan.yaml: larger than 1 MB: expected a plan (tables belong in CSV files)"]
