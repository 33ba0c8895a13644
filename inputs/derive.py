"""Derive the tables of the plan in `inputs/reference/` from `inputs/evidence/` alone.

    python inputs/derive.py
    python inputs/derive.py --set ai_share_of_new_power_elsewhere=low --out low
    python inputs/derive.py --set power_growth.model_new_grid_power=high --out high

The evidence is published figures, each with its source, and judgements (`judgements.csv`): estimates of what nobody publishes,
each with low, high and a sentence. `--set KEY=low|high|NUMBER` takes another value of one judgement; `--set FILE.METRIC=low` or
`high` takes the other end of every row of a metric that states one. `derivation/` holds the arithmetic and no number.

Every row written names in `source` the publications, files and judgements it was made from; its `quality` is their worst.
`python inputs/audit.py --row TABLE KEY ...` lists those of one row, with lines and links.
"""

from __future__ import annotations

import argparse
import csv
from decimal import Decimal
from pathlib import Path
from typing import Any

from derivation.chips import accelerators, dark_east, deliveries, fleet_and_dark, owners
from derivation.demand import classes, demand, profiles, residency, residency_nations, training_runs, zones
from derivation.evidence import INPUTS, Evidence, Row
from derivation.network import latency, latency_china, latency_targets_china
from derivation.orbit import designs, designs_all, launch, launch_price, launch_price_all
from derivation.places import countries, places, regions
from derivation.power import fuels, options, power, storage_options, storage_power, supply
from derivation.sources import sources


def derive(ev: Evidence) -> dict[str, list[Row]]:
    """Every table of the reference plan, by name."""
    sites = places(ev)
    chip_rows = accelerators(ev)
    chips = {row["generation_id"]: row for row in chip_rows}
    fleet, dark = fleet_and_dark(ev, sites, chips)
    tables = {
        "regions": regions(ev, sites),
        "options": options(ev),
        "power": power(ev, sites),
        "storage_options": storage_options(ev),
        "storage_power": storage_power(ev, sites),
        "fuels": fuels(ev, sites),
        "supply": supply(ev),
        "accelerators": chip_rows,
        "owners": owners(ev),
        "deliveries": deliveries(ev),
        "fleet": fleet,
        "dark": dark,
        "zones": zones(ev),
        "classes": classes(ev),
        "demand": demand(ev, sites, chips, fleet),
        "residency": residency(ev),
        "latency": latency(ev),
        "latency_china": latency_china(ev),
        "latency_targets_china": latency_targets_china(ev),
        "dark_east": dark_east(ev, fleet),
        "training_runs": training_runs(ev, "gpt4_training_energy"),
        "training_runs_article": training_runs(ev, "gpt4_training_energy_claimed_by_article"),
        "residency_nations": residency_nations(ev),
        "countries": countries(ev),
        "profiles": profiles(ev),
        "designs": designs(ev, "central"),
        "launch": launch(ev, "central"),
        "launch_price": launch_price(ev, "central"),
        "designs_all": designs_all(ev),
        "launch_integrated": launch(ev, "integrated"),
        "launch_first_generation": launch(ev, "first_generation"),
        "launch_price_all": launch_price_all(ev),
    }
    return tables | {"sources": sources(ev, tables.values())}


def cell(value: Any) -> str:
    """Numbers with six significant digits and without exponent; text as it is."""
    if not isinstance(value, int | float):
        return str(value)
    text = format(Decimal(f"{value:.6g}"), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


NO_ROWS = {"dark": ("generation_id", "kunit", "source", "quality")}
"""Columns of a table that may have no rows: with enough power at the start no chip is dark."""


def write(tables: dict[str, list[Row]], folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in tables.items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(rows[0] if rows else NO_ROWS[name])
            writer.writerows([cell(value) for value in row.values()] for row in rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--set", action="append", default=[], metavar="KEY=low|high|NUMBER", dest="overrides")
    parser.add_argument("--out", type=Path, default=INPUTS / "reference", metavar="DIR")
    arguments = parser.parse_args()
    overrides = dict(text.split("=", 1) for text in arguments.overrides)
    write(derive(Evidence(INPUTS / "evidence", overrides)), arguments.out)


if __name__ == "__main__":
    main()
