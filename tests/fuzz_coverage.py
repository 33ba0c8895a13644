"""The readers of YAML, CSV and quantities under atheris, which seeks inputs that reach new branches (pip install ".[fuzz]").

python -m tests.fuzz_coverage -max_total_time=600 [other options of libFuzzer]

The first byte chooses the reader, the second the table or the name of the number; the shipped plan is where it starts from.
"""

from __future__ import annotations

import sys
import tempfile
import warnings
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["planner.read"]):
    from pydantic import ValidationError

    from planner.findings import Findings, SourceFile
    from planner.plan.table import build_table
    from planner.read.extends import with_numbers
    from planner.read.files.csv import read_csv
    from planner.read.files.text_form import Form
    from planner.read.files.yaml import read_yaml
    from planner.read.overrides import parse_overrides
    from planner.read.setting_findings import add_findings, as_input
    from planner.schema.quantities import UnitError, in_unit_of
    from planner.schema.settings import Settings
    from planner.schema.tables import tables

SHIPPED = Path(__file__).parents[1] / "planner" / "new"
SCHEMAS = list(tables().values())
NAMES = sorted({one.name for schema in SCHEMAS for one in schema.columns if one.kind in ("number", "integer")})
TABLE, PLAN, QUANTITY, OVERRIDE = range(4)


def one_input(data: bytes) -> None:
    if len(data) < 2:
        return
    reader, which, rest = data[0] % 4, data[1], data[2:]
    findings = Findings()
    source = SourceFile(Path("fuzzed"), "fuzzed", rest)
    if reader == TABLE:
        raw = read_csv(source, findings, Form())
        if raw is not None:
            build_table(SCHEMAS[which % len(SCHEMAS)], raw, findings)
    elif reader == PLAN:
        entry = read_yaml(source, findings)
        if entry is not None:
            entry = with_numbers(entry)
            try:
                Settings.model_validate(as_input(entry))
            except ValidationError as error:
                add_findings(error, entry, Settings, findings)
    elif reader == QUANTITY:
        try:
            number = in_unit_of(NAMES[which % len(NAMES)], rest.decode("utf-8", "replace"))
        except UnitError:
            return
        assert isinstance(number, float)
    else:
        parse_overrides([rest.decode("utf-8", "replace")], findings)
    for finding in findings.items:
        assert "\n" not in str(finding)


def seeds(folder: Path) -> None:
    (folder / "plan").write_bytes(bytes([PLAN, 0]) + (SHIPPED / "plan.yaml").read_bytes())
    for position, schema in enumerate(SCHEMAS):
        path = SHIPPED / "tables" / f"{schema.name}.csv"
        if path.is_file():
            head = b"\n".join(path.read_bytes().splitlines()[:3])
            (folder / schema.name).write_bytes(bytes([TABLE, position]) + head)
    for position, text in enumerate(["6.5 ct/kWh", "8 % per year", "2 USD/(H100e·h)", "5 ct/Mbit/s/month"]):
        (folder / f"quantity{position}").write_bytes(bytes([QUANTITY, position]) + text.encode())
    (folder / "override").write_bytes(bytes([OVERRIDE, 0]) + b"national.options=[grid, {a: 1}]")


if __name__ == "__main__":
    warnings.simplefilter("error")
    with tempfile.TemporaryDirectory() as folder:
        seeds(Path(folder))
        atheris.Setup([*sys.argv, "-timeout=30", "-max_len=20000", folder], one_input)
        atheris.Fuzz()
