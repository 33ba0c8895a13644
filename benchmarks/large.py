"""`python -m benchmarks.large DIR --regions 200 --zones 500 --months 120 --generations 5`: write a plan of any size.

The rows of the starting plan are copied; what all places share (deliveries, supplies, launches) grows with the number of
regions, demand with it too and not with the number of zones. Each copy of a region has prices of its own within 5 %."""

from __future__ import annotations

import argparse
import csv
import random
import sys
from pathlib import Path

from planner.api import STARTING_PLAN

Row = dict[str, str]
SEED = 20270101
SPREAD = 0.05  # of prices and paces of a copy
VARIED = ("step_mw_per_month", "energy_usd_per_mwh", "shell_step_mw_per_month", "h100e_per_unit")
SHARED = ("kunit", "mw", "tonnes", "generation_growth_twh_per_year")  # in tables without a place


def write_large(folder: Path, regions: int, zones: int, months: int, generations: int) -> Path:
    """Write the plan file and its tables; returns the plan file."""
    source = STARTING_PLAN.parent
    tables = {path.stem: _read(path) for path in sorted((source / "tables").glob("*.csv"))}
    chance = random.Random(SEED)
    more = regions / len(tables["regions"])
    denser = zones / len(tables["zones"])
    finer = generations / len(tables["accelerators"])
    for name in ("deliveries", "supply", "launch", "launch_price"):
        tables[name] = _longer(tables[name], months)
    for rows in tables.values():
        for key in SHARED:
            if rows and key in rows[0] and "region_id" not in rows[0]:
                _scale(rows, key, more)
    _scale(tables["demand"], "start_kh100e", more / denser)
    for key in ("deliveries", "dark", "fleet"):
        _scale(tables[key], "kunit", 1.0 / finer)
    for key, count in (("region_id", regions), ("zone_id", zones), ("generation_id", generations)):
        owner = {"region_id": "regions", "zone_id": "zones", "generation_id": "accelerators"}[key]
        names = [row[key] for row in tables[owner]]
        copies = {name: [f"{name}_{n}" if n else name for n in range(-(-count // len(names)))] for name in names}
        kept = {name for n in range(count) for name in [copies[names[n % len(names)]][n // len(names)]]}
        tables = {name: _copied(rows, key, copies, kept, chance) for name, rows in tables.items()}
    (folder / "tables").mkdir(parents=True, exist_ok=True)
    for name, rows in tables.items():
        with (folder / "tables" / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            out = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
            out.writeheader()
            out.writerows(rows)
    text = STARTING_PLAN.read_text(encoding="utf-8")
    text = text.replace("name: my-plan ", "name: large ").replace("months: 36 ", f"months: {months} ")
    plan = folder / "plan.yaml"
    plan.write_text(text.partition("\n")[2], encoding="utf-8")
    return plan


def _read(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _scale(rows: list[Row], key: str, factor: float) -> None:
    for row in rows:
        row[key] = f"{float(row[key]) * factor:.6g}"


def _longer(rows: list[Row], months: int) -> list[Row]:
    """The rows up to the last month; beyond the months that they name, those of their last year again."""
    last = max(row["month"] for row in rows)
    first = min(row["month"] for row in rows)
    known = _months_after(first, last) + 1
    found = [row for row in rows if _months_after(first, row["month"]) < months]
    for again in range(1, 1 + max(0, -(-(months - known) // 12))):
        for row in rows:
            at = _months_after(first, row["month"])
            if at >= known - 12 and at + 12 * again < months:
                year, month = row["month"].split("-")
                found.append({**row, "month": f"{int(year) + again}-{month}"})
    return found


def _months_after(first: str, month: str) -> int:
    (y0, m0), (y1, m1) = (map(int, each.split("-")) for each in (first, month))
    return 12 * (y1 - y0) + m1 - m0


def _copied(rows: list[Row], key: str, copies: dict[str, list[str]], kept: set[str], chance: random.Random) -> list[Row]:
    if not rows or key not in rows[0]:
        return rows
    found = []
    for row in rows:
        for name in copies[row[key]]:
            if name in kept:
                new = {**row, key: name}
                if name != row[key]:
                    for each in VARIED:
                        if new.get(each):
                            new[each] = f"{float(new[each]) * chance.uniform(1 - SPREAD, 1 + SPREAD):.6g}"
                found.append(new)
    return found


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.large", description=__doc__)
    parser.add_argument("folder", type=Path, metavar="DIR")
    for name, count in (("regions", 200), ("zones", 500), ("months", 120), ("generations", 5)):
        parser.add_argument(f"--{name}", type=int, default=count)
    args = parser.parse_args()
    sys.stdout.write(f"{write_large(args.folder, args.regions, args.zones, args.months, args.generations)}\n")


if __name__ == "__main__":
    main()
