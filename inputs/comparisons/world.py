"""One comparison, and the evidence with the tables made from it."""

from __future__ import annotations

from dataclasses import dataclass

from derivation.chips import new_compute
from derivation.evidence import Evidence
from derive import derive


@dataclass(frozen=True)
class Check:
    """Ours over theirs, and the range of that ratio within which the two agree."""

    what: str
    ours: float
    theirs: float
    unit: str
    low: float
    high: float
    why: str

    @property
    def ratio(self) -> float:
        return self.ours / self.theirs

    @property
    def agrees(self) -> bool:
        return self.low <= self.ratio <= self.high


HIGHEST_CASE = 1720 / 1200
"""IEA, Energy and AI (April 2025): electricity of data centres in 2035, highest case over base case.

The edition of 2026 scales that case back in the near term, by how much its digests do not say."""


def electricity_of_ai_twh(ev: Evidence, years: float) -> tuple[float, float, float]:
    """What AI draws in a year, so many years after 2025, as IEA has it grow: by the low, middle and high share of 2025."""
    growth = 1 + ev.number("compute_demand", metric="dc_electricity_growth") / 100
    of_2025 = ev.number("compute_demand", metric="dc_electricity_world") * growth
    grown = ev.number("compute_demand", metric="ai_focused_dc_electricity_growth_2025_2030") ** (years / 5)
    where = {"topic": "ai_share", "metric": "ai_share_of_data_centre_electricity_bottom_up"}
    low, middle, high = (float(ev.look("supplement", end, **where)) / 100 for end in ("low", "value", "high"))
    return of_2025 * low * grown, of_2025 * middle * grown, of_2025 * high * grown


class World:
    """The evidence and the tables made from it, with the sums that several checks need."""

    def __init__(self, ev: Evidence) -> None:
        self.ev = ev
        self.tables = derive(ev)
        self.chips = {row["generation_id"]: row for row in self.tables["accelerators"]}

    def judged(self, key: str) -> float:
        return self.ev.judge(key)

    def stated(self, table: str, **where: str) -> float:
        return self.ev.number(table, **where)

    def packages(self, year: int) -> dict[str, float]:
        """Packages delivered in a year outside China, by generation."""
        if year > 2026:
            rows = [row for row in self.tables["deliveries"] if row["month"].startswith(str(year))]
            found: dict[str, float] = {}
            for row in rows:
                if self.chips[row["generation_id"]]["only_countries"] != "CN":
                    found[row["generation_id"]] = found.get(row["generation_id"], 0.0) + 1000 * row["kunit"]
            return found
        share = {key[9:]: self.judged(key) for key in self.ev.judgements if key.startswith("mix_2026_")}
        return {gid: new_compute(self.ev, year) * part / self.chips[gid]["h100e_per_unit"] for gid, part in share.items()}
