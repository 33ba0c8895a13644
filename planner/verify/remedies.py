"""The table of remedies, once more: what each saves from the table of limits, what it costs from the inputs."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import numpy as np
import pandas as pd

from planner.verify.assets import Assets
from planner.verify.case import Case
from planner.verify.collector import Collector
from planner.verify.duals import Duals
from planner.verify.limits import positions_of
from planner.verify.program import Program
from planner.verify.run import Run, records
from planner.verify.verdict import Array

PRICED = {
    "limit_power_growth": ("inputs.power", "speed_up_usd_per_mw", ("region_id", "option_id")),
    "limit_shell_growth": ("inputs.regions", "shell_speed_up_usd_per_mw", ("region_id",)),
    "limit_technology_supply": ("inputs.supply", "speed_up_usd_per_mw", ("option_id",)),
}
"""Limits whose speeding up may have a price: table, column and keys that hold it."""

SOLE = ("limit_power_growth", "limit_shell_growth")
"""Limits that let one decision grow alone."""

REQUIREMENTS = ("keep_", "require_")
"""How the names of requirements begin, which nobody relieves by building more."""

UNITS = {
    "limit_power_growth": "MW connected",
    "limit_national_growth": "MW of grid in a plan year",
    "limit_technology_supply": "MW delivered",
    "limit_shell_growth": "MW of hall",
    "limit_launch_mass": "tonne",
    "limit_satellite_factory": "MW of satellites",
    **dict.fromkeys(("limit_downlink", "limit_network", "limit_route"), "Gbit/s for a month"),
    "limit_chip_moves": "MW of chips moved",
    "keep_service": "thousand H100e less to keep up",
    "limit_carbon": "tonne of CO2",
    "limit_budget": "million USD of budget",
    "limit_share": "thousand H100e allowed",
}
"""One unit of each limit that has remedies, in words."""

Words = tuple[list[str]]


def check_remedies(checks: Collector, program: Program, duals: Duals | None, own: Collection[str]) -> None:
    """Every limit with a price has a remedy; what it costs and saves, and which chips it powers, follow from inputs and prices.

    Mode `energy` has none. ``own``: limits of the user's own, of which it is not known whether they are requirements, which
    have no remedies; where one has a price, nothing says what decisions pay to it, and so which of them would grow."""
    case = program.case
    run, frame = case.run, case.run.table("remedies")
    repeated = [row.name for row in program.rows.values() if row.repeats]
    keys = records(frame, ("constraint", "where"))
    words = ([" / ".join(filter(None, key)) for key in keys],)
    limits = run.table("limits")
    limits = limits[limits["month"].isin(run.months[: run.reported])]  # others are findings of the table of limits
    limits = limits[(limits["constraint"] != "limit_power_growth") | (limits["limit"] > 0)]  # not what comes with orders alone
    priced = set(records(limits, ("constraint", "where")))
    due = {key for key in priced if run.by_value and key[0] not in (*repeated, *own) and not key[0].startswith(REQUIREMENTS)}
    wrong = (due - set(keys)) | (set(keys) - priced)
    if wrong:
        text = "limits and remedies do not speak of the same limits"
        checks.fail("remedies.where", text, " / ".join(filter(None, min(wrong))))
        return
    numbers = [name for name in frame.columns if name.endswith(("musd", "kh100e", "frac", "amount"))]
    told = {name: frame[name].to_numpy(dtype=float) for name in numbers}
    stated = {name: np.nan_to_num(values) for name, values in told.items()}
    by_key = dict(tuple(limits.groupby(["constraint", "where"])))
    rows = [by_key[key] for key in keys]
    months = [sorted(part["month"]) for part in rows]
    for name, number in (("from_month", 0), ("to_month", -1)):
        if [str(month) for month in frame[name]] != [str(part[number]) for part in months]:
            checks.fail(f"remedies.{name}", "a remedy holds from the first to the last month in which its limit has a price")
    law = "what a remedy saves above its own cost = price x amount, discounted"
    worth = np.array([_worth(case, part) for part in rows]) * told["amount"]
    checks.same("remedies.saves_musd", told["saves_musd"], stated["own_musd"] + worth, words, "million USD", law)
    cost = told["own_musd"] + stated["speed_up_musd"]
    checks.same("remedies.cost_musd", told["cost_musd"], cost, words, "million USD", "cost = own cost and speeding up")
    net = told["saves_musd"] - stated["cost_musd"]
    checks.same("remedies.net_musd", told["net_musd"], net, words, "million USD", "net = saved less cost")
    _check_speeding_up(checks, case, keys, rows, told)
    known = told | _derived(program, duals if duals is not None and not duals.priced else {}, keys, months, told)
    for name, unit in (("own_musd", "million USD"), ("capital_musd", "million USD"), ("powered_kh100e", "kH100e")):
        checks.same(f"remedies.{name}", told[name], known[name], words, unit, f"{name} follows from inputs and prices")
    share = known["powered_kh100e"] / _waiting_kh100e(run, [part[0] for part in months])
    law = "share = chips powered / chips dark or retired early"
    checks.same("remedies.powered_frac", told["powered_frac"], share, words, "", law)
    _check_rates(checks, known, [(run.reported - run.month_index(part[0])) / 12 for part in months], told, words)
    for name, unit in zip([constraint for constraint, _ in keys], frame["unit"], strict=True):
        if unit != UNITS.get(name, unit):
            checks.fail("remedies.unit", f"remedies gives {name} in {unit!r}, it is in {UNITS[name]!r}")


def _check_rates(
    checks: Collector, known: Mapping[str, Array], years: Sequence[float], told: Mapping[str, Array], words: Words
) -> None:
    """Chips per dollar, and the most that speeding up may cost: no more than a remedy saves above its cost, nor than the next
    best remedy with a stated price costs for the same chips."""
    own, stated = known["own_musd"], known["speed_up_musd"]
    cost, powered = own + np.nan_to_num(stated), 1e3 * known["powered_kh100e"] * np.array(years)
    rate = np.where(powered > 0.0, np.inf, 0.0 * (cost + powered))
    np.divide(powered, cost, out=rate, where=cost > 0.0)
    written = np.where(np.isinf(rate), np.nan, rate)
    law = "chips per dollar = chips powered x years / cost"
    checks.same("remedies.h100e_years_per_musd", told["h100e_years_per_musd"], written, words, "H100e", law)
    net = told["saves_musd"] - np.nan_to_num(cost)
    best = np.nan_to_num(rate, nan=0.0, posinf=np.inf)[~np.isnan(stated) & (net > 0.0)].max(initial=0.0)
    most = np.fmin(net, powered / best - own) if 0.0 < best < np.inf else net
    most = np.where(np.isnan(stated), np.maximum(0.0, most), np.nan)
    law = "speeding up may cost what a remedy saves above its cost, or what the next best would cost"
    checks.same("remedies.most_musd", told["most_musd"], most, words, "million USD", law)


def _derived(
    program: Program,
    duals: Mapping[str, Array],
    keys: Sequence[tuple[str, ...]],
    months: Sequence[Sequence[str]],
    told: Mapping[str, Array],
) -> dict[str, Array]:
    """Own cost, capital and chips powered of each remedy; NaN where no decision would grow in each of its months.

    Without ``duals`` chips are as told, and so is all of a limit that lets one of several decisions grow."""
    assets, position = Assets(program, duals), positions_of(program)
    found = {name: told[name].copy() for name in ("own_musd", "capital_musd", "powered_kh100e")}
    for number, (constraint, where) in enumerate(keys):
        if not duals and constraint not in SOLE:
            continue
        part, amount = months[number], told["amount"][number]
        places = [position((constraint, where, month)) for month in part]
        users = [each for place in places if place is not None and (each := assets.marginal(constraint, place)) is not None]
        whole = len(users) == len(part)
        for name, usd in (("own_musd", assets.own), ("capital_musd", assets.capital)):
            musd = sum(amount / user.units * float(usd[user.variable][user.at]) for user, _ in users)
            found[name][number] = musd if whole else np.nan
        if duals:
            shared = [(user, frac * amount / user.units) for user, frac in users]
            powered = assets.powered_kh100e(shared, assets.run.month_index(part[0])) if whole else np.nan
            found["powered_kh100e"][number] = powered
    return found


def _waiting_kh100e(run: Run, first: Sequence[str]) -> Array:
    """Chips dark or retired early, mean from each month to the last that is reported; NaN where no chip waits."""
    kunit = run.cube("chips", "dark_kunit") + run.cube("chips", "displaced_kunit")
    waiting = (run.vector("inputs.accelerators", "h100e_per_unit") @ kunit)[: run.reported]
    means = np.array([waiting[run.month_index(month) :].mean() for month in first])
    return np.where(means > 0.0, means, np.nan)


def _worth(case: Case, rows: pd.DataFrame) -> float:
    """What one more unit in each month of a limit is worth, million USD, discounted."""
    when = [case.run.month_index(month) for month in rows["month"]]
    return float(rows["worth_usd"].to_numpy(dtype=float) @ case.run.discount[when]) / 1e6


def _check_speeding_up(
    checks: Collector, case: Case, keys: list[tuple[str, ...]], rows: list[pd.DataFrame], told: dict[str, Array]
) -> None:
    """Speeding up costs its stated price in each month, and is empty without one."""
    derived = np.full(len(keys), np.nan)
    for number, ((constraint, where), part) in enumerate(zip(keys, rows, strict=True)):
        if constraint in PRICED and not np.isnan(told["own_musd"][number]):
            when = [case.run.month_index(month) for month in part["month"]]
            derived[number] = told["amount"][number] * _stated(case, constraint, where.split(" / "), when)
    words = ([" / ".join(filter(None, key)) for key in keys],)
    law = "speeding up costs its stated price, month by month"
    checks.same("remedies.speed_up_musd", told["speed_up_musd"], derived, words, "million USD", law)


def _stated(case: Case, constraint: str, ids: list[str], when: list[int]) -> float:
    """The stated price of one MW more in each of these months, million USD, discounted; NaN where one is not stated."""
    run = case.run
    table, column, names = PRICED[constraint]
    usd = run.cube(table, column, np.nan)[tuple(run.axes[name].index(each) for name, each in zip(names, ids, strict=True))]
    return float((np.broadcast_to(usd, run.month_count)[when] * run.discount[when]).sum()) / 1e6
