"""How long a workbook takes, and how much memory: `python -m benchmarks.workbook [ROWS]`.

A plan's result tables are repeated over more places until they have so many rows, 200,000 unless told; the whole workbook is
written, with its summary, checks and inputs. Limits: 15 s of the processor and 400 MB.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd

MOST_SECONDS, MOST_MB = 15.0, 400.0
MONTHS = 36
CHIPS = (
    "delivered_kunit deployed_kunit dark_kunit retired_kunit displaced_kunit housed_kunit orbit_kunit commissioning_kunit "
    "failed_kunit end_of_life_kunit"
)


def tables(rows: int) -> dict[str, pd.DataFrame]:
    """Result tables of a large plan, each with about the share of rows that it has in the shipped plan; numbers vary."""
    rng = np.random.default_rng(1)
    months = [f"{2027 + month // 12}-{month % 12 + 1:02}" for month in range(MONTHS)]

    def table(share: float, ids: dict[str, str], columns: str) -> pd.DataFrame:
        groups = max(1, round(share * rows / MONTHS))
        names = np.repeat(np.arange(groups), MONTHS)
        keys = {
            column: [f"{word}_{number // (1 + place)}" for number in names] for place, (column, word) in enumerate(ids.items())
        }
        numbers = {column: rng.random(groups * MONTHS) * 1e4 for column in columns.split()}
        return pd.DataFrame({**keys, "month": months * groups, **numbers})

    costs = table(0.35, {"place_id": "region", "item_id": "option"}, "cost_musd discounted_musd")
    costs["component"] = [f"component_{number % 11}" for number in np.repeat(np.arange(len(costs) // MONTHS), MONTHS)]
    limits = table(0.1, {"where": "region"}, "worth_usd limit rent_musd").assign(constraint="limit_power_growth", unit="USD/MW")
    return {
        "chips": table(0.02, {"generation_id": "chip"}, CHIPS),
        "fleet": table(
            0.25,
            {"place_id": "region", "generation_id": "chip"},
            "deploy_kunit retire_kunit installed_kunit it_nameplate_mw it_draw_mw compute_kh100e",
        ),
        "power": table(
            0.1, {"region_id": "region", "option_id": "option"}, "build_mw growth_limit_mw capacity_mw output_mw energy_mwh"
        ),
        "serve": table(0.13, {"place_id": "region", "class_id": "class"}, "serve_kh100e").assign(pool_id="world"),
        "demand": table(0.05, {"pool_id": "zone", "class_id": "class"}, "demand_kh100e served_kh100e unserved_kh100e"),
        "costs": costs,
        "limits": limits,
    }


def tidy(rows: int) -> pd.DataFrame:
    """One table that stays tidy on its sheet: two names, a month, and eight numbers a row."""
    rng = np.random.default_rng(2)
    numbers = {f"n{index}_mw": rng.random(rows) * 1e4 for index in range(8)}
    months = [f"{2027 + row % 36 // 12}-{row % 12 + 1:02}" for row in range(rows)]
    return pd.DataFrame({"place_id": [f"region_{row % 40}" for row in range(rows)], "month": months, **numbers})


def main(rows: int = 200_000) -> int:
    """Write both kinds of workbook in this process, print what they took; 1 where a limit is passed."""
    from planner.read.load import load
    from planner.result import Result
    from planner.write.xlsx.run_workbook import write_xlsx

    plan = load(Path(__file__).parents[1] / "inputs" / "reference.yaml")
    late = False
    cases = {"months across": tables(rows), "tidy": {"power_by_hour": tidy(rows)}}
    for name, frames in cases.items():
        result = Result(plan, frames, [], {})
        with tempfile.TemporaryDirectory() as folder:
            start = time.process_time()
            write_xlsx(Path(folder) / "plan.xlsx", result)
            seconds = time.process_time() - start
            size = (Path(folder) / "plan.xlsx").stat().st_size / 1e6
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        count = sum(map(len, frames.values()))
        late |= seconds > MOST_SECONDS or peak > MOST_MB
        sys.stdout.write(f"{name}: {count:,} rows, {seconds:.1f} s of the processor, peak {peak:.0f} MB, file {size:.1f} MB\n")
    return int(late)


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
