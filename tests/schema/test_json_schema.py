"""The JSON Schema of a plan: the shipped one is the generated one, takes every shipped plan and refuses as the reader does."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from planner import cli
from planner.api import load, schema
from planner.errors import InputError

INPUTS = Path(__file__).parents[2] / "inputs"
TEMPLATE = Path(__file__).parents[2] / "planner" / "new" / "plan.yaml"
PLANS = [INPUTS / "reference.yaml", *sorted((INPUTS / "scenarios").glob("*.yaml")), TEMPLATE]


@pytest.fixture(scope="module")
def validator() -> Draft202012Validator:
    Draft202012Validator.check_schema(schema())
    return Draft202012Validator(schema())


def parsed(text: str) -> Any:
    return json.loads(json.dumps(yaml.safe_load(text)))  # an editor sees text keys, as JSON has them


def test_the_shipped_schema_is_the_generated_one() -> None:
    """`planner schema > inputs/plan.schema.json` writes it again."""
    assert json.loads((INPUTS / "plan.schema.json").read_text(encoding="utf-8")) == schema()


def test_the_command_prints_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["schema"]) == 0
    assert json.loads(capsys.readouterr().out) == schema()
    assert cli.main(["schema", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["schema"] == schema()


@pytest.mark.parametrize("path", PLANS, ids=lambda path: path.stem)
def test_every_shipped_plan_is_valid_and_names_the_schema(path: Path, validator: Draft202012Validator) -> None:
    text = path.read_text(encoding="utf-8")
    assert [error.message for error in validator.iter_errors(parsed(text))] == []
    named = text.splitlines()[0].removeprefix("# yaml-language-server: $schema=")
    if path != TEMPLATE:  # `planner new` writes the schema beside the plan
        assert (path.parent / named).resolve() == INPUTS / "plan.schema.json"


def test_a_new_plan_has_its_schema_beside_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["new", str(tmp_path / "mine")]) == 0
    capsys.readouterr()
    assert json.loads((tmp_path / "mine" / "plan.schema.json").read_text(encoding="utf-8")) == schema()


WRONG = [
    ("months: 36", "monhts: 36"),
    ("months: 36", "months: 0"),
    ("months: 36", "months: 121"),
    ("months: 36", "months: 3.5"),
    ("months: 36", "months: many"),
    ("start: 2027-01", "start: 2027-13"),
    ("start: 2027-01", "start: January"),
    ("boundary: facility", "boundary: faculty"),
    ("objective: value", "objective: profit"),
    ("unserved: allowed", "unserved: no"),
    ("discount_frac_per_year: 0.08", "discount_frac_per_year: 8"),
    ("discount_frac_per_year: 0.08", "discount_frac_per_year: -0.1"),
    ("doubling_months: 12", "doubling_month: 12"),
    ("doubling_months: 12", "doubling_months: -1"),
    ("same_metro_ms: 2", "same_metro_ms: -2"),
    ("cap_mtco2_per_year: {}", "cap_mtco2_per_year: {2028: -1}"),
    ("options: [grid, grid_request]", "options: {grid: 1}"),
    ("regions: reference/regions.csv", "region: reference/regions.csv"),
    ("regions: reference/regions.csv", "regions: 7"),
]


@pytest.fixture(scope="module")
def inputs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the shipped inputs, which load."""
    folder = tmp_path_factory.mktemp("plans") / "inputs"
    shutil.copytree(INPUTS / "reference", folder / "reference")
    shutil.copy(INPUTS / "reference.yaml", folder)
    load(folder / "reference.yaml")
    return folder


@pytest.mark.parametrize(("right", "wrong"), WRONG, ids=[wrong for _, wrong in WRONG])
def test_it_refuses_what_the_reader_refuses(right: str, wrong: str, inputs: Path, validator: Draft202012Validator) -> None:
    text = (INPUTS / "reference.yaml").read_text(encoding="utf-8")
    assert right in text
    spoilt = text.replace(right, wrong)
    assert not validator.is_valid(parsed(spoilt))
    (inputs / "spoilt.yaml").write_text(spoilt, encoding="utf-8")
    with pytest.raises(InputError) as refused:
        load(inputs / "spoilt.yaml")
    line = text[: text.index(right)].count("\n") + 1
    assert line in {finding.line for finding in refused.value.findings}


def test_a_scenario_needs_a_reason(validator: Draft202012Validator) -> None:
    assert validator.is_valid({"extends": "other.yaml", "why": "to see"})
    assert not validator.is_valid({"extends": "other.yaml"})
