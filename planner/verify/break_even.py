"""Every break-even of orbit once more: within the plan from the table of launches, over the whole life from the inputs."""

from __future__ import annotations

import numpy as np

from planner.verify.collector import Collector
from planner.verify.fleet import Fleet
from planner.verify.orbit import kg_per_kw
from planner.verify.run import Run, listed, records
from planner.verify.verdict import Array

HOURS_OF_YEAR = 8760.0
LIFE = "launch_price_"
Pair = tuple[float, float]
"""Value in the plan and break-even."""


def check_break_even(checks: Collector, fleet: Fleet) -> None:
    """Each row follows from other tables and the inputs, and none is missing."""
    run, frame = checks.run, checks.run.table("orbit_break_even")
    known, unseen = _within_plan(run), list[str]()
    for o, design in enumerate(run.axes["design_id"]):
        found = _whole_life(run, fleet, o)
        if found is None:
            unseen.append(design)
        else:
            known |= {(design, f"{LIFE}{against}"): pair for against, pair in found.items()}
    stated = {row: number for number, row in enumerate(records(frame, ("design_id", "lever")))}
    for row in (*known.keys() - stated.keys(), *stated.keys() - known.keys()):
        if row in known or row[0] not in unseen or not row[1].startswith(LIFE):
            missing = "has no row" if row in known else "has a strange row"
            checks.fail("orbit_break_even", f"orbit_break_even {missing} {' / '.join(row)}")
    if unseen:
        checks.add("orbit_break_even.life", True, f"not examined, under twelve months of service: {', '.join(unseen)}")
    rows = [row for row in stated if row in known]
    written = {
        c: frame[c].to_numpy(dtype=float)[[stated[row] for row in rows]] for c in ("planned", "break_even", "of_planned_frac")
    }
    planned, even = np.array([known[row] for row in rows], dtype=float).reshape(-1, 2).T
    law = "break-evens of orbit follow from its launches and the inputs"
    names = ([" / ".join(row) for row in rows],)
    factor = np.divide(even, planned, out=np.full(even.shape, np.nan), where=(even >= 0) & (planned > 0))
    for column, derived in (("planned", planned), ("break_even", even), ("of_planned_frac", factor)):
        checks.same(f"orbit_break_even.{column}", written[column], derived, names, "", law)


def _within_plan(run: Run) -> dict[tuple[str, str], Pair]:
    """Of each design's launch that comes closest to paying."""
    entry = run.table("entry")
    serving = entry[entry["cost_usd_per_h100e_h"].notna() & entry["flip_value_factor"].notna()]
    mean = float(run.vector("inputs.classes", "value_usd_per_h100e_h").mean())
    found: dict[tuple[str, str], Pair] = {}
    for design, part in serving.groupby("design_id"):
        row = part.iloc[int(np.argmin(part["flip_value_factor"].to_numpy(dtype=float)))]
        pairs = {
            "launch_price_within_plan": (row["launch_usd_per_kg"], row["break_even_launch_usd_per_kg"]),
            "cost_within_plan": (row["cost_usd_per_kw"], row["worth_usd_per_kw"]),
            "value_of_compute": (mean, mean * row["flip_value_factor"]),
            "value_for_dark_chip": (_value_in_orbit(run), row["cost_usd_per_h100e_h"]),
        }
        found |= {(str(design), lever): (float(now), float(even)) for lever, (now, even) in pairs.items()}
    return found


def _value_in_orbit(run: Run) -> float:
    """Mean value of the classes that may go to orbit, by what they ask for at the start."""
    allowed = np.array([word == "yes" for word in run.texts("inputs.classes", "orbit")])
    asked = run.cube("inputs.demand", "start_kh100e").sum(axis=0) * allowed
    return float(asked @ run.vector("inputs.classes", "value_usd_per_h100e_h") / asked.sum()) if asked.sum() else float("nan")


def _whole_life(run: Run, fleet: Fleet, o: int) -> dict[str, Pair] | None:
    """None where the light of the last twelve months is in no vintage's service: that is physics, and not told."""

    def of(column: str) -> float:
        return float(run.vector("inputs.designs", column)[o])

    lag, life, last = int(of("commissioning_months")), max(1, round(12 * of("life_years"))), run.month_count - 1
    if last - 11 - lag < 0:
        return None
    age = np.arange(lag, lag + life) / 12.0
    lost, years = of("array_loss_frac_per_year"), of("life_years")
    mean_health = (1.0 - (1.0 - lost) ** years) / (years * lost) if lost else 1.0
    working = np.minimum(1.0, (1.0 - lost) ** age / mean_health) * (1.0 - of("loss_frac_per_year")) ** age
    service = run.cube("orbit_coefficients", "service_frac")[o]
    available = float(np.mean([service[t - lag, t] for t in range(last - 11, last + 1)])) / working[0]
    worth = (1.0 + of("rate_frac_per_year")) ** -age
    mwh = HOURS_OF_YEAR / 1e3 * available * float(working @ worth) / float(worth.sum()) * of("availability_frac")
    kg, build = float(kg_per_kw(run)[o].max()), of("build_usd_per_kg")
    build *= kg - of("it_kg_per_kw")
    yearly = build * of("maintenance_frac_per_year") + of("fixed_usd_per_kw_year")
    capital = float(worth.sum()) / 12.0 / (1.0 + of("insurance_frac"))
    planned = float(run.cube("inputs.launch_price", "usd_per_kg")[o, run.reported - 1])
    targets = _electricity(run) | _dark_chip(run, fleet, o)
    return {name: (planned, ((usd * mwh - yearly) * capital - build) / kg) for name, usd in targets.items()}


def _electricity(run: Run) -> dict[str, float]:
    """USD per MWh in which chips compute, of regions that buy electricity; and with a new hall."""
    usd = run.cube("inputs.power", "energy_usd_per_mwh")
    cheapest = np.where(usd > 0, usd, np.inf).min(axis=1, initial=np.inf)
    bought = np.isfinite(cheapest)
    if not bought.any():
        return {}
    wacc, life, shell, computes, pue = (
        run.vector("inputs.regions", column)[bought]
        for column in ("wacc_frac_per_year", "shell_life_years", "shell_usd_per_kw", "availability_frac", "pue")
    )
    price = cheapest[bought] * pue / computes
    month = (1.0 + wacc) ** (-1.0 / 12.0)  # paid at the start of each
    charge = np.where(wacc > 0, (1.0 - month) / (1.0 - month ** (12.0 * life)), 1.0 / (12.0 * life))
    hall = price + 12e3 * shell * charge / (HOURS_OF_YEAR * computes)
    names = ("electricity", "electricity_mean", "electricity_dearest", "electricity_and_hall")
    return dict(zip(names, map(float, (price.min(), price.mean(), price.max(), hall.min())), strict=True))


def _dark_chip(run: Run, fleet: Fleet, o: int) -> dict[str, float]:
    """What the newest chip that the design's country may launch could earn in orbit."""
    delivered: Array = run.cube("inputs.deliveries", "kunit")
    country = run.texts("inputs.designs", "country_iso2")[o]
    only, never = (run.texts("inputs.accelerators", f"{word}_countries") for word in ("only", "not"))
    chips = [
        (int(np.argmax(delivered[g] > 0)), float(fleet.h100e[g] / fleet.kw[g]))
        for g in range(len(delivered))
        if (delivered[g] > 0).any() and country not in listed(never[g]) and (not listed(only[g]) or country in listed(only[g]))
    ]
    value = _value_in_orbit(run)
    return {"dark_chip": 1e3 * value * max(chips)[1]} if chips and np.isfinite(value) else {}
