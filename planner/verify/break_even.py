"""Every break-even of orbit once more: within the plan from the table of launches, over the whole life from the inputs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

import numpy as np

from planner.verify.collector import Collector
from planner.verify.costs import recovery_per_month
from planner.verify.fleet import Fleet
from planner.verify.orbit import kg_per_kw
from planner.verify.run import Run, listed, records
from planner.verify.series import by_month, demand_of_zones
from planner.verify.verdict import Array

HOURS_OF_YEAR, LONGEST_YEARS = 8760.0, 200.0
NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
LIFE = "launch_price_"
PRICES = ("launch_usd_per_kg", "break_even_launch_usd_per_kg")
LIGHT = "not examined: the light of {designs}, of which no launch serves for twelve months; but it is one for all its rows"
_OF_LIFE = "Price of a launch in the last month at which a MWh of IT in orbit costs as much as "
_ALONE = "; one satellite over its whole life, without chips, traffic or chips lost in orbit."
_OF_LAUNCH = (
    "Price of the launch that pays first if all launch prices fall by one factor, at which it earns what it costs until the "
    "last month decided, at the plan's prices of compute; `planner crossover` changes every launch price and solves again."
)
_MAY_COST = (
    "What the launch that comes closest to paying may cost: what its service is worth, less what its chip is worth elsewhere."
)


def _life(compared_with: str) -> tuple[str, str, str, str]:
    return "launch price", "USD per kg", "whole life", f"{_OF_LIFE}{compared_with}{_ALONE}"


WORDS: Mapping[str, tuple[str, str, str, str]] = {
    "launch_price_within_plan": ("launch price", "USD per kg", "within the plan", _OF_LAUNCH),
    "cost_within_plan": (
        "cost of a launch",
        "USD per kW",
        "within the plan",
        _MAY_COST,
    ),
    "value_of_compute": (
        "value of compute",
        "USD per H100e-hour",
        "within the plan",
        "Mean value of the classes of work at which the same launch pays, if all values rise by one factor.",
    ),
    "value_for_dark_chip": (
        "value of work in orbit",
        "USD per H100e-hour",
        "within the plan",
        "Value of each H100e-hour served in orbit at which the same launch pays with a chip that would else be dark.",
    ),
    f"{LIFE}electricity": _life("electricity with PUE where it is cheapest on Earth"),
    f"{LIFE}electricity_mean": _life("electricity with PUE in the mean of the regions"),
    f"{LIFE}electricity_dearest": _life("electricity with PUE where it is dearest on Earth"),
    f"{LIFE}electricity_and_hall": _life("electricity and a new hall where they are cheapest"),
    f"{LIFE}dark_chip": _life("a chip left dark could earn there"),
}
"""By lever: what must change, unit, over which time it is counted, definition."""


class Row(NamedTuple):
    """What a row must hold; any of the words in ``against``, which differ where two regions are the cheapest."""

    planned: float
    even: float
    month: str
    against: tuple[str, ...]


class Target(NamedTuple):
    """What a MWh of IT in orbit is compared with."""

    usd_per_mwh: float
    words: tuple[str, ...]


def check_break_even(checks: Collector, fleet: Fleet) -> None:
    """Each row follows from other tables and the inputs, and none is missing."""
    run, frame = checks.run, checks.run.table("orbit_break_even")
    stated = {row: number for number, row in enumerate(records(frame, ("design_id", "lever")))}
    written = {c: frame[c].to_numpy(dtype=float) for c in ("planned", "break_even", "of_planned_frac")}
    known, unseen = _within_plan(run), list[str]()
    for o, design in enumerate(run.axes["design_id"]):
        targets = {f"{LIFE}{name}": target for name, target in {**_electricity(run), **_dark_chip(run, fleet, o)}.items()}
        even = {lever: written["break_even"][stated[design, lever]] for lever in targets if (design, lever) in stated}
        found, examined = _whole_life(run, o, targets, even)
        known |= {(design, lever): row for lever, row in found.items()}
        unseen += [] if examined else [design]
    for row in (*known.keys() - stated.keys(), *stated.keys() - known.keys()):
        checks.fail("orbit_break_even", f"orbit_break_even has {'no' if row in known else 'a strange'} row {' / '.join(row)}")
    if unseen:
        checks.add("orbit_break_even.life", True, LIGHT.format(designs=", ".join(unseen)))
    rows = [row for row in stated if row in known]
    planned, even_at = np.array([known[row][:2] for row in rows], dtype=float).reshape(-1, 2).T
    names = ([" / ".join(row) for row in rows],)
    factor = np.divide(even_at, planned, out=np.full(even_at.shape, np.nan), where=(even_at >= 0) & (planned > 0))
    for column, derived in (("planned", planned), ("break_even", even_at), ("of_planned_frac", factor)):
        there = written[column][[stated[row] for row in rows]]
        law = "break-evens of orbit follow from its launches and the inputs"
        checks.same(f"orbit_break_even.{column}", there, derived, names, "", law)
    _check_words(checks, known)


def _check_words(checks: Collector, known: dict[tuple[str, str], Row]) -> None:
    """Each row says what its number means and what it was compared with."""
    columns = ("design_id", "lever", "changes", "unit", "counted_over", "definition", "launched_in", "compared_with")
    for number, (design, lever, *told, against) in enumerate(records(checks.run.table("orbit_break_even"), columns)):
        if (row := known.get((design, lever))) is None:
            continue
        for column, word, right in zip(columns[2:7], told, (*WORDS[lever], row.month), strict=True):
            if word != right:
                checks.fail(f"orbit_break_even.{column}", f"row {number + 2}: {column} is {word!r}, expected {right!r}")
        if not any(same_but_for_digits(against, words) for words in row.against):
            expected = " or ".join(map(repr, row.against))
            checks.fail("orbit_break_even.compared_with", f"row {number + 2}: {against!r}, expected {expected}")


def same_but_for_digits(written: str, exact: str) -> bool:
    """Whether two texts agree if each number of ``exact`` is rounded to the digits that ``written`` gives it."""
    if NUMBER.sub("#", written) != NUMBER.sub("#", exact):
        return False
    for one, other in zip(NUMBER.findall(written), NUMBER.findall(exact), strict=True):
        shown, value = (float(text.replace(",", "")) for text in (one, other))
        if abs(shown - value) > 0.5 * 10.0 ** -len(one.partition(".")[2]) + 1e-9 * abs(value):
            return False
    return True


def _within_plan(run: Run) -> dict[tuple[str, str], Row]:
    """Of each design's launch that comes closest to paying; the launch price, of the one that needs the smallest fall."""
    entry = run.table("entry")
    serving = entry[entry["cost_usd_per_h100e_h"].notna() & entry["flip_value_factor"].notna()]
    mean = float(by_month(run, "inputs.classes", "value_usd_per_h100e_h")[:, : run.reported].mean())
    chips = dict(zip(run.axes["generation_id"], _names(run, "accelerators", "generation_id"), strict=True))
    found: dict[tuple[str, str], Row] = {}
    for design, part in serving.groupby("design_id"):
        row = part.iloc[int(np.argmin(part["flip_value_factor"].to_numpy(dtype=float)))]
        price, even = (part[name].to_numpy(dtype=float) for name in PRICES)
        share = np.divide(even, price, out=np.full(len(part), -np.inf), where=(price > 0) & ~np.isnan(even))
        first = part.iloc[int(np.argmax(share))]
        chip, first_chip = (chips[str(each["generation_id"])] for each in (row, first))
        worth = "what {} earns in orbit, less what it is worth elsewhere in the plan"
        cost = row["cost_usd_per_h100e_h"]
        rows = {
            "launch_price_within_plan": (first, *first[list(PRICES)], worth.format(first_chip)),
            "cost_within_plan": (row, row["cost_usd_per_kw"], row["worth_usd_per_kw"], worth.format(chip)),
            "value_of_compute": (row, mean, mean * row["flip_value_factor"], "mean value of all classes"),
            "value_for_dark_chip": (row, _value_in_orbit(run), cost, "mean value of the work that orbit may serve"),
        }
        for lever, (launch, now, pays, words) in rows.items():
            found[str(design), lever] = Row(float(now), float(pays), str(launch["month"]), (words,))
    return found


def _value_in_orbit(run: Run) -> float:
    """Mean value of the classes that may go to orbit, by what they ask for at the start."""
    allowed = np.array([word == "yes" for word in run.texts("inputs.classes", "orbit")])
    asked = demand_of_zones(run)[:, :, 0].sum(axis=0) * allowed
    value = by_month(run, "inputs.classes", "value_usd_per_h100e_h")[:, 0]
    return float(asked @ value / asked.sum()) if asked.sum() else float("nan")


def _whole_life(run: Run, o: int, targets: dict[str, Target], even: dict[str, float]) -> tuple[dict[str, Row], bool]:
    """Rows of a design, and whether its light was examined.

    The light of the last twelve months is physics, and told only where a launch serves in them: else what the rows ``even``
    say of it, which must be one and the same for all of them."""

    def of(column: str, most: float = np.inf) -> np.float64:
        """Of numpy, which divides by zero too: what an absurd input makes infinite fails its check."""
        return np.float64(min(run.vector("inputs.designs", column)[o], most))

    years, last = of("life_years", LONGEST_YEARS), run.month_count - 1
    lag, life = int(of("commissioning_months", 12 * LONGEST_YEARS)), max(1, round(12 * years))
    age, lost = np.arange(lag, lag + life) / 12.0, of("array_loss_frac_per_year")
    mean_health = (1.0 - (1.0 - lost) ** years) / (years * lost) if lost else 1.0
    working = np.minimum(1.0, (1.0 - lost) ** age / mean_health) * (1.0 - of("loss_frac_per_year")) ** age
    worth = (1.0 + of("rate_frac_per_year")) ** -age
    kg, build = np.float64(kg_per_kw(run)[o].max()), of("build_usd_per_kg")
    build *= kg - of("it_kg_per_kw")
    yearly = build * of("maintenance_frac_per_year") + of("fixed_usd_per_kw_year")
    capital = worth.sum() / 12.0 / (1.0 + of("insurance_frac"))
    examined = last - 11 - lag >= 0
    if examined:
        service = run.of_vintages("service_frac")[o]
        available = np.mean([service[t - lag, t] for t in range(last - 11, last + 1)]) / working[0]
        mwh = HOURS_OF_YEAR / 1e3 * available * (working @ worth) / worth.sum() * of("availability_frac")
    else:
        light = [((kg * even[lever] + build) / capital + yearly) / np.float64(targets[lever].usd_per_mwh) for lever in even]
        mwh = np.median(light) if light else np.float64(0.0)
    planned, month = float(run.cube("inputs.launch_price", "usd_per_kg")[o, run.reported - 1]), run.months[run.reported - 1]

    def at(usd: float) -> float:
        return float(((usd * mwh - yearly) * capital - build) / kg)

    return {lever: Row(planned, at(usd), month, words) for lever, (usd, words) in targets.items()}, examined


def _electricity(run: Run) -> dict[str, Target]:
    """Of regions that buy electricity, for a MWh in which chips compute; and with a new hall."""
    usd = by_month(run, "inputs.power", "energy_usd_per_mwh", "energy_growth_frac_per_year")[:, :, 0]
    cheapest = np.where(usd > 0, usd, np.inf).min(axis=1, initial=np.inf)
    bought = np.isfinite(cheapest)
    if not bought.any():
        return {}
    of_hall = ("wacc_frac_per_year", "shell_life_years", "shell_usd_per_kw")
    wacc, life, shell = (run.vector("inputs.regions", column)[bought] for column in of_hall)
    computes, pue = (by_month(run, "inputs.regions", column)[bought, 0] for column in ("availability_frac", "pue"))
    price = cheapest[bought] * pue / computes
    hall = price + 12e3 * shell * recovery_per_month(wacc, life) / (HOURS_OF_YEAR * computes)
    regions = [name for name, buys in zip(_names(run, "regions", "region_id"), bought, strict=True) if buys]

    def where(usd: Array, extreme: float, words: str) -> Target:
        near = np.flatnonzero(np.abs(usd - extreme) <= 1e-9 * extreme)
        return _target(extreme, (words.format(region=regions[r]) for r in near))

    mean = float(price.mean())
    return {
        "electricity": where(price, float(price.min()), "electricity with PUE in {region}"),
        "electricity_mean": _target(mean, ("electricity with PUE in the mean of the regions",)),
        "electricity_dearest": where(price, float(price.max()), "electricity with PUE in {region}, the dearest"),
        "electricity_and_hall": where(hall, float(hall.min()), "electricity with PUE and a new hall in {region}"),
    }


def _dark_chip(run: Run, fleet: Fleet, o: int) -> dict[str, Target]:
    """What the newest chip that the design's country may launch could earn in orbit."""
    delivered: Array = run.cube("inputs.deliveries", "kunit")
    country = run.texts("inputs.designs", "country_iso2")[o]
    only, never = (run.texts("inputs.accelerators", f"{word}_countries") for word in ("only", "not"))
    names = _names(run, "accelerators", "generation_id")
    chips = [
        (int(np.argmax(delivered[g] > 0)), float(fleet.h100e[g] / fleet.kw[g]), generation, names[g])
        for g, generation in enumerate(run.axes["generation_id"])
        if (delivered[g] > 0).any() and country not in listed(never[g]) and (not listed(only[g]) or country in listed(only[g]))
    ]
    value = _value_in_orbit(run)
    if not chips or not np.isfinite(value):
        return {}
    _, h100e_per_kw, _, chip = max(chips)
    words = f"{chip} left dark, at {value:.12f} USD per H100e-hour and {h100e_per_kw:.12f} H100e per kW"
    return {"dark_chip": _target(1e3 * value * h100e_per_kw, (words,))}


def _target(usd_per_mwh: float, words: Iterable[str]) -> Target:
    return Target(usd_per_mwh, tuple(f"{basis}: {usd_per_mwh:.9f} USD per MWh of IT" for basis in words))


def _names(run: Run, table: str, key: str) -> list[str]:
    """What people call the rows of an input table; the id where they have no name."""
    return [name or identity for name, identity in records(run.table(f"inputs.{table}"), ("name", key))]
