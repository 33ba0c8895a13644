"""The reference plan solved again with other evidence: the headlines that `deciding.py` and `waterfall.py` tabulate."""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from derivation.evidence import INPUTS, Evidence
from derive import derive, write
from planner import api

DESIGN_ENDS = {"low": "integrated", "high": "first_generation"}  # columns of orbit_parameters.csv beside `central`


@dataclass(frozen=True)
class Change:
    """What differs from the evidence: ends or numbers by key, as `derive.py --set` takes them, and cells with another text."""

    name: str
    overrides: Mapping[str, str] = field(default_factory=dict)
    cells: Sequence[tuple[str, Mapping[str, str], str, str]] = ()  # file, row, column, text

    def evidence(self) -> Evidence:
        own = {key: end for key, end in self.overrides.items() if not key.startswith("orbit_parameters.")}
        evidence = Evidence(INPUTS / "evidence", own)
        for table, where, column, text in self.cells:
            for row in evidence.tables[table]:
                if all(row[key] == value for key, value in where.items()):
                    row[column] = text
        for key in set(self.overrides) - set(own):
            for row in evidence.tables["orbit_parameters"]:
                if row["parameter"].startswith(key.removeprefix("orbit_parameters.")):
                    row["central"] = row[DESIGN_ENDS[self.overrides[key]]]
        return evidence

    def settings(self, evidence: Evidence) -> list[str]:
        """Judgements that the plan file states itself, as `--set` of the planner takes them."""
        stated = [key for key in evidence.judgements if key.startswith("plan.")]
        return [f"{key.removeprefix('plan.')}={evidence.judge(key):g}" for key in stated]


@dataclass(frozen=True)
class Headlines:
    """The four headlines: shares, million H100e, billion USD, and what orbit lacks, as a share of what it costs.

    Beside them the electricity of the last twelve months, TWh."""

    served: float
    dark_mh100e: float
    cost_busd: float
    orbit_lacks: float | None  # None where orbit is launched or no design is left
    last_year_twh: float


def solved(change: Change) -> Headlines:
    """Derive, load and solve the reference with a change; about 40 seconds of processor."""
    evidence = change.evidence()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write(derive(evidence), folder / "reference")
        shutil.copy(INPUTS / "reference.yaml", folder)
        result = api.solve(api.load(folder / "reference.yaml", change.settings(evidence)))
    said = {line.key: float(line.value) for line in result.summary}
    entry, power = result.tables["entry"], result.tables["power"]
    last_year = sorted(power["month"].unique())[-12:]
    lacking = (entry["gap_usd_per_kw"] / entry["cost_usd_per_kw"]).min() if len(entry) else None
    return Headlines(
        served=said["served_share"],
        dark_mh100e=said["dark_end"],
        cost_busd=said["cost"] / 1000,
        orbit_lacks=None if lacking is None or said.get("orbit_share", 0.0) > 0 else float(lacking),
        last_year_twh=float(power.loc[power["month"].isin(last_year), "energy_mwh"].sum()) / 1e6,
    )


def solve_all(changes: Sequence[Change], jobs: int) -> list[Headlines]:
    """Every change solved, `jobs` at a time."""
    found = []
    with ProcessPoolExecutor(jobs) as pool:
        for number, (change, headlines) in enumerate(zip(changes, pool.map(solved, changes), strict=True), start=1):
            sys.stderr.write(f"{number} of {len(changes)}: {change.name}\n")
            found.append(headlines)
    return found


def figures(one: Headlines) -> list[str]:
    orbit = "launched" if one.orbit_lacks is None else f"{one.orbit_lacks:.1%}".replace("%", " %")
    return [f"{100 * one.served:.1f} %", f"{one.dark_mh100e:.1f}", f"{one.cost_busd:.0f}", orbit]


def differences(one: Headlines, base: Headlines) -> list[str]:
    """What a change does to each headline: points, million H100e, billion USD, points."""
    orbit = "launched" if one.orbit_lacks is None else "–"
    if one.orbit_lacks is not None and base.orbit_lacks is not None:
        orbit = f"{100 * (one.orbit_lacks - base.orbit_lacks):+.1f}"
    return [
        f"{100 * (one.served - base.served):+.1f}",
        f"{one.dark_mh100e - base.dark_mh100e:+.1f}",
        f"{one.cost_busd - base.cost_busd:+.0f}",
        orbit,
    ]
