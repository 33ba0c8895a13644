"""Write plans with a judgement at either end of its range: how far each carries the reference is then a matter of solving them.

    python inputs/ends.py --most 20 --out ends          those that weigh most in evidence/effects.csv
    python inputs/ends.py rack_power_factor --out ends  these
    planner sensitivity reference --of files --ends ends --workers 2 --out results/judgements

A judgement acts through the tables that are derived from it, so that no number of the plan can be set in its place. Each plan
extends a copy of the reference with the tables that differ, and with what the plan file itself states of a judgement.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from derivation.evidence import INPUTS, Evidence, Row
from derive import cell, derive, write

PLAN = INPUTS / "reference.yaml"
ENDS = ("low", "high")
OF_PLAN = "plan."
BASE = "reference"
"""The folder of the copy that they extend: a plan reads no file above its own folders."""


def heaviest(ev: Evidence, most: int) -> list[str]:
    """The judgements of the largest first-order effect on the reference; families, which are several, are left out."""
    rows = [row for row in ev.tables["effects"] if row["kind"] == "judgement" and row["cited_as"] in ev.judgements]
    return [row["cited_as"] for row in sorted(rows, key=lambda row: -float(row["effect_musd"]))[:most]]


def write_ends(keys: list[str], folder: Path) -> Iterator[Path]:
    """Plans for both ends of each judgement, `KEY.low.yaml` and `KEY.high.yaml`, and a folder of tables beside each; the
    folder must be new."""
    named = yaml.safe_load(PLAN.read_text(encoding="utf-8"))["tables"]
    base = texts(derive(Evidence(INPUTS / "evidence")))
    (folder / BASE).mkdir(parents=True)
    shutil.copy(PLAN, folder / BASE)
    shutil.copytree(PLAN.with_suffix(""), folder / BASE / PLAN.stem)
    for key in keys:
        for end in ENDS:
            ev = Evidence(INPUTS / "evidence", {key: end})
            tables = derive(ev)
            changed = {name for name, text in texts(tables).items() if name in named and text != base[name]}
            name = f"{key}.{end}"
            plan = {"extends": f"{BASE}/{PLAN.name}", "name": name, "why": ev.judgements[key]["sentence"]}
            plan |= stated(ev, key)
            if changed:
                write({each: tables[each] for each in sorted(changed)}, folder / name)
                plan["tables"] = {each: f"{name}/{each}.csv" for each in sorted(changed)}
            path = folder / f"{name}.yaml"
            path.write_text(yaml.safe_dump(plan, sort_keys=False, allow_unicode=True), encoding="utf-8")
            yield path


def texts(tables: dict[str, list[Row]]) -> dict[str, list[list[str]]]:
    """Tables as they are written, without where each row is from."""
    return {
        name: [[cell(value) for column, value in row.items() if column not in ("source", "quality")] for row in rows]
        for name, rows in tables.items()
    }


def stated(ev: Evidence, key: str) -> dict[str, Any]:
    """The key of the plan file that states a judgement, as the file nests it."""
    if not key.startswith(OF_PLAN):
        return {}
    found: Any = ev.judge(key)
    for part in reversed(key.removeprefix(OF_PLAN).split(".")):
        found = {part: found}
    return dict(found)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("keys", nargs="*", metavar="KEY", help="rows of evidence/judgements.csv")
    parser.add_argument("--most", type=int, default=20, metavar="N", help="without KEY: so many, the heaviest first (20)")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR")
    arguments = parser.parse_args()
    keys = arguments.keys or heaviest(Evidence(INPUTS / "evidence"), arguments.most)
    for path in write_ends(keys, arguments.out):
        sys.stdout.write(f"{path}\n")


if __name__ == "__main__":
    main()
