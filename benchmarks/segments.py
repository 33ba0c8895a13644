"""What cutting the day in few segments costs: a plan solved with each cut, held against its 24 hours.

`python -m benchmarks.segments [--plans PLAN ...] [--cuts CUT ...] [--page PAGE] [--out DIR]`, each solve a process."""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.report import put_into_page
from planner.api import load, solve
from planner.progress import Progress
from planner.solve.highs import SolverOptions

PLANS = tuple(Path(__file__).with_name(f"{name}.yaml") for name in ("segments", "segments-curtailed"))
HOURS = "24"
CUTS = ("1", "[0, 6, 12, 18]", "4", "[0, 3, 6, 9, 12, 15, 18, 21]", "8", HOURS)
HEAD = "| segments | begin, UTC | columns | HiGHS s | cost, M USD | off | served, kH100e-years | off | placed elsewhere |"


@dataclass(frozen=True)
class Measured:
    """One cut. ``cost_musd`` is discounted and without what is unserved; ``places_mw`` the chips of the last month by place."""

    cut: str
    starts: tuple[int, ...]
    columns: int
    highs_s: float
    cost_musd: float
    unserved_musd: float
    served_kh100e_years: float
    places_mw: dict[str, float]


def measure(plan: Path, cut: str) -> Measured:
    """Solve a plan with its day cut so."""
    loaded = load(plan, [f"slices={cut}"])
    result = solve(loaded, SolverOptions(crossover=False), Progress())
    costs, demand, fleet = (result.tables[name] for name in ("costs", "demand", "fleet"))
    unserved = (costs["component"] == "unserved").to_numpy(dtype=bool)
    discounted = costs["discounted_musd"].to_numpy(dtype=float)
    days = pd.PeriodIndex(demand["month"].astype(str), freq="M").days_in_month.to_numpy(dtype=float)
    last = fleet[fleet["month"] == fleet["month"].max()]
    starts = result.tables["slices"]["utc_hour"] if "slices" in result.tables else [0]
    return Measured(
        cut=cut,
        starts=tuple(dict.fromkeys(int(hour) for hour in starts)),
        columns=int(result.record["model"]["columns"]),
        highs_s=float(result.record["timings"]["highs"]),
        cost_musd=float(discounted[~unserved].sum()),
        unserved_musd=float(discounted[unserved].sum()),
        served_kh100e_years=float((demand["served_kh100e"].to_numpy(dtype=float) * days).sum() / 365.25),
        places_mw={str(place): float(mw) for place, mw in last.groupby("place_id")["it_nameplate_mw"].sum().items()},
    )


def elsewhere(one: Measured, other: Measured) -> float:
    """Share of the megawatts of chips that stand in another place."""
    moved = [abs(one.places_mw.get(x, 0.0) - other.places_mw.get(x, 0.0)) for x in {*one.places_mw, *other.places_mw}]
    return sum(moved) / 2.0 / sum(other.places_mw.values())


def table(found: list[Measured]) -> str:
    """Every cut against the last one, which has every hour."""
    whole = found[-1]
    lines = [HEAD, "|" + "---|" * 2 + "---:|" * 7]
    for one in found:
        equal = len(set(np.diff([*one.starts, one.starts[0] + 24]))) == 1
        chosen = "every hour" if one.cut == HOURS else ", ".join(f"{hour:02d}" for hour in one.starts)
        chosen += " (of one length)" if equal and 1 < len(one.starts) < 24 else ""
        cost, served = one.cost_musd / whole.cost_musd - 1.0, one.served_kh100e_years / whole.served_kh100e_years - 1.0
        cells: tuple[str, ...] = (
            f"{len(one.starts)}",
            chosen,
            f"{one.columns:,}",
            f"{one.highs_s:.0f}",
            f"{one.cost_musd:,.1f}",
        )
        cells += (f"{100 * cost:+.3f} %", f"{one.served_kh100e_years:,.1f}", f"{100 * served:+.4f} %")
        lines.append("| " + " | ".join((*cells, f"{100 * elsewhere(one, whole):.2f} %")) + " |")
    return "\n".join(lines)


def measured(plan: Path, cut: str, kept: Path | None) -> Measured:
    """`measure` in a process of its own, or what an earlier one has kept."""
    if kept is None or not kept.is_file():
        command = [sys.executable, "-m", "benchmarks.segments", "--plans", str(plan), "--one", cut]
        text = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
        if kept is not None:
            kept.parent.mkdir(parents=True, exist_ok=True)
            kept.write_text(text, encoding="utf-8")
    else:
        text = kept.read_text(encoding="utf-8")
    stated = json.loads(text)
    return Measured(**{**stated, "starts": tuple(stated["starts"])})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--plans", nargs="+", type=Path, default=list(PLANS))
    parser.add_argument(
        "--cuts", nargs="+", default=list(CUTS), metavar="CUT", help="as `slices` of a plan; the last is the truth"
    )
    parser.add_argument("--page", type=Path, help="page whose tables are replaced")
    parser.add_argument("--out", type=Path, help="folder for one JSON file per solve; what is there is not solved again")
    parser.add_argument("--one", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.one:
        sys.stdout.write(json.dumps(asdict(measure(arguments.plans[0], arguments.one))))
        return
    tables = []
    for plan in arguments.plans:
        found = []
        for cut in arguments.cuts:
            name = f"{plan.stem}-{'-'.join(re.findall('[0-9]+', cut))}.json"
            found.append(measured(plan, cut, arguments.out / name if arguments.out else None))
            sys.stderr.write(f"{plan.stem}, {cut}: {found[-1].columns:,} columns, HiGHS {found[-1].highs_s:.0f} s\n")
        tables.append(f"`{plan.stem}`:\n\n{table(found)}\n")
    text = "\n".join(tables)
    sys.stdout.write(text)
    if arguments.page:
        put_into_page(arguments.page, "segments", text.rstrip("\n"))


if __name__ == "__main__":
    main()
