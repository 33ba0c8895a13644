"""Countries: what an export rule, an envelope or a place names is a country of ISO 3166, or it is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from planner.read.load import load
from tests.read.refusals import refused
from tests.read.toy import edit, write_plan


@pytest.mark.parametrize(
    ("code", "hint"),
    [
        ("DEU", " (did you mean DE?)"),
        ("de", " (did you mean DE?)"),
        ("Germany", " (did you mean DE?)"),
        ("276", " (did you mean DE?)"),
        ("UK", " (did you mean GB?)"),
        ("South_Korea", " (did you mean KR?)"),
        ("World", " (a group of countries: name each of them)"),
        ("EU", " (a group of countries: name each of them)"),
        ("Europe", " (Europe is a bloc: name its countries, DE)"),
        ("XX", ""),
    ],
)
@pytest.mark.parametrize("column", ["not_countries", "only_countries"])
def test_a_rule_that_names_no_country(tmp_path: Path, column: str, code: str, hint: str) -> None:
    changes: dict[str, Any] = {"accelerators": edit({"generation_id": "beta"}, **{column: f"US;{code}"})}
    (line,) = refused(tmp_path, **changes)
    at, _, text = line.partition(": ")
    assert at.startswith("tables/accelerators.csv:3:")
    assert text == f"{column} = {code}: expected the two letters of ISO 3166 for a country{hint}"


@pytest.mark.parametrize(
    ("table", "code"), [("regions", "DEU"), ("zones", "usa"), ("designs", "United_States"), ("countries", "World")]
)
def test_a_place_or_an_envelope_in_no_country(tmp_path: Path, table: str, code: str) -> None:
    changes: dict[str, Any] = {table: edit({}, country_iso2=code)}
    lines = refused(tmp_path, **changes)
    assert lines
    assert all(f"country_iso2 = {code}: expected the two letters of ISO 3166 for a country" in line for line in lines)


def test_a_code_of_ones_own(tmp_path: Path) -> None:
    """Of the codes that ISO leaves to its users, a rule may name those that a place has."""
    own = {"regions": edit({"region_id": "bavaria"}, country_iso2="XA"), "accelerators": edit({}, not_countries="XA")}
    assert load(write_plan(tmp_path, **own)).tables["regions"].column("country_iso2") == ["US", "XA"]
