"""List what nobody has compared with its source since that source appeared anew, and what it weighs in the answer.

    python inputs/audit.py                        publications whose next edition has come
    python inputs/audit.py results/reference      and what 10 % more of their numbers does to the cost of that run
    python inputs/audit.py --row power us_georgia grid    what a row of the plan was made from, with lines, links and judgements

`evidence/editions.csv` states for each publication when the next edition was due and when its rows were last checked.
The weight is of first order, from the values and duals of a finished run of the reference; it includes unserved compute.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from derivation.evidence import INPUTS, Evidence, Row
from derive import cell, derive, write
from planner import api
from planner.prepare.plan_data import prepare
from planner.studies.explain.estimates import difference
from planner.studies.explain.reopened import OpenRun, open_run

STEP, MORE = 0.01, 0.1  # numbers move by the first, weights are stated for the second
NUMBERS = (
    "value",
    "central",
    "generation_twh",
    "mean_price_usd_per_mwh",
    "dense_bf16_tflops",
    "all_in_server_w_per_accelerator",
    "chip_tdp_w",
    "demand_share_pct",
)
SOURCES = {
    "price_source": ("industrial_price_usd_per_mwh",),
    "carbon_source": ("carbon_intensity_gco2_per_kwh",),
    "pue_source": ("pue",),
    "dc_construction_source": ("dc_construction_usd_per_w",),
    "source": NUMBERS,
}
NO_EVIDENCE = ("judgements", "deciding", "editions", "claims")


def rows_from(ev: Evidence, publication: str) -> Iterator[tuple[str, Row, tuple[str, ...]]]:
    """Every row that names a publication: its file, the row, and the columns that rest on it."""
    for name, rows in ev.tables.items():
        if name in NO_EVIDENCE:
            continue
        for row in rows:
            for column, numbers in SOURCES.items():
                if publication in row.get(column, ""):
                    yield name, row, tuple(each for each in numbers if row.get(each))


def stale(ev: Evidence, today: str) -> list[Row]:
    """Publications that have appeared anew since their rows were last checked, those longest out of date first."""
    due = [row for row in ev.tables["editions"] if row["checked"] < row["next_edition"] <= today]
    return sorted(due, key=lambda row: row["next_edition"])


def weight_busd(run: OpenRun, publication: str) -> float | None:
    """What 10 % more of every number of a publication does to the cost; None where that changes what may be decided at all."""
    ev = Evidence(INPUTS / "evidence")
    for _, row, numbers in rows_from(ev, publication):
        for column in numbers:
            row[column] = str(float(row[column]) * (1 + STEP))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write(derive(ev), folder / "reference")
        shutil.copy(INPUTS / "reference.yaml", folder)
        moved = difference(run, prepare(api.load(folder / "reference.yaml")))
    return None if moved is None else sum(float(part.sum()) for part in moved) * MORE / STEP / 1000


def listed(ev: Evidence, today: str, folder: Path | None) -> list[list[str]]:
    run = open_run(folder) if folder else None
    head = ["publication", "rows", "in", "appeared anew", "last checked", "10 % more, bn USD", "note"]
    found = []
    for row in stale(ev, today):
        hits = list(rows_from(ev, row["publication"]))
        weight = weight_busd(run, row["publication"]) if run else None
        files = ", ".join(dict.fromkeys(f"{name}.csv" for name, _, _ in hits))
        words = "" if run is None else "no first order" if weight is None else f"{weight:+.1f}"
        found.append(
            (
                abs(weight or 0.0),
                [row["publication"], str(len(hits)), files, row["next_edition"], row["checked"], words, row["note"]],
            )
        )
    return [head, ["---"] * len(head), *(line for _, line in sorted(found, key=lambda each: -each[0]))]


def chain(ev: Evidence, table: str, keys: list[str]) -> Iterator[str]:
    """The rows of a table of the plan that hold all these keys, each with the evidence and the judgements it was made from."""
    for row in derive(ev)[table]:
        if not set(keys) <= {str(value) for value in row.values()}:
            continue
        yield ", ".join(f"{name} {cell(value)}" for name, value in row.items() if name != "source" and value != "")
        for each in row["source"].cited:
            if each.line:
                own = ev.tables[each.table][each.line - 2]["source"]
                yield f"  {each.table}.csv:{each.line} {each.publication or own} <{each.url}>"
        for key in row["source"].keys:
            judged = ev.judgements[key]
            yield f"  times {key} = {judged['value']} ({judged['low']} to {judged['high']}): {judged['sentence']}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("run", nargs="?", type=Path, metavar="RUN", help="result folder of the reference")
    parser.add_argument("--row", nargs="+", metavar=("TABLE", "KEY"))
    arguments = parser.parse_args()
    ev = Evidence(INPUTS / "evidence")
    if arguments.row:
        sys.stdout.writelines(f"{line}\n" for line in chain(ev, arguments.row[0], arguments.row[1:]))
        return
    today = datetime.now(UTC).strftime("%Y-%m")
    sys.stdout.writelines(f"| {' | '.join(line)} |\n" for line in listed(ev, today, arguments.run))


if __name__ == "__main__":
    main()
