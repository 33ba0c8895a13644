"""Compare often repeated claims (`evidence/claims.csv`) with the evidence, and print the verdicts as a table.

    python inputs/claims.py

What the data say is computed here from rows of `evidence/`, and so is the verdict: no number of either is written down.
A claim within 5 % of the data is right, within 15 % right as a round figure, beyond it too high or too low by a factor.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from math import log2

from derivation.evidence import INPUTS, Evidence, parts

RIGHT, ROUND = 0.05, 0.15
Range = tuple[float, float]


def generation(ev: Evidence, country: str, year: int) -> float:
    """TWh."""
    return ev.number("electricity_generation", "generation_twh", country_iso2=country, year=str(year))


def against(ev: Evidence, country: str, other: str) -> Range:
    """Generation of 2023 over that of another country, or of the world."""
    ratio = generation(ev, country, 2023) / generation(ev, other, 2023)
    return ratio, ratio


def trend(ev: Evidence, country: str) -> Range:
    """The year after the last with data, at the mean growth of the five years before, TWh."""
    next_year = generation(ev, country, 2025) + (generation(ev, country, 2025) - generation(ev, country, 2020)) / 5
    return next_year, next_year


def doubling(ev: Evidence) -> Range:
    """Months in which training compute doubles, from its growth a year, with the range that is stated."""
    slow, fast = (ev.number("compute_demand", end, metric="training_compute_growth") for end in ("low", "high"))
    return 12 / log2(fast), 12 / log2(slow)


def data_centres(ev: Evidence) -> Range:
    """What data centres drew in 2024, two years on at the growth of 2025, and cryptocurrencies as they were, TWh."""
    drawn = ev.number("compute_demand", metric="dc_electricity_world")
    growth = 1 + ev.number("compute_demand", metric="dc_electricity_growth") / 100
    twh = drawn * growth**2 + ev.number("compute_demand", metric="crypto_electricity_world")
    return twh, twh


def stated(ev: Evidence, metric: str) -> Range:
    """Low and high of a metric, or its value twice."""
    low, high = (ev.look("compute_demand", end, metric=metric) for end in ("low", "high"))
    value = ev.number("compute_demand", metric=metric)
    return float(low or value), float(high or value)


def percent(ratio: Range) -> Range:
    return 100 * ratio[0], 100 * ratio[1]


DATA: dict[str, Callable[[Evidence], Range]] = {
    "china_generation": lambda ev: (generation(ev, "CN", 2023),) * 2,
    "china_share": lambda ev: percent(against(ev, "CN", "world")),
    "china_to_india": lambda ev: against(ev, "CN", "IN"),
    "china_to_us": lambda ev: against(ev, "CN", "US"),
    "china_generation_2026": lambda ev: trend(ev, "CN"),
    "gpt4_training": lambda ev: stated(ev, "gpt4_training_energy"),
    "doubling_since_2010": doubling,
    "doubling_2012_2018": lambda ev: stated(ev, "training_compute_doubling_2012_2018"),
    "data_centres_2026": data_centres,
}


def verdict(claim: Range | None, data: Range) -> str:
    """Right where the ranges meet or nearly meet; else on which side, and how many times the data the claim is."""
    if claim is None:
        return "no number to compare"
    nearest = max(claim[0] / data[1], 1.0) * min(claim[1] / data[0], 1.0)  # 1 where they meet
    if abs(nearest - 1) <= RIGHT:
        return "right"
    if abs(nearest - 1) <= ROUND:
        return f"right as a round figure, {abs(nearest - 1):.0%} {'high' if nearest > 1 else 'low'}"
    times = span((claim[0] / data[1], claim[1] / data[0]), 2)
    return f"too {'high' if nearest > 1 else 'low'}, {times} times the data"


def span(values: Range, digits: int = 3) -> str:
    """A range in words, one number where both ends are the same; digits that matter."""
    low, high = (f"{value:,.0f}" if abs(value) >= 100 else f"{value:.{digits}g}" for value in values)
    return low if low == high else f"{low} to {high}"


def judged(ev: Evidence) -> list[dict[str, str]]:
    """Every claim with what it says, what the data say, where from, and the verdict."""
    found = []
    for row in ev.tables["claims"]:
        data = DATA[row["claim_id"]](ev)
        claim = (float(row["low"]), float(row["high"])) if row["low"] else None
        said = f"{span(claim)} {row['unit']}" if claim else "not at hand"
        words = {"claim": row["claim"], "says": said, "data": f"{span(data)} {row['unit']}", "verdict": verdict(claim, data)}
        found.append({**words, "from": ", ".join(parts(str(ev.trace()["source"]))[0]), "note": row["note"]})
    return found


def main() -> None:
    rows = judged(Evidence(INPUTS / "evidence"))
    lines = [list(rows[0]), ["---"] * len(rows[0]), *(list(row.values()) for row in rows)]
    sys.stdout.writelines(f"| {' | '.join(line)} |\n" for line in lines)


if __name__ == "__main__":
    main()
